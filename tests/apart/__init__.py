"""Libraries that pin others, or bring more than we want: `make apart` runs these in an environment of their own."""
