"""Resource types: what is written is read, in the types of the schema."""
