"""How often, how long, how many times: reading a dose's rhythm, and what follows from it.

All finders read a *folded* text (:func:`fold`), in which every character stands where it stood.
Arithmetic is on exact fractions; a bound that the text leaves open stays ``None``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Final

from kg.numbers.charmap import GROUP_SPACE, map_characters
from kg.numbers.dose_tables import (
    NUMBER_WORDS,
    ORDINALS,
    RHYTHM_DAYS,
    SENTENCE_END,
    SHORTHAND_TIMES,
    TIME_ADVERBS,
    TIME_DAYS,
    TIMES,
    UNNUMBERED_RHYTHMS,
)

Bounds = tuple[Fraction | None, Fraction | None]
OPEN: Final[Bounds] = (None, None)


def to_floats(bounds: Bounds) -> tuple[float | None, float | None]:
    """Return bounds as a record holds them."""
    low, high = bounds
    return (None if low is None else float(low), None if high is None else float(high))


@lru_cache(maxsize=8)
def fold(text: str) -> str:
    """Return `text` with uniform typography, A to Z in small letters, line feeds as spaces; same length.

    A tab, which parts the cells of a table, becomes a bar.
    """
    # of bytes ``lower`` touches nothing but A to Z
    small = map_characters(text).encode("utf-8", "surrogatepass").lower()
    folded = small.decode("utf-8", "surrogatepass").replace("\n", " ").replace(GROUP_SPACE, " ")
    if "\t" in text:
        folded = "".join("|" if c == "\t" else f for c, f in zip(text, folded, strict=True))
    return folded


@lru_cache(maxsize=8)
def sentence_ends(text: str) -> tuple[int, ...]:
    """Return where the sentences of a text end, but for the last; `text` is as it stands, not folded."""
    return tuple(m.end() for m in SENTENCE_END.finditer(text))


_CLASS: Final = re.compile(r"\[[^\]]*\]|\\.| \?| ")


def spaced(pattern: str) -> str:
    """Return a pattern whose blanks match several, line feeds and the stars of bold type too."""
    return _CLASS.sub(lambda m: {" ?": "[ *]{0,5}", " ": "[ *]{1,5}"}.get(m[0], m[0]), pattern)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a dose is given, as read at ``start_char:end_char``.

    At most one of `times_per_day`, `interval_days` and `once` says it; none does where words tell
    of a rhythm that has no number ("on demand", "5 days per week").
    """

    start_char: int
    end_char: int
    times_per_day: Bounds = OPEN
    interval_days: Bounds = OPEN
    once: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A count of doses or a length of time in days, as read at ``start_char:end_char``."""

    start_char: int
    end_char: int
    bounds: Bounds = OPEN


def _any(table: dict[str, float] | dict[str, int]) -> str:
    return "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))


_TIME: Final = "(?:" + "|".join(pattern for pattern, _ in TIME_DAYS) + ")"
_NUMBER: Final = rf"(?:\d+(?:\.\d+)?|(?:{_any(NUMBER_WORDS)})(?![a-z]))"
SPAN: Final = rf"{_NUMBER}(?:(?: ?- ?|-? to | or | and ){_NUMBER})?"
_EDGE: Final = r"(?:(?![a-z])|(?=[a-z]{2,9}:))"  # a table's next cell may be glued on
_OPEN_LEFT: Final = r"(?<![a-z0-9.,])"
_DATA: Final = re.compile(_NUMBER)


def number_of(word: str) -> Fraction:
    """Return the value of digits or of a number word; raises :class:`KeyError` for others."""
    word = word.strip()
    return Fraction(word) if word[:1].isdigit() else Fraction(str(NUMBER_WORDS[word]))


def span_of(printed: str) -> tuple[Fraction, Fraction]:
    """Return the bounds of "3", "3-4", "three to four"."""
    values = [number_of(part) for part in _DATA.findall(printed)]
    return min(values), max(values)


def days_of(unit: str) -> Fraction:
    """Return the length in days of a time unit as printed; raises :class:`KeyError` for others."""
    unit = TIME_ADVERBS.get(unit, unit)
    for pattern, days in TIME_DAYS:
        if re.fullmatch(pattern, unit):
            return days
    raise KeyError(unit)


def times_in(count: tuple[Fraction, Fraction], days: Fraction) -> tuple[Bounds, Bounds]:
    """Return (times per day, interval in days) of `count` doses in so many days; one is open.

    Doses at least once a day are counted per day, rarer ones by their interval.
    """
    low, high = count[0] / days, count[1] / days
    if low >= 1 or low <= 0:
        return (low, high), OPEN
    return OPEN, (1 / high, 1 / low)


# --- rhythms ---------------------------------------------------------------------------------

_Found = tuple[Bounds, Bounds, bool]


def _read_times(match: re.Match[str]) -> _Found:
    """Read "twice daily", "3-4 times a week", "three times/day", "once or twice a day"."""
    words = re.findall(rf"{_any(TIMES)}|{_NUMBER}", match["count"])
    values = [Fraction(TIMES[w]) if w in TIMES else number_of(w) for w in words]
    times, interval = times_in((min(values), max(values)), days_of(match["unit"]))
    return times, interval, False


def _read_every(match: re.Match[str]) -> _Found:
    """Read "every 7-10 days", "every other day", "each month", "q3w", "3-monthly"."""
    groups = match.groupdict()
    if groups.get("ordinal"):
        low = high = Fraction(ORDINALS[groups["ordinal"]])
    elif groups.get("count"):
        low, high = span_of(groups["count"])
    else:
        low = high = Fraction(1)
    days = days_of(match["unit"])
    if low <= 0:
        return OPEN, OPEN, False
    times, interval = times_in((1 / high, 1 / low), days)
    return times, interval, False


def _read_days(match: re.Match[str]) -> _Found:
    """Read "on days 1, 8 and 15 of a 28-day cycle"."""
    days = re.findall(r"(\d+)(?: ?(?:-|to) ?(\d+))?", match["days"])
    count = Fraction(sum(int(b) - int(a) + 1 if b and int(b) >= int(a) else 1 for a, b in days))
    cycle = number_of(match["count"]) * days_of(match["unit"])
    if not cycle or not count:
        return OPEN, OPEN, False
    times, interval = times_in((count, count), cycle)
    return times, interval, False


def _read_word(match: re.Match[str]) -> _Found:
    """Read "daily", "monthly"."""
    for pattern, low, high in RHYTHM_DAYS:
        if re.fullmatch(pattern, match["word"]):
            times, interval = times_in((Fraction(1), Fraction(1)), low)
            return times, (low, high) if interval != OPEN else OPEN, False
    return OPEN, OPEN, False


def _read_shorthand(match: re.Match[str]) -> _Found:
    """Read "b.i.d.", "qd"."""
    for pattern, times in SHORTHAND_TIMES:
        if re.fullmatch(pattern, match["word"]):
            return (Fraction(times), Fraction(times)), OPEN, False
    return OPEN, OPEN, False


def _read_daily(_: re.Match[str]) -> _Found:
    return (Fraction(1), Fraction(1)), OPEN, False


def _read_twice(_: re.Match[str]) -> _Found:
    return (Fraction(2), Fraction(2)), OPEN, False


def _read_once(_: re.Match[str]) -> _Found:
    return OPEN, OPEN, True


def _read_unnumbered(_: re.Match[str]) -> _Found:
    return OPEN, OPEN, False


_ADVERB: Final = "|".join(TIME_ADVERBS)
_TIMES: Final = rf"(?:{_any(TIMES)})"
_COUNT: Final = (
    rf"(?:{_TIMES}(?:(?:-| ?-? ?(?:or|to|up to) )-?{_TIMES})?"
    rf"|(?:{SPAN}|{_TIMES}(?: to | up to | or |-){_NUMBER}) ?(?:times?|x(?= ?/| per| a )))"
)
_DAYS: Final = r"\d{1,2}(?:(?: ?- ?|-? to |, ?|,? and )(?:day )?\d{1,2}(?!\d)){0,8}"
_PER: Final = r"(?: ?/ ?| per | a | an | each | every | in (?:a|one) |-| )"


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(spaced(pattern))


#: Patterns, what reads a match of theirs, and words of which any match holds one.
_RHYTHM_TABLE: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Found], str], ...]] = (
    (_compile(rf"{_OPEN_LEFT}(?:\u2264 ?)?(?P<count>{_COUNT}){_PER}(?P<unit>{_ADVERB}|{_TIME}){_EDGE}"), _read_times, "once twice thrice time x"),
    (_compile(rf"{_OPEN_LEFT}(?P<count>{_NUMBER}) (?P<unit>daily)(?= (?:[a-z0-9-]+ ){{0,3}}(?:doses?|applications?|injections?)(?![a-z]))"), _read_times, "daily"),
    (_compile(rf"{_OPEN_LEFT}(?:once )?(?:every|each)[- ](?:(?P<ordinal>{_any(ORDINALS)}) |(?P<count>{SPAN})[- ]?)?"
                rf"(?P<unit>{_TIME}){_EDGE}"), _read_every, "every each"),
    (_compile(rf"{_OPEN_LEFT}q ?(?P<count>\d+(?:-\d+)?)? ?(?P<unit>weeks?|days?|hours?|hrs?|[wdh]){_EDGE}"), _read_every, "q"),
    (_compile(rf"{_OPEN_LEFT}(?!an? )(?!{_NUMBER} [a-z]+ly (?:[a-z0-9-]+ ){{0,3}}(?:doses|injections|infusions|sessions|classes|lessons|visits|calls|workshops|treatments|applications))"
                rf"(?P<count>{_NUMBER})(?:-| )(?P<unit>hourly|daily|weekly|monthly|yearly){_EDGE}"), _read_every, "hourly daily weekly monthly yearly"),
    (_compile(rf"{_OPEN_LEFT}(?P<ordinal>alternate) (?P<unit>days?|weeks?|months?){_EDGE}"), _read_every, "alternate"),
    (_compile(rf"{_OPEN_LEFT}(?P<word>{'|'.join(f'(?:{p})' for p, _, _ in RHYTHM_DAYS)}){_EDGE}"), _read_word, "daily nightly diem weekly q month quarterly year annual"),
    (_compile(rf"{_OPEN_LEFT}(?:per|a|once a) (?P<unit>day|week|fortnight|month|year){_EDGE}"), _read_every, "day week fortnight month year"),
    (_compile(rf"{_OPEN_LEFT}(?:once )?(?:(?:each|every|in the) (?:morning|evening|night)|at (?:night|bedtime)){_EDGE}"), _read_daily, "morning evening night bedtime"),
    (_compile(rf"{_OPEN_LEFT}(?:(?:each|every|in the) )?mornings? and (?:(?:each|every|in the|at) )?(?:evening|night|bedtime)s?{_EDGE}"), _read_twice, "morning"),
    (_compile(rf"{_OPEN_LEFT}(?P<word>{'|'.join(f'(?:{p})' for p, _ in SHORTHAND_TIMES)}){_EDGE}"), _read_shorthand, ""),
    (_compile(rf"{_OPEN_LEFT}(?:(?:an? )?(?:single|one[- ]time|one[- ]off|stat)[- ](?:[a-z]{{2,14}}[- ]){{0,3}}?"
                rf"(?:doses?|injections?|administration|infusion|bolus)|(?:an? )?single(?: ascending)?(?![- ](?:blind|mask|cent|arm|site|institution|pill|agent|group|stage|patient|tablet))|one dose|bolus(?! (?:weekly|daily|monthly|every|on days))|"
                rf"once(?! or | to | up |-){_EDGE}(?! (?:every|each|a |per |in )))"), _read_once, "single one stat once bolus"),
    (_compile(rf"{_OPEN_LEFT}(?:on )?(?:days? |d)(?P<days>{_DAYS})[ ,(]{{1,3}}(?:both |all )?(?:given )?(?:(?:of|on|in) (?:an? |each |every )|every |q)"
                rf"(?P<count>{_NUMBER})[- ]?(?P<unit>days?|weeks?|d|w)(?: cycles?)?{_EDGE}"), _read_days, "d"),
    (_compile(rf"{_OPEN_LEFT}(?:on )?days? (?=\d+\D{{1,6}}\d){_DAYS}{_EDGE}"), _read_unnumbered, "day"),
    (_compile(rf"{_OPEN_LEFT}(?:{UNNUMBERED_RHYTHMS}){_EDGE}"), _read_unnumbered, "demand needed required prn continuous intermittent week"),
)  # fmt: skip
_RHYTHMS: Final = tuple(
    (p, reader, tuple(held.split()) or ("",)) for p, reader, held in _RHYTHM_TABLE
)


def find_rhythm(text: str, start_char: int, end_char: int) -> Rhythm | None:
    """Return the first rhythm in a stretch of folded text; the longest of those that begin there."""
    best: re.Match[str] | None = None
    read: Callable[[re.Match[str]], _Found] = _read_unnumbered
    holds = text[start_char:end_char].__contains__
    for pattern, reader, held in _RHYTHMS:
        match = pattern.search(text, start_char, end_char) if any(map(holds, held)) else None
        if match and (best is None or (match.start(), -match.end()) < (best.start(), -best.end())):
            best, read = match, reader
    if best is None:
        return None
    times, interval, once = read(best)
    return Rhythm(best.start(), best.end(), times, interval, once)


# --- durations and courses -------------------------------------------------------------------

_LENGTH: Final = (
    rf"(?P<span>{SPAN})(?: |-)?(?:consecutive |successive |more |further )?(?P<unit>{_TIME}){_EDGE}"
)
#: Patterns, and words of which any match holds one.
_DURATIONS: Final[tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]] = (
    (
        _compile(
            rf"{_OPEN_LEFT}(?:for|over|during|throughout|up to|x|\u00d7)(?: a| the)?(?: total| mean| median| maximum)?"
            rf"(?: period| duration| course)?(?: of)?(?: up to| at least| about| approximately| the first| a mean of)?"
            rf" ?(?:\u2265 ?)?{_LENGTH}(?! (?:ago|old|earlier|of follow|follow-?up))"
        ),
        ("for", "over", "during", "throughout", "up", "x", "\u00d7"),
    ),
    (_compile(rf"\u00d7 ?{_LENGTH}"), ("\u00d7",)),
    (
        _compile(
            rf"{_OPEN_LEFT}(?<!within\ )(?<!after\ )(?<!first\ )(?<!next\ )(?<!last\ )(?<!least\ )(?P<span>{SPAN})(?: |-)?(?P<unit>days?|weeks?|wks?|months?|years?){_EDGE}"
            r"(?= of (?:oral |daily |weekly |supervised |twice-weekly )?(?!age|life|gestation|pregnancy|follow|observ|admission|birth|onset|diagnosis|hospital|stor|randomi|surgery|the |an? |each|"
            r"treatment|therapy|supplementation|it|their|his|her|survival|starting|education|experience|wash|run)[a-z])"
        ),
        ("of",),
    ),
    (
        _compile(
            rf"{_OPEN_LEFT}{_LENGTH}(?= (?:course|of treatment|treatment|period|of therapy|therapy|supplementation))"
        ),
        ("course", "treatment", "period", "therapy", "supplementation"),
    ),
)
_UNTIL: Final = _compile(
    rf"{_OPEN_LEFT}(?:un)?till? (?:the )?(?:end of )?[a-z][a-z -]{{2,40}}?(?=[,;.)]|$| and | or | in | at | to | on )"
)


def find_duration(text: str, start_char: int, end_char: int) -> Stretch | None:
    """Return the first length of treatment in a stretch of folded text, with its words alone.

    "until delivery" has words and no bounds.
    """
    stretch = text[start_char:end_char]
    found = [
        m
        for p, held in _DURATIONS
        if any(map(stretch.__contains__, held)) and (m := p.search(text, start_char, end_char))
    ]
    if found:
        match = min(found, key=re.Match.start)
        days = days_of(match["unit"])
        low, high = (bound * days for bound in span_of(match["span"]))
        lead = text[match.start() : match.start("span")]
        bounds: Bounds = (low, high)
        if "up to" in lead or "maximum" in lead:
            bounds = (None, high)
        elif "at least" in lead or "\u2265" in lead:
            bounds = (low, None)
        return Stretch(match.start("span"), match.end(), bounds)
    counted = "cycles" in stretch or "courses" in stretch
    if counted and (cycles := _CYCLES.search(text, start_char, end_char)):
        return Stretch(cycles.start("span"), cycles.end())
    until = _UNTIL.search(text, start_char, end_char) if "til" in stretch else None
    return Stretch(until.start(), until.end()) if until else None


_CYCLES: Final = _compile(
    rf"{_OPEN_LEFT}(?P<span>{SPAN}) (?:[a-z]{{1,14}} )?(?:cycles|courses){_EDGE}(?! of)"
)


_COURSES: Final[tuple[re.Pattern[str], ...]] = (
    _compile(rf"{_OPEN_LEFT}(?P<span>{SPAN}) ?(?:times|doses|injections|infusions|applications)(?: in (?:total|all)|(?! ?(?:/|per|a|each|every|daily|weekly|monthly|higher|lower|more|less|as|the|greater|longer)\b)){_EDGE}"),
    _compile(rf"(?:total of|for) (?P<span>{SPAN}) (?:doses|times|injections|infusions|occasions|rounds){_EDGE}"),
    _compile(rf"{_OPEN_LEFT}(?P<span>{SPAN}) (?:daily|weekly|monthly|quarterly|fortnightly) (?:oral )?(?:doses|injections){_EDGE}"),
    _compile(rf"\u00d7 ?(?P<span>\d{{1,2}})(?! ?(?:{_TIME}{_EDGE}|\d|%|10))"),
)  # fmt: skip


def find_course(text: str, start_char: int, end_char: int) -> Stretch | None:
    """Return the first count of doses in a stretch of folded text."""
    found = [m for p in _COURSES if (m := p.search(text, start_char, end_char))]
    if not found:
        return None
    match = min(found, key=re.Match.start)
    return Stretch(match.start(), match.end(), span_of(match["span"]))


# --- arithmetic ------------------------------------------------------------------------------


def multiply(first: Bounds, second: Bounds) -> Bounds:
    """Return the bounds of a product of two quantities that are not negative."""
    (a, b), (c, d) = first, second
    return (None if a is None or c is None else a * c, None if b is None or d is None else b * d)


def divide(first: Bounds, second: Bounds) -> Bounds:
    """Return the bounds of a quotient; the divisor is positive."""
    (a, b), (c, d) = first, second
    return (None if a is None or not d else a / d, None if b is None or not c else b / c)


def amount_per_day(amount: Bounds, times_per_day: Bounds, interval_days: Bounds) -> Bounds:
    """Return the average amount a day; open where the rhythm is unknown.

    Examples
    --------
    >>> low, high = amount_per_day((Fraction(300000),) * 2, OPEN, (Fraction(7), Fraction(10)))
    >>> float(low), round(float(high), 2)
    (30000.0, 42857.14)
    """
    if times_per_day != OPEN:
        return multiply(amount, times_per_day)
    if interval_days != OPEN:
        return divide(amount, interval_days)
    return OPEN


def number_of_doses(times_per_day: Bounds, interval_days: Bounds, duration_days: Bounds) -> Bounds:
    """Return how many doses fit a duration; doses rarer than daily count whole, from the first on.

    An interval that divides the duration gives their quotient (weekly for 4 weeks: 4 doses).
    """
    if duration_days == OPEN:
        return OPEN
    if times_per_day != OPEN:
        return multiply(times_per_day, duration_days)
    low, high = divide(duration_days, interval_days)
    return (
        None if low is None else Fraction(max(1, floor(low))),
        None if high is None else Fraction(max(1, ceil(high))),
    )
