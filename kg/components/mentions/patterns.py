"""The names under which mentions are kept on a ``Doc``, and what other models call them."""

from __future__ import annotations

from typing import Final

SPANS: Final = "mentions"

#: Entity labels of scispaCy's and spaCy's models that say what we call a condition and so on.
FOREIGN_LABELS: Final = {"CHEMICAL": "intervention", "DISEASE": "condition"}
