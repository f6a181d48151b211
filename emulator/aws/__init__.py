"""What AWS says: the service model, the wire, constraints, errors and ARNs; it knows no resource."""
