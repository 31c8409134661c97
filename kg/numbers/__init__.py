"""The number grammar: text → numbers with everything printed beside them, by offsets.

The line through this folder::

    text → charmap → atoms → grammar (pieces, attach) → lists, context → estimates → Statistic

It knows nothing of spaCy, documents or studies.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

from kg.numbers.statistic import DoseReading, NumberNotice, NumbersRead, Statistic

__all__ = ["DoseReading", "NumberNotice", "NumbersRead", "Statistic", "read_numbers"]


def read_numbers(text: str) -> NumbersRead:
    """Read all statistics, doses and regimens of a text.

    Parameters
    ----------
    text
        Any text; offsets in the result are code points of it.

    Returns
    -------
    NumbersRead
        Left to right. A number inside a dose is no statistic unless an interval, a spread or a p
        value stands with it.
    """
    from kg.numbers.atoms import read_atoms  # whoever needs the types alone compiles no grammar
    from kg.numbers.dose_measured import without_measured
    from kg.numbers.doses import find_doses
    from kg.numbers.estimates import find_statistics
    from kg.numbers.given import find_regimens

    atoms = read_atoms(text)
    statistics, notices = find_statistics(text, atoms)
    doses = without_measured(text, find_doses(text, atoms))
    doses = _without_shares(doses, statistics)
    taken = sorted((d.start_char, d.end_char) for d in doses)
    kept = [_told_of_dose(s) if _covered(s, taken) else s for s in statistics]
    kept = [s for s in kept if not (_plain(s) and _covered(s, taken))]
    return NumbersRead(tuple(kept), tuple(doses), tuple(notices), tuple(find_regimens(text, doses)))


def _without_shares(doses: list[DoseReading], statistics: list[Statistic]) -> list[DoseReading]:
    """Return doses without shares that are set against others: "(3.3% combination vs 4.2% exemestane)"."""
    taken = sorted((d.start_char, d.end_char) for d in doses)
    listed = [s for s in statistics if s.unit == "%" and s.pairing == "vs"]
    shares = {s.group for s in listed if not _covered(s, taken)}
    found = sorted(s.value_start or 0 for s in listed if s.group in shares)
    return [
        d for d in doses
        if d.unit != "%" or bisect_left(found, d.start_char) == bisect_left(found, d.end_char)
    ]  # fmt: skip


def _told_of_dose(statistic: Statistic) -> Statistic:
    """Return the p value alone of "to lansoprazole 15 mg (P < 0.001)": no result is the dose."""
    measured = statistic.measure is not None or statistic.pairing == "vs"
    if measured or statistic.ci_low is not None or statistic.p_start is None:
        return statistic
    return replace(
        statistic, start_char=statistic.p_start, end_char=statistic.p_end or statistic.end_char,
        measure=None, measure_start=None, measure_end=None, value=None, value_start=None,
        value_end=None, printed_value=None, unit=None, group=None, position=0, pairing=None,
    )  # fmt: skip


def _plain(statistic: Statistic) -> bool:
    return statistic.ci_low is None and statistic.p_value is None and statistic.sd is None


def _covered(statistic: Statistic, taken: list[tuple[int, int]]) -> bool:
    at = bisect_right(taken, (statistic.value_start or 0, 1 << 60)) - 1
    return at >= 0 and statistic.value_end is not None and statistic.value_end <= taken[at][1]
