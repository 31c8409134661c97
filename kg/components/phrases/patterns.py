"""The names under which phrases and parts of speech are kept on a ``Doc``."""

from __future__ import annotations

SPANS = "phrases"
LABEL = "NP"
