"""Companions: other services on the same port, and what SageMaker asks of them."""
