"""Amounts with their units: what of a dose stands in one place ("400, 800 or 1600 IU/kg/day").

An amount is a number, a range or a bound with a unit. Lists share the unit that stands at their
end; ranges are one amount; what the unit is divided by is either part of the unit (``/kg``), a
rhythm (``/day``) or shows that the amount is no dose at all (``/mL``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from kg.numbers.atoms import Atom
from kg.numbers.dose_tables import (
    AMOUNT_UNITS,
    DENOMINATORS,
    HIGH_BOUND_AFTER,
    HIGH_BOUND_BEFORE,
    LEVEL_DENOMINATORS,
    LOW_BOUND_AFTER,
    LOW_BOUND_BEFORE,
    MAGNITUDES,
    STRENGTH_DENOMINATORS,
    TIME_ADVERBS,
    TIME_DAYS,
    Unit,
)
from kg.numbers.regimens import OPEN, Bounds, Rhythm, days_of, spaced, times_in

_WINDOW: Final = 48  # characters looked back for a bound, forward for a divisor


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of something; `rhythm` is the ``/day`` of its unit, `level` says it is no dose.

    ``start_char:end_char`` holds the bound's words, the digits, the unit and its divisors;
    ``amount_start:amount_end`` the digits, ``unit_start:unit_end`` the unit with its divisors.
    """

    start_char: int
    end_char: int
    low: Fraction | None
    high: Fraction | None
    code: str
    strength: Unit
    amount_start: int
    amount_end: int
    unit_start: int
    unit_end: int
    divisor: str = ""
    rhythm: Rhythm | None = None
    level: bool = False
    diet: bool = False
    group: int = -1
    position: int = 0
    spelled: str = ""  # the unit as printed in folded text
    name: tuple[int, int] | None = None  # what is done for so long, or so often
    inner: tuple[int, int] | None = None  # a name between unit and divisor: "IU vitamin D3/d"
    per: str = ""  # the divisor of a strength, "mL" of "5 mg/mL"
    spread: bool = False  # a mean with its deviation: "221 ± 79 IU/d"
    also: tuple[str, ...] = field(default=())  # codes of the same amount in other units

    @property
    def unit(self) -> str:
        """The UCUM code of the unit with what it is divided by."""
        return self.code + self.divisor + (f"/{self.per}" if self.per else "")


