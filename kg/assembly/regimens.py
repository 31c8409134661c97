"""Which intervention a regimen without an amount is of: "timolol twice daily", "two injections of bevacizumab"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.assembly.annotation import Annotation, TaggedMention
from kg.assembly.context import Context
from kg.assembly.doses import Told
from kg.assembly.labels import tidy
from kg.assembly.registry import Registry
from kg.assembly.words import GENERIC_WORDS, GROUP_WORDS
from kg.numbers.dose_told import find_trial_length
from kg.numbers.given import goes_with, says_how
from kg.numbers.statistic import RegimenReading
from kg.records import Dose, Regimen, content_id
from kg.text import Reading

Place = tuple[int, int]

_NAMING = frozenset({"intervention", "comparator", "chemical"})
_CONTROLS = frozenset({"placebo", "sham", "vehicle"})
_SURE = 0.5  # score from which a mention names what is given
#: Between two names of which both are given so: "placebo or brinzolamide twice daily".
_COORDINATED = re.compile(
    r"\s*(?:\([^()]{0,80}\)\s*)?(?:,|,?\s+(?:or|and|vs\.?|versus)|\+)\s+(?:the\s+|an?\s+)?"
)


@dataclass(frozen=True, slots=True)
class _Given:
    """A regimen, the name that it goes with, and all places that tell of both."""

    intervention: str
    reading: RegimenReading
    places: tuple[Place, ...]


def attach_regimens(
    reading: Reading, context: Context, annotation: Annotation, study: str,
    regimens: Sequence[RegimenReading], told: Sequence[Told], doses: Sequence[Dose], interventions: Registry,
) -> list[Regimen]:  # fmt: skip
    """Return the regimens of a study whose amount the text leaves out, each once, in text order.

    One that goes with no name is left out, as is one that the doses `told` hold already: within a dose,
    or as often as a dose of the same intervention. An intervention that nothing has named yet is
    entered in `interventions`.
    """
    text = reading.view.text
    taken = [p for d, places in told for p in ((d.start_char, d.end_char), *places)]
    dosed = {(d.intervention, *_pace(d)) for d in doses}
    mentions = [m for m in annotation.mentions if m.kind in _NAMING and m.score >= _SURE]
    holes = [*taken, *((r.start_char, r.end_char) for r in regimens)]
    found: dict[tuple[object, ...], _Given] = {}
    for r in regimens:
        if any(a < r.end_char and r.start_char < b for a, b in taken):
            continue
        for name in _names_of(text, r, _names_beside(text, annotation, mentions, r, holes)):
            label = context.names.written_out(tidy(text[slice(*name)]), name[0])
            identifier = interventions.find_same(label) or interventions.add(
                label, reading.span(*name)
            )
            key = (identifier, *_pace(r))
            if key in dosed:
                continue
            place = min(name[0], r.start_char), max(name[1], r.end_char)
            found[key] = _again(found.get(key), _Given(identifier, r, (place,)))
    return [_record(reading, study, given) for given in found.values()]


def _pace(item: Regimen | RegimenReading) -> tuple[object, ...]:
    """Return how often something is given, in numbers; in words where there are none."""
    numbers = (item.times_per_day_low, item.interval_days_low, item.doses_low)
    if numbers == (None, None, None):
        return (*numbers, (item.frequency or "").casefold())
    return (*numbers, "")


#: Words between two things of which each is given by itself.
_APART = re.compile(
    r"\s*,?\s+(?:or|versus|vs\.?|compared (?:with|to)|(?:and )?(?:receiv(?:ed|ing)|continued|followed))\s+(?:to\s+)?|,\s"
)
_LEADING = re.compile(r"(?:\s|[,;:]|\(?\d\)\s|\b(?:and|or|plus|with|to|the|an?|either)\s)*")
_TRAILING = frozenset(
    "given administered dosed instilled applied taken used injected was were and plus with each".split()
)


def _names_beside(
    text: str, annotation: Annotation, mentions: Sequence[TaggedMention], r: RegimenReading,
    holes: Sequence[Place],
) -> list[Place]:  # fmt: skip
    """Return the names in the sentence of a rhythm, in order, without the `holes`: rhythms and doses."""
    sentence = annotation.sentence_at(r.start_char)
    if sentence is None:
        return []
    start, end = annotation.sentences[sentence].start_char, annotation.sentences[sentence].end_char
    names: list[Place] = []
    for m in mentions[bisect_left(mentions, start, key=lambda m: m.start_char) :]:
        if m.start_char >= end:
            break
        at = m.start_char
        for hole in sorted(holes):
            if at < hole[1] and hole[0] < m.end_char:
                names += _parts(text, at, hole[0])
                at = max(at, hole[1])
        names += _parts(text, at, m.end_char)
    return _without_inner(names)


def _parts(text: str, start: int, end: int) -> Iterator[Place]:
    """Yield the names that a stretch holds: two where it compares, what stands in a bracket that stays open."""
    stops = [*((m.start(), m.end()) for m in _APART.finditer(text, start, end)), (end, end)]
    for stop, after in stops:
        opened = text.rfind("(", start, stop)
        if opened >= 0 and text.find(")", opened, stop) < 0:
            start = opened + 1
        if lead := _LEADING.match(text, start, stop):
            start = lead.end()
        last = start + len(_without_trailing(text[start:stop]))
        if last - start > 1:
            yield start, last
        start = after


def _without_trailing(name: str) -> str:
    """Return a name without the words at its end that tell how it is given."""
    kept = name.rstrip(" \n\t,;:(")
    while kept and (word := kept.split()[-1]) in _TRAILING:
        kept = kept[: -len(word)].rstrip(" \n\t,;:(")
    return kept


def _without_inner(names: Iterable[Place]) -> list[Place]:
    """Return the places, of those that overlap the longest."""
    kept: list[Place] = []
    for name in sorted(set(names), key=lambda p: (p[0] - p[1], p)):
        if not any(a < name[1] and name[0] < b for a, b in kept):
            kept.append(name)
    return sorted(kept)


def _names_of(text: str, r: RegimenReading, names: Sequence[Place]) -> list[Place]:
    """Return the names that a rhythm goes with: the nearer of the two beside it, and what is listed with it.

    "Once-daily insulin" looks ahead: between two names at the same distance a hyphen or a comma decides.
    """
    names = [name for name in names if _tells(text[slice(*name)])]
    before = [k for k, n in enumerate(names) if n[1] <= r.start_char and goes_with(text, n, r)]
    behind = [n for n in names if n[0] >= r.end_char and goes_with(text, n, r)]
    if not before:
        return behind[:1]
    last = before[-1]
    if behind:
        ahead = "-" in text[r.start_char : r.end_char] or "," in text[names[last][1] : r.start_char]
        if len(text[r.end_char : behind[0][0]].split()) < len(
            text[names[last][1] : r.start_char].split()
        ) + int(ahead):
            return behind[:1]
    first = last
    while first and _COORDINATED.fullmatch(text, names[first - 1][1], names[first][0]):
        first -= 1
    return list(names[first : last + 1])


def _tells(name: str) -> bool:
    """Whether a name says what is given: "the treatment group" and "evening dosing" do not."""
    words = set(re.findall(r"\w+", tidy(name).lower()))
    return not words <= (GENERIC_WORDS | GROUP_WORDS) - _CONTROLS and not says_how(name)


def _again(known: _Given | None, given: _Given) -> _Given:
    """Return a regimen with what another telling of it adds."""
    if known is None:
        return given
    one, other = known.reading, given.reading
    if one.route is None:
        one = replace(one, route=other.route)
    if one.duration is None and other.duration is not None:
        one = replace(
            one, duration=other.duration, duration_start=other.duration_start,
            duration_end=other.duration_end, duration_days_low=other.duration_days_low,
            duration_days_high=other.duration_days_high,
        )  # fmt: skip
    return _Given(known.intervention, one, (*known.places, *given.places))


def _record(reading: Reading, study: str, given: _Given) -> Regimen:
    r, places = given.reading, list(given.places)
    duration, days = r.duration, (r.duration_days_low, r.duration_days_high)
    length = (r.duration_start, r.duration_end)
    if duration is None and r.doses_low is None:
        trial = find_trial_length(reading.view.text)
        if trial is not None:
            low, high = trial.bounds
            days = (None if low is None else float(low), None if high is None else float(high))
            length = (trial.start_char, trial.end_char)
            duration = reading.view.text[slice(*length)]
    if length[0] is not None and length[1] is not None:
        places.append((length[0], length[1]))
    key = [study, given.intervention, *_pace(r), duration, places[0][0]]
    return Regimen(
        id=content_id("regimen", key), intervention=given.intervention,
        times_per_day_low=r.times_per_day_low, times_per_day_high=r.times_per_day_high,
        interval_days_low=r.interval_days_low, interval_days_high=r.interval_days_high,
        frequency=r.frequency, route=r.route, duration=duration,
        duration_days_low=days[0], duration_days_high=days[1],
        doses_low=r.doses_low, doses_high=r.doses_high,
        evidence=tuple(reading.span(*place) for place in dict.fromkeys(places)),
    )  # fmt: skip
