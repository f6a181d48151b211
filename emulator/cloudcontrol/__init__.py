"""Knows the life of Cloud Control's requests, on any resource type; it does not know a type, nor how calls come in."""
