"""Knows where single types depart from the rule, one file each; it does not know how a handler does its work."""
