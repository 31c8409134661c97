"""Meta-analysis of what the graph holds: which effects are comparable, what they say together."""
