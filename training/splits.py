"""Which documents are held out. Every script that trains on the silver documents uses this."""

from kg.evaluation.sets import is_held_out as is_dev

__all__ = ["is_dev"]
