"""A limit of time for splitting a file into its documents, which the build does in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import Any, BinaryIO

from kg.readers.members import Damaged, Member, Refusal


class Timed:
    """An open file that is not read on when its next document takes too long to find.

    Parameters
    ----------
    stream
        The file.
    limit_s
        Wall-clock seconds for each document. What is done with a document does not count.
    """

    def __init__(self, stream: BinaryIO, limit_s: float) -> None:
        self._stream, self._limit_s = stream, limit_s
        self._since = monotonic()
        self._last = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read(self, size: int = -1) -> bytes:
        """Read from the file.

        Raises
        ------
        Damaged
            If the time is up.
        """
        if monotonic() - self._since > self._limit_s:
            raise Damaged(
                f"took longer than {self._limit_s:g} seconds to find the next document; "
                "split the file, or allow more with --timeout",
                f"after {self._last}" if self._last else None,
            )
        return self._stream.read(size)

    def watch(self, members: Iterator[Member | Refusal]) -> Iterator[Member | Refusal]:
        """Yield members that are split from this file, and begin to count anew with each."""
        while True:
            self._since = monotonic()
            member = next(members, None)
            if member is None:
                return
            self._last = member.name or self._last
            yield member
