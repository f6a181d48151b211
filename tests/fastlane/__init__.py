"""The fast lane: the same results and the same exceptions as by the wire."""
