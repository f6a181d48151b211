"""Stacks of CloudFormation: templates, what becomes of them, and what clients see of it."""
