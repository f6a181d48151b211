"""Knows moto, which serves AWS's other services where it is installed; it does not know what SageMaker has."""