_MAGNITUDE: Final = "|".join(sorted(MAGNITUDES, key=len, reverse=True))
_UNITS: Final = re.compile(
    r"[ *_]{0,6}(?:- ?)?(?:"
    + "|".join(f"(?P<u{k}>{unit.pattern})" for k, unit in enumerate(AMOUNT_UNITS))
    + r")(?=(?P<edge>[^a-z0-9\u03b1-\u03c9]|$|\d\)|m-2|[a-z]{4,}))"
)
_TIME: Final = "|".join(pattern for pattern, _ in TIME_DAYS) + "|" + "|".join(TIME_ADVERBS)
_INVERSE: Final = r"\(?-[12]\)?|\u207b[\u00b9\u00b2]|\^-1"
_NO_NAME: Final = r"(?!(?:once|twice|thrice|times?|x|for|in|at|on|was|were|vs|with|placebo|from|by|to|is)(?![a-z]))"
_NAME: Final = rf"(?: (?:of )?{_NO_NAME}(?:\([+-][a-z]\w{{0,9}}\)|(?:25-?\(?oh\)?)?[a-z][\w()-]{{0,24}})){{0,4}}?"
_DIVISOR: Final = re.compile(spaced(
    rf"(?P<inner>{_NAME})(?:"
    rf"(?: ?/ ?| per |(?:\u00b7|\.| \u00b7 | )(?=[a-z0-9]{{1,4}}(?:{_INVERSE})))"
    r"(?:each |a )?(?:"
    + "|".join(f"(?P<den{k}>{pattern})" for k, (pattern, _) in enumerate(DENOMINATORS))
    + rf"|(?P<time>(?:1 ?)?(?:{_TIME}|m(?= |,|;|\)|$))|24[- ]?h(?:ours?|r)?)|(?P<level>{LEVEL_DENOMINATORS})"
    r"|(?P<each>dose|injection|infusion|session|tablet|capsule|child|person|patient|eye|side|application|cycle|meal)"
    rf")s?(?:{_INVERSE})?(?P<body> ?(?:bw|b\.w\.|body ?weight|bodyweight|(?:of )?(?:diet|feed)))?(?![a-z0-9]))"
))  # fmt: skip
_SEPARATOR: Final = re.compile(
    r"(?P<range>-? ?- ?|-? to (?:approximately |about )?(?:a )?|-? and )(?:an? )?"
    r"|(?P<list>,? (?:or|and|and/or|plus|vs\.?|versus|then|compared with) (?:an? )?|[,;/] ?|-? or (?:an? )?|[,;] (?:or|and|vs\.?|versus) (?:an? )?| ?\+ ?)"
)
_BLANKS: Final = re.compile(r" {2,}")
_ASIDE: Final = re.compile(r" ?\([a-z][^()\d]{0,16}\d?\)")  # "1 (G1) or 2 (G2) g"
_BEFORE_LOW: Final = re.compile(
    spaced(
        rf"(?:(?<![a-z])|(?=[^a-z]))(?:{LOW_BOUND_BEFORE}) ?(?:an? |the )?(?:doses? of |of )?~?$"
    )
)
_BEFORE_HIGH: Final = re.compile(
    spaced(
        rf"(?:(?<![a-z])|(?=[^a-z]))(?:{HIGH_BOUND_BEFORE}) ?(?:an? |the )?(?:doses? of |of )?~?$"
    )
)
_AFTER_LOW: Final = re.compile(spaced(rf" ?\(?(?:{LOW_BOUND_AFTER})(?![a-z])|\+(?![ \d])"))
_AFTER_HIGH: Final = re.compile(spaced(rf" ?\(?(?:{HIGH_BOUND_AFTER})(?![a-z])"))
_BETWEEN: Final = re.compile(
    r"(?:between|from|ranging|range of|ranged|range:?) $|(?:between|range[ds]? (?:from|between|of)?) ?$"
)
#: Words whose number is a label or a count, never the head of a list of amounts.
_LABEL_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:day|week|month|year|group|arm|type|phase|grade|stage|cycle|cohort|figure|table|visit|age|aged|"
    r"step|level|class|in|n ?=|=|d|no\.|part|course|exp\.?|experiment|study|trial|panel|vitamin|omega)s? ?$"
)


@dataclass(frozen=True, slots=True)
class _Number:
    start_char: int
    end_char: int
    number: float
    scale: Fraction
    printed: str
    spread: bool = False

    @property
    def value(self) -> Fraction:
        """The number, exact; few are asked for it."""
        return abs(Fraction(repr(self.number))) * self.scale


_ONE: Final = Fraction(1)
_MORE: Final = re.compile(rf"[ *]{{0,4}}(?P<magnitude>{_MAGNITUDE})(?![a-z])")
#: Numbers inside other atoms: "IIMs1 million IU" (a table's cells run together), "50k IU", "800/100 ug".
_HIDDEN: Final = {
    "NAME": re.compile(r"(?:(?<=[a-z]{3})(?<!il-)|(?<![a-z0-9])(?=\d+k$))(?P<n>\d{1,4})(?=k?$)"),
    "RATE": re.compile(r"(?<=/)[ ]?(?P<n>\d{1,6})$"),
    "UNIT": re.compile(r"(?P<u>[a-z\u03bc]{1,3}) ?/ ?(?P<n>\d{1,4})(?= ?(?P=u)$)"),
}
_COUNTED: Final = frozenset({"NUM", *_HIDDEN})
_SPREAD_AFTER: Final = re.compile(r"[ ]{0,3}(?:\u00b1|\+/-|\+-)[ ]{0,3}\d+(?:[.,]\d+)*")


def _numbers(text: str, atoms: Sequence[Atom]) -> list[_Number]:
    """List the numbers that may be amounts, left to right, deviations taken in."""
    found: list[_Number] = []
    for atom in [a for a in atoms if a.kind in _COUNTED]:
        start, end, glued, scale = atom.start, atom.end, False, _ONE
        if atom.kind == "NUM" and atom.value is not None:
            value = atom.value
            while start < end - 1 and not text[start].isalnum() and text[start] != ".":
                start += 1  # a sign: the hyphen of a range, or a minus, is seen further on
            glued = start > 0 and text[start - 1].isalpha()
            if text.startswith("half ", max(0, start - 5)):
                scale, start = Fraction(1, 2), start - 5
        elif (hidden := _HIDDEN.get(atom.kind)) and (match := hidden.search(text, start, end)):
            start, value, glued = match.start("n"), float(match["n"]), atom.kind == "NAME"
            end = match.end("n")
        else:
            continue
        if found and start < found[-1].end_char:
            continue
        digits_end = end
        if text[end - 1].isdigit() and (more := _MORE.match(text, end)):
            scale, end = scale * MAGNITUDES[more["magnitude"]], more.end()
        elif glued and not _UNITS.match(text, end):
            continue
        spread = _SPREAD_AFTER.match(text, end)
        found.append(
            _Number(
                start,
                spread.end() if spread else end,
                value,
                scale,
                text[start:digits_end],
                bool(spread),
            )
        )
    return found


