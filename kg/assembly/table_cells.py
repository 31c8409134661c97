"""What a table cell's digits are: events with a percentage, a mean with its spread, a median.

The form ("12 (24.0)", "3.1 ± 0.4", "5 [2–9]") leaves open what the second number is; the heads, the
row's label, the notes below the table and, for counts, arithmetic decide, in this order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.assembly.table_grid import StatisticKind
from kg.numbers.statistic import Statistic
from kg.records import Measure

_LONGEST = 120  # characters: a longer cell holds more than a number
_SIGN = r"[-−–‒﹣]?"
_DIGITS = r"(?:\d{1,3}(?:[,  ]\d{3})+(?:[.·]\d+)?|\d+(?:[.·]\d+)?|[.·]\d+)"
_N = rf"{_SIGN}\s?{_DIGITS}"
#: Marks of notes, each taken in one way only: "*", "†a", "*^a,b^".
_MARKS = r"(?:\s*+(?:\^[^\^]{1,4}\^|(?:[*†‡§¶#]|\^(?![^\^]{1,4}\^))++\w{0,2}\^?)){0,5}"
_SPREAD = re.compile(
    rf"\s*+(?P<a>{_N})\s*+%?\s*+(?:±|\+/?-|\+/−|\\pm)\s*+(?P<b>{_DIGITS})\s*+%?{_MARKS}\s*+"
)
_BRACKET = re.compile(
    rf"\s*+(?P<a>{_N})\s*+(?P<ap>%?)\s*+[(\[]\s*+(?:±\s*+)?(?P<b>{_N})\s*+(?P<bp>%?)\s*+[)\]]\s*+%?{_MARKS}\s*+"
)
_PAIR = re.compile(
    rf"\s*+(?P<a>{_N})\s*+%?\s*+[(\[]\s*+(?:95\s?%\s*+CI:?\s*+|IQR:?\s*+|range:?\s*+)?(?P<b>{_N})\s*+(?:,|;|to|-|–|—|--|−|‒)\s*+(?P<c>{_N})\s*+%?\s*+[)\]]{_MARKS}\s*+",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    rf"\s*+(?P<a>\d+)\s*+/\s*+(?P<b>\d+)\s*+(?:[(\[,;]?\s*+(?P<c>{_DIGITS})\s*+%?\s*+[)\]]?)?{_MARKS}\s*+"
)
_PLAIN = re.compile(
    rf"\s*+(?P<o>[(\[])?\s*+(?P<a>{_N})\s*+(?P<p>%?)\s*+(?:\(\s*+n\s*+\))?{_MARKS}\s*+(?(o)[)\]])\s*+%?\s*+"
)

#: Counts of two kinds of people beside one another, in small letters: "sex (M/F)", "yes/no".
_OPPOSED = re.compile(
    r"\b(?:m\s?/\s?f|f\s?/\s?m|(?:fe)?males?\s?/\s?(?:fe)?males?|(?:wo)?men\s?/\s?(?:wo)?men|boys?\s?/\s?girls?|girls?\s?/\s?boys?|yes\s?/\s?no|no\s?/\s?yes)\b"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A cell as a statistic in view offsets, and the measure it is a value of."""

    statistic: Statistic
    measure: Measure
    part: StatisticKind | None = None  # a column of its own: a spread or a share

    def joined(self, other: Number) -> Number:
        """Return this number with what another column of its arm adds: SD to mean, percent to count."""
        mine, theirs = self, other
        if mine.part is not None and theirs.part is None:
            mine, theirs = other, self
        s, t = mine.statistic, theirs.statistic
        start, end = min(s.start_char, t.start_char), max(s.end_char, t.end_char)
        if theirs.part == "sd" and s.sd is None and s.events is None:
            return replace(mine, statistic=replace(s, sd=t.value, start_char=start, end_char=end))
        if theirs.part == "se" and s.se is None:
            return replace(mine, statistic=replace(s, se=t.value, start_char=start, end_char=end))
        if theirs.part == "n" and s.n is None and t.value is not None:
            return replace(
                mine,
                statistic=replace(
                    s, n=int(t.value), total=int(t.value) if mine.measure == "percent" else s.total
                ),
            )
        if s.events is not None and s.value is None and theirs.measure == "percent":
            shown = replace(
                s, value=t.value, printed_value=t.printed_value, value_start=t.value_start,
                value_end=t.value_end, start_char=start, end_char=end, unit="%",
            )  # fmt: skip
            return replace(mine, statistic=shown)
        if t.events is not None and s.events is None and mine.measure == "percent":
            return replace(
                mine, statistic=replace(s, events=t.events, start_char=start, end_char=end)
            )
        return mine


