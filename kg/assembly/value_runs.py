"""Values of a list that nothing but a comma or an "and" parts: those of one group of people."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.assembly.context import Context

#: Between two values of a run.
_PURE = re.compile(r"\s*(?:,|[,\s]\s*(?:and|or|&)\s)\s*")


def split_runs(context: Context, members: Sequence[int]) -> list[list[int]]:
    """Return the values of a list, parted where more stands between two.

    "12 and 71 with A and 15 and 74 with B" has two runs of two.
    """
    statistics, text = context.statistics, context.reading.view.text
    runs: list[list[int]] = []
    for k in members:
        gap = text[statistics[runs[-1][-1]].end_char : statistics[k].start_char] if runs else ""
        if runs and _PURE.fullmatch(gap):
            runs[-1].append(k)
        else:
            runs.append([k])
    return runs
