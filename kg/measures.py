"""What measures are of: one group of people, or two that are compared."""

from __future__ import annotations

#: Measures of one group; what they say of an effect only a second group tells.
GROUP_MEASURES = frozenset({"mean", "median", "percent", "count", "rate"})
