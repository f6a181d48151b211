"""What is kept in a directory survives any end of the process that keeps it there."""