def find_amounts(source: str, text: str, atoms: Sequence[Atom]) -> list[Amount]:
    """Return every amount of a text, doses or not, left to right.

    Parameters
    ----------
    source
        The text as it stands; single-letter units are read with regard to case.
    text
        The same text folded (:func:`kg.numbers.regimens.fold`).
    atoms
        Its atoms (:func:`kg.numbers.atoms.read_atoms`).
    """
    amounts: list[Amount] = []
    chain: list[_Number] = []
    joints: list[str] = []
    group = 0
    for number in _numbers(text, atoms):
        if chain:
            joint = _joint(text, chain[-1].end_char, number.start_char)
            if joint is None:
                chain, joints = [], []
            else:
                joints.append(joint)
        chain.append(number)
        unit = _unit_after(source, text, number.end_char)
        if unit is None:
            continue
        amounts.extend(_close(text, chain, joints, unit, group))
        group += 1
        chain, joints = [], []
    return amounts


def _joint(text: str, start: int, end: int) -> str | None:
    """Return "range" or "list" for what joins two numbers, ``None`` where nothing does."""
    if end - start > 40:
        return None
    gap = _BLANKS.sub(" ", _ASIDE.sub("", text[start:end], count=1))
    match = _SEPARATOR.fullmatch(gap)
    if match is None:
        return None
    return "range" if match["range"] else "list"


@dataclass(frozen=True, slots=True)
class _UnitFound:
    start_char: int
    end_char: int
    code: str
    strength: Unit
    spelled: str
    divisor: str
    rhythm: Rhythm | None
    level: bool
    diet: bool
    inner: tuple[int, int] | None
    per: str


def _unit_after(source: str, text: str, at: int) -> _UnitFound | None:
    match = _UNITS.match(text, at)
    if match is None:
        return None
    kind = next(k for k in range(len(AMOUNT_UNITS)) if match[f"u{k}"])
    start, end = match.span(f"u{kind}")
    spelled, edge = match[f"u{kind}"], match["edge"]
    if len(edge) >= 4 and edge.isalpha():  # "2gintravenously": letters that go on
        return None
    if (spelled == "g" and source[start] != "g") or (spelled == "u" and source[start] != "U"):
        return None
    if spelled in {"l", "g", "u"} and text[at:start].endswith("-"):
        return None
    unit = AMOUNT_UNITS[kind]
    divisor, rhythm, level, diet, per = "", None, False, False, ""
    inner: tuple[int, int] | None = None
    stop = end
    for _ in range(4):
        part = _DIVISOR.match(text, stop, stop + 2 * _WINDOW)
        if part is None or (stop != end and part["inner"]):
            break
        inside = part["inner"]
        if inside:
            if " and " in inside or " per " in inside or " or " in inside or part["level"]:
                break
            inner = part.span("inner")
        named = next((c for k, (_, c) in enumerate(DENOMINATORS) if part[f"den{k}"]), None)
        if part["time"] == "m" and unit.code != "[iU]":
            break
        if part["time"]:
            if part["time"].startswith("24") and unit.code != "[iU]":
                level = True
            printed = part["time"]
            days = Fraction(1)
            if not part["time"].startswith("24"):
                printed = printed.removeprefix("1").strip()
                days = days_of("month" if printed == "m" else printed)
            times, interval = times_in((Fraction(1), Fraction(1)), days)
            rhythm = Rhythm(part.start("time"), part.end(), times, interval)
        elif named:
            if f"/{named}" in divisor:
                break
            divisor += f"/{named}"
            diet = diet or bool(part["body"] and ("diet" in part["body"] or "feed" in part["body"]))
        elif part["level"]:
            level = True
            per = per or next(
                (c for p, c in STRENGTH_DENOMINATORS if re.fullmatch(p, part["level"])), ""
            )
        stop = part.end()
    return _UnitFound(
        start, stop, unit.code, unit.strength, spelled, divisor, rhythm, level, diet, inner, per
    )


