"""How any resource lives: identity, lifecycle, lists, versions, tags; it knows no service."""
