"""Scoring a build against pages that a person has annotated."""

from kg.evaluation.pages import Evaluation, Miss, PageScore, evaluate_pages

__all__ = ["Evaluation", "Miss", "PageScore", "evaluate_pages"]