def _close(
    text: str, chain: list[_Number], joints: list[str], unit: _UnitFound, group: int
) -> list[Amount]:
    """Make the amounts of a chain of numbers that end in one unit."""
    if len(chain) == 2 and _in_brackets(text, chain, unit):
        joints = ["range"]
    first = len(chain) - 1
    while first > 0 and joints[first - 1] and not _is_label(text, chain, joints, first - 1):
        first -= 1
    numbers, links = chain[first:], joints[first:]
    parts: list[tuple[_Number, _Number]] = []
    between = bool(
        _BETWEEN.search(text[max(0, numbers[0].start_char - 16) : numbers[0].start_char])
    )
    for k, number in enumerate(numbers):
        joined = k > 0 and links[k - 1] == "range"
        if joined and " and " in text[numbers[k - 1].end_char : number.start_char] and not between:
            joined = False
        if joined and parts[-1][0] is parts[-1][1] and parts[-1][0].value < number.value:
            parts[-1] = (parts[-1][0], number)
        else:
            parts.append((number, number))
    made = []
    for k, (low, high) in enumerate(parts):
        last = k == len(parts) - 1
        end = unit.end_char if last else high.end_char
        values = _as_printed(low, unit.code), _as_printed(high, unit.code)
        start, bounds, end = bounded(text, low.start_char, end, values, whole=low is high)
        made.append(Amount(
            start, end, *bounds, unit.code, unit.strength, low.start_char, high.end_char,
            unit.start_char, unit.end_char, unit.divisor, unit.rhythm, unit.level, unit.diet,
            group, k, unit.spelled, None, unit.inner, unit.per, low.spread,
        ))  # fmt: skip
    return made


def _in_brackets(text: str, chain: list[_Number], unit: _UnitFound) -> bool:
    """Whether two numbers are the bounds behind an amount: "9.4 mg/d (6.5, 12.3 mg/d)"."""
    before = text[max(0, chain[0].start_char - 24) : chain[0].start_char]
    gap = text[chain[0].end_char : chain[1].start_char].strip()
    return gap == "," and bool(
        re.search(rf"\d ?{re.escape(unit.spelled)}[a-z/ ]{{0,8}}\($", before)
    )


def _is_label(text: str, chain: list[_Number], joints: list[str], k: int) -> bool:
    """Whether number `k` of a chain is a label or a year and opens no list of amounts."""
    number = chain[k]
    if _LABEL_BEFORE.search(text[max(0, number.start_char - 12) : number.start_char]):
        return True
    gap = text[number.end_char : chain[k + 1].start_char]
    # two numbers with a comma make no list: "in 2012, 400 IU"
    return gap.strip() == "," and len(chain) == 2 and joints[k] == "list"


def _as_printed(number: _Number, code: str) -> Fraction:
    """Return the value of a number: "400.000 IU" has a thousands mark."""
    if (
        code == "[iU]"
        and number.value < 1000
        and re.fullmatch(r"[1-9]\d{0,2}\.[05]00", number.printed)
    ):
        return number.value * 1000
    return number.value


def bounded(
    text: str, start: int, end: int, values: tuple[Fraction, Fraction], *, whole: bool
) -> tuple[int, Bounds, int]:
    """Return start, bounds and end of an amount with the words that leave one side open.

    A range, not `whole`, is returned as it is.
    """
    low: Fraction | None
    high: Fraction | None
    low, high = values
    if not whole:
        return start, (low, high), end
    before = text[max(0, start - _WINDOW) : start]
    offset = start - len(before)
    if match := _BEFORE_LOW.search(before):
        return offset + match.start(), (low, None), end
    if match := _BEFORE_HIGH.search(before):
        return offset + match.start(), (None, high), end
    if match := _AFTER_LOW.match(text, end, end + _WINDOW):
        return start, (low, None), match.end()
    if match := _AFTER_HIGH.match(text, end, end + _WINDOW):
        return start, (None, high), match.end()
    return start, (low, high), end


def open_bounds(amount: Amount) -> Bounds:
    """Return the amount's bounds."""
    return (amount.low, amount.high) if (amount.low, amount.high) != (None, None) else OPEN