def read_number(
    text: str, at_char: int, *, kind: StatisticKind | None, size: int | None, label: str, about: str
) -> Number | None:
    """Read one cell; ``None`` if it is no number of an arm.

    Parameters
    ----------
    text, at_char
        The cell, and where it begins in the view.
    kind
        What the head of its column says it is.
    size
        People in the arm, where known: 12 (24.0) of 50 is a count with its percentage.
    label
        What row and column are called.
    about
        Caption and notes of the table, in small letters.
    """
    if len(text) > _LONGEST:
        return None
    said = f"{label} ".lower()
    if found := _FRACTION.fullmatch(text):
        events, total = int(found["a"]), int(found["b"])
        if total == 0 or events > total or (found["c"] is None and _OPPOSED.search(said)):
            return None
        base = _base(text, at_char, found, "c" if found["c"] else "a")
        value = _value(found["c"]) if found["c"] else None
        return Number(
            replace(base, value=value if value is not None else round(100 * events / total, 6), unit="%",
                    printed_value=found["c"], events=events, total=total, n=total), "percent",
        )  # fmt: skip
    if found := _PAIR.fullmatch(text):
        return _pair(text, at_char, found, said, about)
    if found := _SPREAD.fullmatch(text):
        base = _base(text, at_char, found)
        as_error = _says_error(said) or (not _says_deviation(said) and _says_error(about))
        spread = _value(found["b"])
        return Number(replace(base, se=spread) if as_error else replace(base, sd=spread), "mean")
    if found := _BRACKET.fullmatch(text):
        return _bracket(text, at_char, found, kind, size, said, about)
    if found := _PLAIN.fullmatch(text):
        return _plain(text, at_char, found, kind, size, said, about)
    return None


def _base(text: str, at_char: int, found: re.Match[str], group: str = "a") -> Statistic:
    start, end = found.span(group)
    lead = len(text) - len(text.lstrip())
    return Statistic(
        at_char + lead, at_char + len(text.rstrip()), value=_value(found[group]),
        value_start=at_char + start, value_end=at_char + end,
        printed_value=text[start:end].strip(),
    )  # fmt: skip


def _value(text: str) -> float:
    bare = re.sub(r"(?<=\d)[,  ](?=\d{3}(?!\d))", "", text)
    bare = re.sub(r"[−–‒﹣]", "-", bare).replace("·", ".").replace(" ", "")
    return float(bare)


def _pair(text: str, at_char: int, found: re.Match[str], said: str, about: str) -> Number:
    base = _base(text, at_char, found)
    low, high = sorted((_value(found["b"]), _value(found["c"])))
    if re.search(r"\bci\b|confidence", said) or (
        "median" not in said and re.search(r"\bci\b|confidence", about) and "median" not in about
    ):
        return Number(replace(base, ci_low=low, ci_high=high, ci_level=95.0), "mean")
    if "range" in said and "interquartile" not in said:
        measure: Measure = "mean" if re.search(r"\bmean\b", said) else "median"
        return Number(replace(base, range_low=low, range_high=high), measure)
    if re.search(r"\bmean\b", said):
        return Number(replace(base, range_low=low, range_high=high), "mean")
    return Number(replace(base, iqr_low=low, iqr_high=high), "median")


