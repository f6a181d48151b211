"""What holds for every input that hypothesis thinks of."""
