"""Scoring a build against texts that people have annotated."""

from kg.evaluation.scores import DocumentScore, Evaluation, Miss
from kg.evaluation.sets import SETS, AnnotatedSet, evaluate_pages

__all__ = ["SETS", "AnnotatedSet", "DocumentScore", "Evaluation", "Miss", "evaluate_pages"]
