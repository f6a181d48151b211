"""What a client sees, topic by topic: boto3 over a real socket, the clock in the test's hand."""
