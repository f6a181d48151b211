"""The pytest plugin, tried in projects of their own."""
