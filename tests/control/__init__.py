"""The control surface: one set of words, three handles."""
