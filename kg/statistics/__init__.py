"""Effect-size mathematics: scales, checks of what is printed, and what follows from it."""
