"""What SageMaker has: its kinds, as data, and the operations that are no verb of a kind; it knows no way in."""