def _bracket(
    text: str, at_char: int, found: re.Match[str], kind: StatisticKind | None, size: int | None,
    said: str, about: str,
) -> Number:  # fmt: skip
    base = _base(text, at_char, found)
    first, second = _value(found["a"]), _value(found["b"])
    whole = first.is_integer() and first >= 0 and "." not in found["a"]
    as_count = whole and 0 <= second <= 100 and (
        bool(found["bp"]) or bool(_COUNTED.search(said)) or kind in ("count", "fraction", "percent")
    )  # fmt: skip
    if whole and not as_count and 0 <= second <= 100:
        fits = size is not None and size > 0 and abs(100 * first / size - second) <= _ROUNDING
        as_count = fits or (
            size is None and not _MEANT.search(said) and bool(_COUNTED.search(about))
        )
    elif as_count and not found["bp"] and size and _MEANT.search(said):
        as_count = abs(100 * first / size - second) <= _ROUNDING
    if as_count:
        start, end = found.span("b")
        events = int(first)
        total = size
        if size and abs(100 * first / size - second) > _ROUNDING:
            total = None  # the percentage is of another number than the arm's
        return Number(
            replace(base, value=second, unit="%", printed_value=found["b"], value_start=at_char + start,
                    value_end=at_char + end, events=events, total=total), "percent",
        )  # fmt: skip
    if (found["ap"] and whole is False) or (found["ap"] and second.is_integer()):
        return Number(
            replace(base, unit="%", events=int(second) if second.is_integer() else None), "percent"
        )
    if "median" in said:
        return Number(base, "median")
    if _says_error(said) or (not _says_deviation(said) and _says_error(about)):
        return Number(replace(base, se=abs(second)), "mean")
    return Number(replace(base, sd=abs(second)), "mean")


def _plain(
    text: str, at_char: int, found: re.Match[str], kind: StatisticKind | None, size: int | None,
    said: str, about: str,
) -> Number | None:  # fmt: skip
    base = _base(text, at_char, found)
    value = base.value
    assert value is not None
    whole = value.is_integer() and value >= 0 and "." not in found["a"]
    if kind in ("sd", "se") and not found["p"]:
        return Number(base, "mean", kind)
    if found["p"] or kind == "percent":
        return Number(replace(base, unit="%"), "percent", "percent" if kind == "percent" else None)
    if kind in ("count", "fraction", "n") or "(n)" in text.replace(" ", "") or (
        whole and _COUNTED_ALONE.search(said) and not _MEANT.search(said)
    ):  # fmt: skip
        if not whole:
            return None
        percent = round(100 * value / size, 6) if size and value <= size else None
        return Number(
            replace(base, value=percent, printed_value=None, events=int(value), total=size, unit="%"),
            "percent" if percent is not None else "count",
        )  # fmt: skip
    if "%" in said and "mean" not in said:
        return Number(replace(base, unit="%"), "percent")
    return Number(base, "median" if kind == "median" or "median" in said else "mean")


#: A count over an arm's size is the printed percentage up to this, in percentage points.
_ROUNDING = 0.6
_COUNTED = re.compile(
    r"\bn\s*[(,]?\s*%|\bn\s*\(\s*%|\(\s*%\s*\)|,\s*%|\b(?:no|number|numbers)\.?\s*(?:of\b|\(|,)|\bfrequency\b|\bn\s*=?\s*\(%\)"
)
#: The same of a number without a percentage beside it: "failure, %" names the percentage itself.
_COUNTED_ALONE = re.compile(
    r"\bn\s*[(,]\s*%|\b(?:no|number|numbers)\.?\s*(?:of\b|\(|,)|\bfrequency\b|\bn\s*$"
)
_MEANT = re.compile(r"\bmeans?\b|\bmedian\b|\bs\.?d\b|±|\bscores?\b|\bsd\b")


def _says_error(text: str) -> bool:
    return bool(re.search(r"\bs\.?e\.?m?\b(?!\w)|standard errors?", text)) and not _says_deviation(
        text
    )


def _says_deviation(text: str) -> bool:
    return bool(re.search(r"\bs\.?d\b\.?|standard deviations?", text))
