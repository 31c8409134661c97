"""A scorer for each kind of annotated set, in the shape of `kg.evaluation.scores.Scorer`."""
