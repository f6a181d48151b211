"""The operations that are no verb of a kind, by topic; they know the engine, and no way in."""
