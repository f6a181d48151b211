"""Knows CloudFormation's resource types: their schemas, and their handlers; not who asks, a request or a stack."""
