"""Word lists that ship with the package, written for it."""
