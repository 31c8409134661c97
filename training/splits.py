"""Which documents are held out. Every script that trains on the silver documents uses this."""

from __future__ import annotations

import hashlib

#: A fifth of the documents: first bytes below 51 of 256.
HELD_OUT_BELOW = 51


def is_dev(document: str) -> bool:
    """Tell whether a silver document (by its file name) is held out of training.

    Examples
    --------
    >>> is_dev("PMC5391230.txt")
    True
    """
    return hashlib.sha256(document.encode("utf-8")).digest()[0] < HELD_OUT_BELOW
