"""What is written about the emulator is true: examples run, links lead somewhere, nothing is left out."""
