"""Digits and number words → values: thousands, decimals, powers of ten, in all their spellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.numbers import patterns as pt
from kg.numbers.atom import Atom
from kg.numbers.charmap import GROUP_SPACE
from kg.numbers.tables import SCALE_WORDS

_DOSE_UNIT: Final = re.compile(r"[ ]?(?:IU|I\.U)\b")
#: What is numbered: "week 24 115 ± 25" is the 24th week and a value, "no. 1 217" an issue and a page.
_NUMBERED: Final = frozenset({
    "arm", "arms", "case", "chapter", "class", "cohort", "cycle", "cycles", "day", "days", "experiment",
    "fig", "figure", "grade", "group", "groups", "hour", "item", "level", "month", "months", "no", "number",
    "page", "part", "period", "phase", "question", "section", "session", "stage", "step", "study", "table",
    "trial", "type", "visit", "vol", "volume", "week", "weeks", "year", "years",
})  # fmt: skip
_MORE_DIGITS: Final = re.compile(r"[ ]{1,2}\d")
_TO_ANOTHER: Final = re.compile(r"[ ]{0,2}(?:[-,;]|to\b)")
_PERCENT_IN_BRACKETS: Final = re.compile(r"[ ]{0,2}\(\d{1,3}(?:\.\d{1,6})?[ ]?%")
_SPLIT: Final = re.compile(r"[<>=] ?\d\. \d\d")
_COMMA: Final = re.compile(r"(?<![\d.,])\d{1,3},\d{1,2}(?![\d,.])")
_DECIMALS: Final = re.compile(r",\d{1,2}(?![\d,.])")  # of such a number, which most texts lack
_POINT: Final = re.compile(r"\d\.\d")
#: Digits with nothing behind them that could be of the same number, as most stand.
_SIMPLE: Final = re.compile(
    rf"(?:\d{{1,3}}\.\d{{1,2}}|\d{{1,15}})(?!\d|[.,{GROUP_SPACE} -]\d|\.[ ]\d)"
)
#: "3391/56 ± 422", "P = 0/001": a slash for the decimal point, as it is set in Persian; "120/80 ± 10" is none.
_SLASH_HABIT: Final = re.compile(
    r"(?<![\d/])(?:[3-9]\d{2}|\d{4,6}|\d{1,2})/0\d[ ]?±|(?<![\d/])\d{4,6}/\d\d[ ]?±|[pP][ ]?[=<>][ ]?0/\d"
)
_SLASH_DECIMAL: Final = re.compile(r"\d{1,6}/\d{1,4}(?![\d./])")
_SPREAD_NEXT: Final = re.compile(r"[ ]?±")
_PLUS_HABIT: Final = re.compile(r"\d\.\d{1,3}[ ]?\+\d{1,4}\.\d")  # "43.3+20.0": the bar is lost
_SAMPLE: Final = 200_000  # characters that are looked at for a text's habits


@dataclass(frozen=True, slots=True)
class Habits:
    """How a text prints numbers: "0. 001" with a blank, "0,5" with a comma, "5/06" with a slash; "4.3+2.0" for ±."""

    splits_decimals: bool
    comma_decimals: bool
    slash_decimals: bool
    plus_for_spread: bool

    @classmethod
    def of(cls, text: str) -> Habits:
        """Look at the beginning of a mapped text."""
        sample = text[:_SAMPLE]
        commas = len(_COMMA.findall(sample)) if _DECIMALS.search(sample) else 0
        many = commas > 2 and commas > len(_POINT.findall(sample))
        slashes = "/" in sample and _SLASH_HABIT.search(sample) is not None
        pluses = "+" in sample and "±" not in sample and len(_PLUS_HABIT.findall(sample)) > 1
        return cls(_SPLIT.search(sample) is not None, many, slashes, pluses)


def read_value(text: str, at: int, atoms: Sequence[Atom], habits: Habits) -> tuple[int, float, int]:
    """Read the digits at `at`: where they end, their value, how many decimals are printed."""
    if (
        habits.slash_decimals
        and (match := _SLASH_DECIMAL.match(text, at))
        and _slash_is_point(match, atoms)
    ):
        digits = match[0].replace("/", ".")
        return match.end(), float(digits), decimals_of(digits)
    if match := _SIMPLE.match(text, at):
        return match.end(), float(match[0]), decimals_of(match[0])
    if match := pt.COMMA_GROUPS.match(text, at):
        digits = match[0].replace(",", "")
        return match.end(), float(digits), decimals_of(digits)
    if match := pt.NARROW_GROUPS.match(text, at):
        digits = match[0].replace(GROUP_SPACE, "")
        return match.end(), float(digits), decimals_of(digits)
    if (match := pt.TABLE_YEAR.match(text, at)) and at > 1 and text[at - 1] not in " \n=(,":
        return match.end(), float(match[0]), 0  # "Feng.2019.35(35)": cells run together
    if (match := pt.SPACE_GROUPS.match(text, at)) and _groups_are_one_number(match, atoms):
        return match.end(), float(match[0].replace(" ", "")), 0
    if (match := pt.POINT_GROUPS.match(text, at)) and _points_group(match, atoms):
        return match.end(), float(match[0].replace(".", "")), 0
    if match := pt.SPLIT_DECIMAL.match(text, at):
        whole, part = match.groups()
        if (whole == "0" and len(part) > 1) or (
            habits.splits_decimals
            and (not _ends_item(atoms) or text[match.end() : match.end() + 1] == "%")
        ):
            return match.end(), float(f"{whole}.{part}"), len(part)
    if match := pt.COMMA_DECIMAL.match(text, at):
        whole, part = match[0].split(",")
        if pt.LEVEL_THEN_LABEL.match(text, at + len(whole) + 1):
            return at + len(whole), float(whole), 0  # "6,95% CI": the level follows
        percent = text[match.end() : match.end() + 2].strip()[:1] == "%"
        if (
            (whole == "0" and part)
            or habits.comma_decimals
            or (percent and len(part) < 3 and not _in_list(at, atoms))
        ):
            return match.end(), float(f"{whole}.{part}"), len(part)
    if (match := pt.HYPHEN_DECIMAL.match(text, at)) and _hyphen_is_point(match, atoms):
        return match.end(), float(match[0].replace("-", ".")), 2
    match = pt.PLAIN_NUMBER.match(text, at)
    if match is None:  # pragma: no cover - callers look first
        return at + 1, 0.0, 0
    return match.end(), float(match[0]), decimals_of(match[0])


def _groups_are_one_number(match: re.Match[str], atoms: Sequence[Atom]) -> bool:
    """Whether digits in groups of three with blanks between are one number."""
    text, start = match.string, match.start()
    groups = match[0].split(" ")
    if len(groups) > 2 or "000" in groups[1:]:
        return True
    if pt.AFTER_N.search(text[max(0, start - 6) : start]):
        return True
    previous = atoms[-1] if atoms else None
    named = previous is not None and previous.kind == "NAME"
    if _PERCENT_IN_BRACKETS.match(text, match.end()):
        return True  # "31 533 (59%)"
    if pt.COUNTED_NOUN.match(text, match.end()) and not named:
        return True
    return previous is not None and _stands_alone(match, previous)


def _stands_alone(match: re.Match[str], previous: Atom) -> bool:
    """Whether neither what is before the groups nor what is behind them takes one for itself."""
    text, start = match.string, match.start()
    if text[start - 1].isalnum() or _MORE_DIGITS.match(text, match.end()):
        return False  # "L-BLP25 930 μg", cells of a table
    if previous.kind == "CI":  # "CI 102 154" has lost its dash
        return _TO_ANOTHER.match(text, match.end()) is not None
    if previous.kind in {"NUM", "NAME", "BREAK", "STOP", "SLASH", "PIPE"}:
        return False
    return previous.lower not in _NUMBERED


def _points_group(match: re.Match[str], atoms: Sequence[Atom]) -> bool:
    groups = match[0].split(".")
    if len(groups) > 2:
        return True
    return bool(_DOSE_UNIT.match(match.string, match.end())) or (
        bool(pt.COUNTED_NOUN.match(match.string, match.end())) and not _after_equals(atoms)
    )


def _after_equals(atoms: Sequence[Atom]) -> bool:
    previous = atoms[-1] if atoms else None
    return previous is not None and previous.kind in {"EQ", "CI", "MEASURE"}


def _ends_item(atoms: Sequence[Atom]) -> bool:
    """Whether a number here would stand at the head of a list item."""
    previous = atoms[-1] if atoms else None
    return previous is None or previous.kind in {"BREAK", "STOP"}


def _in_list(at: int, atoms: Sequence[Atom]) -> bool:
    previous = atoms[-1] if atoms else None
    return previous is not None and previous.kind == "COMMA" and previous.end == at


def _hyphen_is_point(match: re.Match[str], atoms: Sequence[Atom]) -> bool:
    """Whether a hyphen stands for the point: "OR 1-94 (95% CI 1.21-3.08)"."""
    previous = atoms[-1] if atoms else None
    if previous is None or previous.kind not in {"MEASURE", "EQ"}:
        return False
    if previous.kind == "EQ" and not (len(atoms) > 1 and atoms[-2].kind == "MEASURE"):
        return False
    whole, part = match[0].split("-")
    rest = match.string[match.end() : match.end() + 24]
    return int(whole) < int(part) and bool(re.match(r"[ ,;]{0,3}[\(\[]?[ ]?9\d ?%", rest))


def _slash_is_point(match: re.Match[str], atoms: Sequence[Atom]) -> bool:
    """Whether "5/06" stands before or behind "±", or is a p value, in a text that has such decimals."""
    kinds = [atom.kind for atom in atoms[-2:]]
    if kinds[-1:] == ["PM"] or _SPREAD_NEXT.match(match.string, match.end()):
        return True
    return match[0].startswith("0/") and kinds in (["P", "EQ"], ["P", "CMP"])


def number_word_value(text: str) -> int:
    """Return the value of a number in words.

    Examples
    --------
    >>> number_word_value("Three hundred two"), number_word_value("twenty-one")
    (302, 21)
    """
    total = current = 0
    for word in re.split(r"[-\s]+", text.lower()):
        if word in pt.SMALL_WORDS:
            current += pt.SMALL_WORDS[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in SCALE_WORDS:
            total += max(current, 1) * SCALE_WORDS[word]
            current = 0
        elif word == "a":
            current = max(current, 0)
    return total + current


def comparator(printed: str) -> str:
    if "=" in printed or "or" in printed:
        strict = re.match(r"=[ ]?<(?!=)", printed) or re.match(r"=[ ]?>", printed)
        if strict:  # "p = < 0.001": the equals sign is a slip, not a bound included
            return "<" if "<" in printed else ">"
        return "≤" if "<" in printed else "≥"
    return {"<<": "<"}.get(printed, printed)


def decimals_of(digits: str) -> int:
    return len(digits.partition(".")[2])


def scaled(value: float, exponent: int) -> float:
    """Return ``value * 10**exponent`` rounded as if typed, within the range of a float."""
    return float(f"{value!r}e{max(-300, min(exponent, 200))}")
