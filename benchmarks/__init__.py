"""Knows how the emulator is measured beside its peers and its floors; it asserts nothing."""
