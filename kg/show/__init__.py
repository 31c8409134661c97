"""A document with what was read from it, for a terminal and for a browser."""
