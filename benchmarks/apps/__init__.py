"""Knows the floor that servers are measured against: the least that an application can do."""
