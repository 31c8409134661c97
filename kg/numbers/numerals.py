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
_PERCENT_IN_BRACKETS: Final = re.compile(r"[ ]{0,2}\(\d{1,3}(?:\.\d{1,6})?[ ]?%")
_SPLIT: Final = re.compile(r"[<>=] ?\d\. \d\d")
_COMMA: Final = re.compile(r"(?<![\d.,])\d{1,3},\d{1,2}(?![\d,.])")
_DECIMALS: Final = re.compile(r",\d{1,2}(?![\d,.])")  # of such a number, which most texts lack
_POINT: Final = re.compile(r"\d\.\d")
#: Digits with nothing behind them that could be of the same number, as most stand.
_SIMPLE: Final = re.compile(
    rf"(?:\d{{1,3}}\.\d{{1,2}}|\d{{1,15}})(?!\d|[.,{GROUP_SPACE} -]\d|\.[ ]\d)"
)
_SAMPLE: Final = 200_000  # characters that are looked at for a text's habits


@dataclass(frozen=True, slots=True)
class Habits:
    """How a text prints numbers: "0. 001" with a blank, "0,5" with a comma."""

    splits_decimals: bool
    comma_decimals: bool

    @classmethod
    def of(cls, text: str) -> Habits:
        """Look at the beginning of a mapped text."""
        sample = text[:_SAMPLE]
        commas = len(_COMMA.findall(sample)) if _DECIMALS.search(sample) else 0
        many = commas > 2 and commas > len(_POINT.findall(sample))
        return cls(_SPLIT.search(sample) is not None, many)


def read_value(text: str, at: int, atoms: Sequence[Atom], habits: Habits) -> tuple[int, float, int]:
    """Read the digits at `at`: where they end, their value, how many decimals are printed."""
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
    return bool(pt.COUNTED_NOUN.match(text, match.end())) and not named


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
