"""The ways in: HTTP and the command line; each ends in Emulator.answer and knows nothing of what happens there."""
