"""When a result was measured: "12 months" of "at 12 months", "week 8", "last follow-up".

A point in time is told without the word before it; a period keeps it ("within 30 days"). Of several
times in a sentence a value has the one right beside it, its place in a list of times ("at 6 and 12
months"), or that of the value of another arm beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from kg.assembly.arms import ArmTable
from kg.assembly.context import Context
from kg.assembly.features import null_value
from kg.assembly.link import Link

_WORD_NUMBER = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty-four|thirty|sixty|ninety"
_NUMBER = rf"(?:\d+(?:[.,]\d+)?|{_WORD_NUMBER})"
_NUMBERS = rf"{_NUMBER}(?:(?:\s*,\s*(?:and\s+)?|\s+(?:and|or|&)\s+){_NUMBER}){{0,7}}"
_UNIT = r"(?:years?|yrs?|months?|mo|weeks?|wks?|days?|hours?|hrs?|h|minutes?|mins?)"
_SINCE = r"(?:\s+(?:after|before|post|following)\s+(?:the\s+)?[^\W\d_]+)?"
_END = r"end\s+of\s+(?:the\s+)?"
_COURSE = "treatment|study|trial|intervention|therapy|follow-?up|period|supplementation"

_ANY_UNIT = r"(?:year|yr|month|week|wk|day|hour|hr|minute|min)s?\b|[\d\s-](?:mo|h)\b"
#: What a sentence in small letters holds wherever a pattern of a kind fits; few hold much of it.
_HINTS = {
    kind: re.compile(hint)
    for kind, hint in {
        "unit": _ANY_UNIT,
        "period": rf"{_ANY_UNIT}|follow",
        "long unit": "year|month|week|day",
        "unit number": rf"(?:year|month|week|day)s?\s+-?(?:\d|{_WORD_NUMBER})",
        "-unit": "-(?:year|month|week|day|hour)",
        "day": r"d\d",
        "follow": "follow",
        "end": r"end\s",
        "treatment": "treatment",
        "clock": r"\d\s?[ap]\.?m",
    }.items()
}
#: A point in time, and the hint of it; where it is a list, ``numbers`` and ``unit`` name its members.
_POINTS = tuple(
    (hint, re.compile(pattern, re.IGNORECASE))
    for hint, pattern in (
        # "at 6 and 12 months after surgery"
        ("unit", rf"\b(?:at|after|on)\s+(?:the\s+|about\s+|approximately\s+)?(?:{_END})?"
        rf"(?P<time>(?P<numbers>{_NUMBERS})\s*(?P<unit>{_UNIT})\b(?!\s*(?:of\s+age|old|or\s+(?:older|more|less))){_SINCE})"),
        # "Six months after surgery, …", "by five years after"
        ("unit", rf"^(?:by\s+)?(?P<time>(?P<numbers>{_NUMBERS})\s+(?P<unit>{_UNIT})\b{_SINCE})(?=,|\s+after\b)"),
        # "weeks 6 to 15", "at 3 to 6 months": one time that lasts
        ("unit number", r"\b(?P<time>(?:years?|months?|weeks?|days?)\s+\d{1,3}\s*(?:to|through|-|–)\s*\d{1,3}\b(?!\s*%|[.,]\d))"),
        ("unit", rf"\b(?:at|after)\s+(?P<time>{_NUMBER}\s*(?:to|-|–)\s*{_NUMBER}\s*{_UNIT}\b(?!\s*(?:of\s+age|old)){_SINCE})"),
        # "weeks 4 and 8", "day -1"
        ("unit number", rf"\b(?P<time>(?P<unit>years?|months?|weeks?|days?)\s+(?P<numbers>-?(?:\d{{1,3}}|{_WORD_NUMBER})\b(?!\s*%|[.,]\d)"
        r"(?:(?:\s*,\s*(?:and\s+)?|\s+(?:and|or|&)\s+)\d{1,3}\b(?!\s*%|[.,]\d)){0,7}))"),
        ("day", r"\b(?:on|at|by)\s+(?P<time>[Dd]\d{1,3})\b"),
        # "3-year survival", "two- and 3-year survival", "the end of the 6-month treatment period"
        ("-unit", rf"\b(?:{_END})(?P<time>(?P<numbers>{_NUMBER})-(?P<unit>year|month|week|day|hour))\b"),
        ("-unit", rf"\b(?P<time>(?:(?P<numbers>{_NUMBER}-?(?:\s*,\s*{_NUMBER}-?){{0,7}}\s+and\s+{_NUMBER})|{_NUMBER})-(?P<unit>year|month|week|day|hour))"
        rf"\s+(?!old\b|(?:[\w-]+\s+)?(?:{_COURSE}|program|programme|course|regimen|diet|run-in)\b)(?=[^\W\d])"),
        ("long unit", r"\b(?:in|at|on|by|after)\s+(?:the\s+)?(?P<time>(?:first|second|third|fourth|\d+(?:st|nd|rd|th))\s+(?:post-?operative\s+)?"
        r"(?:day|week|month|year))\b"),
        ("follow", rf"\b(?:at|after|by)\s+(?:the\s+)?(?P<time>(?:(?:last|final|first|latest|long-term)\s+|{_END})?follow-?up(?:\s+visit)?)\b"
        r"(?!\s+(?:period\s+|time\s+)?of\b)"),
        ("end", rf"\b(?:at|by)\s+(?:the\s+)?(?P<time>{_END}(?:{_COURSE}))\b"),
        ("treatment", r"\b(?P<time>post-?treatment|pre-?treatment)\b"),
        ("clock", r"\bat\s+(?P<time>\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?m\b\.?)"),
    )
)  # fmt: skip
_BASELINE = re.compile(r"\b(?P<at>at\s+)?(?P<time>baseline)\b", re.IGNORECASE)
#: What is before "baseline" where something is compared with it.
_COMPARED = re.compile(
    r"\b(?:from|to|than|versus|vs\.?|with|over|since|above|below|of|for|between)\s+(?:(?:a|an|the|their|its|mean|overall)\s+)*(?:[\w-]+\s+)?$",
    re.IGNORECASE,
)
#: A further time of a sentence that told one: "at 3 months (14.0), 15 months (13.2)".
_FURTHER = re.compile(
    rf"(?:,|\band)\s+(?:at\s+)?(?P<time>{_NUMBER}\s+{_UNIT}|[Dd]\d{{1,3}})\b(?=\s*[(\[:]|\s+in\b|\s+for\b|[.,;]|$)",
    re.IGNORECASE,
)
#: A time that lasts: how long people were followed or treated.
_PERIODS = tuple(
    (hint, re.compile(pattern, re.IGNORECASE))
    for hint, pattern in (
        ("follow", rf"\bfollow-?up\s+(?:period\s+|time\s+|duration\s+)?of\s+(?:(?:a\s+)?(?:mean|median)\s+(?:of\s+)?)?"
        rf"(?P<time>{_NUMBER}\s+{_UNIT})\b"),
        ("period", rf"\b(?P<time>(?:over|during|within|for|from|until|up\s+to)\s+(?:the\s+)?"
        rf"(?:{_NUMBER}(?:\s+to\s+\d+)?[\s-]*{_UNIT}\b|follow-?up\b))"),
    )
)  # fmt: skip
#: Between a value and the time that is its own.
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PARTING = re.compile(r"[,;:\d]|\b(?:and|or|to|whereas|while|but|versus|vs)\b", re.IGNORECASE)
#: What is printed of a value behind its digits: its spread.
_SPREAD = re.compile(r"\s*%?\s*(?:±|\+\s?/?\s?-|\+ or -)\s*\d+(?:[.·]\d+)?\s*%?")
_NEAR = 3  # words between the two
_BACK = 60  # characters before "baseline" that say whether something is compared with it


@dataclass(frozen=True, slots=True)
class Time:
    """A time that a sentence tells; view offsets. Members of a list share `chain`."""

    start_char: int
    end_char: int
    label: str
    chain: int
    baseline: bool = False


def find_timepoints(context: Context, links: Mapping[int, Link], arms: ArmTable) -> dict[int, str]:
    """Return the time of each linked statistic (by its index) whose sentence tells one."""
    found: dict[int, str] = {}
    for sentence, group in groupby(sorted(links), key=lambda k: context.places[k].sentence):
        members = list(group)
        times = _times(context, sentence, members)
        if times:
            found.update(_Sentence(context, arms, members, times).placed())
    return found


def _times(context: Context, sentence: int, members: Sequence[int]) -> list[Time]:
    """Return the points in time of a sentence, or else its periods; a value is none itself."""
    place = context.annotation.sentences[sentence]
    starts = [s for k in members if (s := context.statistics[k].value_start) is not None]
    low = place.text.lower()
    met = {kind for kind, hint in _HINTS.items() if hint.search(low)}
    points = _matches(_POINTS, met, place.text)
    if points:
        points += _FURTHER.finditer(place.text)
    baselines = [
        m for m in (_BASELINE.finditer(place.text) if "baseline" in low else ())
        if m["at"] or not _COMPARED.search(place.text[max(0, m.start() - _BACK) : m.start()])
    ]  # fmt: skip
    found: list[Time] = []
    taken: set[int] = set()
    told = points or _matches(_PERIODS, met, place.text)
    for chain, match in enumerate([*told, *baselines]):
        a, b = (place.start_char + at for at in match.span("time"))
        own = range(a, b)
        if taken.isdisjoint(own) and not any(start in own for start in starts):
            taken.update(own)
            found.extend(_members(match, a, chain))
    return _chained(context, sorted(found, key=lambda t: t.start_char))


def _matches(
    patterns: Sequence[tuple[str, re.Pattern[str]]], met: Collection[str], text: str
) -> list[re.Match[str]]:
    """Return the matches of the patterns whose hints a text holds."""
    return [m for hint, pattern in patterns if hint in met for m in pattern.finditer(text)]


def _members(match: re.Match[str], start: int, chain: int) -> Iterator[Time]:
    """Yield the times of a match: of "6 and 12 months" there are two."""
    groups = match.groupdict()
    numbers = list(re.finditer(_NUMBER, groups.get("numbers") or "", re.IGNORECASE))
    if len(numbers) < 2:
        label = match["time"]
        yield Time(start, start + len(label), label, chain, label.lower() == "baseline")
        return
    base = start + match.start("numbers") - match.start("time")
    behind = match["time"][match.end("numbers") - match.start("time") :]
    unit, *since = behind.split(maxsplit=1) if behind.strip() else [match["unit"]]
    for number in numbers:
        label = f"{number[0]}-{match['unit']}" if unit.startswith("-") else (
            f"{number[0]} {' '.join([unit, *since])}" if behind else f"{unit.rstrip('s')} {number[0]}"
        )  # fmt: skip
        yield Time(base + number.start(), base + number.end(), label, chain)


def _chained(context: Context, times: Sequence[Time]) -> list[Time]:
    """Return times, those that only a comma or "and" parts being one list."""
    text = context.reading.view.text
    found = list(times[:1])
    for one, other in pairwise(times):
        gap = text[one.end_char : other.start_char]
        joined = re.fullmatch(r"\s*(?:,|,?\s*and|or|&)(?:\s+at)?\s*", gap) is not None
        chain = found[-1].chain if joined else other.chain
        found.append(Time(other.start_char, other.end_char, other.label, chain, other.baseline))
    return found


class _Sentence:
    """The values and times of a sentence."""

    def __init__(
        self, context: Context, arms: ArmTable, members: Sequence[int], times: Sequence[Time]
    ) -> None:
        self.context, self.members, self.times = context, members, times
        self.text = context.reading.view.text
        self.arm = {k: arms.arm_of(k) for k in members}
        self.values = [k for k in members if context.statistics[k].value is not None]

    def placed(self) -> dict[int, str]:
        """Return the time of each value: by a list of times, beside it, as its pair's, else the nearest."""
        if len(self.times) == 1 and not self.times[0].baseline:
            return dict.fromkeys(self.members, self.times[0].label)
        found = self._by_list()
        beside = {k: t for k in self.values if k not in found and (t := self._beside(k))}
        found |= beside
        found |= self._as_run_before(found)
        for one, other in [*pairwise(self.values), *pairwise(reversed(self.values))]:
            if one in beside and other not in found and self._of_two_arms(one, other):
                found[other] = found[one]
        told = set(found.values())
        for k in self.members:
            if k not in found and (t := self._nearest(k, told)) is not None:
                found[k] = t
        return {k: t.label for k, t in found.items()}

    def _runs(self) -> list[list[int]]:
        """Return the values that follow one another and are of one arm."""
        return [list(run) for _, run in groupby(self.values, key=lambda k: id(self.arm[k]))]

    def _by_list(self) -> dict[int, Time]:
        """Return the times of runs of as many values as a list of times has members."""
        for _, group in groupby(self.times, key=lambda t: t.chain):
            chain = list(group)
            if len(chain) > 1:
                runs = [run for run in self._runs() if len(run) == len(chain)]
                return {k: t for run in runs for k, t in zip(run, chain, strict=True)}
        return {}

    def _beside(self, k: int) -> Time | None:
        """Return the time right behind a value, or else right before it."""
        s = self.context.statistics[k]
        assert s.value_start is not None
        alone = s.p_start is None and s.ci_low is None
        end = s.end_char if alone else s.value_end or s.end_char
        behind = [t for t in self.times if t.start_char >= end]
        if behind and self._is_near(end, behind[0].start_char):
            return behind[0]
        before = [t for t in self.times if t.end_char <= s.value_start]
        if before and self._is_near(before[-1].end_char, s.value_start):
            return before[-1]
        return None

    def _is_near(self, start: int, end: int) -> bool:
        spread = _SPREAD.match(self.text, start, end)
        gap = _BRACKETS.sub(" ", self.text[spread.end() if spread else start : end])
        return _PARTING.search(gap) is None and len(re.findall(r"[^\W\d_]+", gap)) <= _NEAR

    def _as_run_before(self, found: Mapping[int, Time]) -> dict[int, Time]:
        """Return the times of a run told without them after a run of as many: "5 at 6 and 7 at 12 months, and 6 and 8"."""
        runs = [run for run in self._runs() if len(run) > 1]
        out: dict[int, Time] = {}
        for one, other in pairwise(runs):
            times = [found.get(k) for k in one]
            if (
                len(one) == len(other)
                and len(set(times)) == len(times)
                and not found.keys() & set(other)
            ):
                out |= {k: t for k, t in zip(other, times, strict=True) if t is not None}
        return out

    def _of_two_arms(self, one: int, other: int) -> bool:
        a, b = (self.context.statistics[k] for k in (one, other))
        end, start = sorted(s.value_start or s.start_char for s in (a, b))
        if any(end < t.start_char < start for t in self.times):
            return False
        same_list = a.group is not None and a.group == b.group and a.pairing != "from-to"
        return self.arm[one] is not self.arm[other] and (
            same_list or None not in (self.arm[one], self.arm[other])
        )

    def _nearest(self, k: int, told: set[Time]) -> Time | None:
        """Return the nearest time, one behind counting double; a baseline told beside a value is its own."""
        s = self.context.statistics[k]

        def distance(time: Time) -> int:
            if time.end_char <= s.start_char:
                return s.start_char - time.end_char
            return 2 * (time.start_char - s.start_char)

        contrast = null_value(s) is not None  # a ratio of those "deficient at baseline" is of later
        free = [t for t in self.times if not (t.baseline and (contrast or t in told))]
        return min(free, key=distance, default=None)
