"""The tests: real clients over a real socket where users have them, the engine on a made-up service."""
