"""Which documents are held out. Every script that trains on the silver documents uses this."""

from functools import cache

from kg.evaluation.sets import is_held_out
from training.readings import readings

__all__ = ["is_dev"]


def is_dev(name: str) -> bool:
    """Tell whether a document is held out: by its name, unless it is a reading to learn from that says otherwise."""
    return is_held_out(name) and name not in _learnt()


@cache
def _learnt() -> frozenset[str]:
    return frozenset(reading["doc"] for reading in readings() if reading.get("learnt"))
