"""Knows stacks: templates, change sets, deployments, drift, on any resource type; it does not know a type, nor XML."""
