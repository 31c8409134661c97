"""Whether work on a text grows with the text's length alone."""

from __future__ import annotations

import time
from collections.abc import Callable

#: What a machine that does other things too may add, and the least time that is worth comparing.
SLACK, LEAST = 6, 0.002


def grows_with_length(work: Callable[[str], object], short: str, long: str) -> bool:
    """Tell whether a long text takes as much longer as it is longer; one quiet try of three is enough."""

    def seconds(text: str) -> float:
        start = time.process_time()  # what other processes do does not count
        work(text)
        return time.process_time() - start

    limit = SLACK * len(long) / len(short) * max(seconds(short), LEAST)
    return any(seconds(long) < limit for _ in range(3))
