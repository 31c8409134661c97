"""What stands with an amount: its rhythm, route, length and count, and what doses share.

Each amount is read by itself within its sentence and between its neighbours
(:func:`read_regimen`); then coordinated amounts share what is said once (:func:`share`), and the
next sentence may speak for all (:func:`said_next`). All functions read folded text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.numbers.dose_amounts import Amount
from kg.numbers.dose_occasions import count_sessions, find_fractions, find_occasion
from kg.numbers.dose_tables import PIECES, ROUTES, VAGUE_ROUTES
from kg.numbers.regimens import (
    OPEN,
    Rhythm,
    Stretch,
    find_course,
    find_duration,
    find_rhythm,
)
from kg.numbers.statistic import DoseReading

_AHEAD: Final = 140
_BEHIND: Final = 90
_FAR: Final = 250  # how far off a length of treatment may stand
_ROUTE: Final = re.compile(
    r"(?<![a-z0-9.])(?=[bcdefimnoprstv])(?:"
    + "|".join(f"(?P<r{k}>{pattern})" for k, (pattern, _) in enumerate(ROUTES))
    + ")(?![a-z])"
)
_NOT_A_ROUTE: Final = re.compile(r"(?:stage|grade|class|type|phase|level|group) ?$")
_COORDINATED: Final = re.compile(
    r"^[ )\]]*[/,;+&]|(?:^|[ ,;)])(?:and|or|plus|vs\.?|versus|with|then|followed by|compared with|compared to)(?: |$)|^[ ]?[/,;+&]|[/+&,] ?$|^$| \+ "
)
_LOADING: Final = re.compile(r"(?<![a-z])(?:loading|stoss|initial bolus|bolus|induction)(?![a-z])")
_MAINTENANCE: Final = re.compile(
    r"(?<![a-z])(?:maintenance|maintain\w*|thereafter|followed by|then)(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class Regimen:
    """What stands with one amount."""

    rhythm: Rhythm | None = None
    rate: Rhythm | None = None  # the "/day" of the unit
    ahead: bool = False  # the rhythm stands in front of the amount
    route: str | None = None
    duration: Stretch | None = None
    course: Stretch | None = None
    phase: str | None = None
    occasion: Stretch | None = None  # when it is given, where no rhythm is told
    divided: bool = False  # the amount is the sum of the course


def without_taken(regimen: Regimen, previous: Regimen, last: Amount, own: Amount) -> Regimen:
    """Drop what stands in front of the amount `own` and belongs to the one before it, `last`."""
    rhythm, duration = regimen.rhythm, regimen.duration
    near = rhythm is not None and rhythm.start_char - last.end_char <= 30
    if regimen.ahead and near and rhythm == previous.rhythm and not previous.ahead:
        regimen = replace(regimen, rhythm=None, ahead=False)
    if (
        duration
        and duration == previous.duration
        and last.end_char <= duration.start_char < own.start_char
    ):
        regimen = replace(regimen, duration=None)
    return regimen


@dataclass(frozen=True, slots=True)
class Place:
    """Where an amount stands: its sentence, its list, and the amounts of other lists around it."""

    sentence_start: int
    sentence_end: int
    list_start: int
    list_end: int  # where the unit of its list ends
    previous_end: int
    next_start: int


def places(amounts: Sequence[Amount], ends: Sequence[int], size: int) -> list[Place]:
    """Return the place of each amount; `ends` are the ends of sentences, `size` the text's length."""
    found: list[Place] = []
    first = 0
    while first < len(amounts):
        last = first
        while last + 1 < len(amounts) and amounts[last + 1].group == amounts[first].group:
            last += 1
        previous_end = amounts[first - 1].end_char if first else 0
        next_start = amounts[last + 1].start_char if last + 1 < len(amounts) else size
        for amount in amounts[first : last + 1]:
            at = bisect_right(ends, amount.start_char)
            found.append(
                Place(
                    ends[at - 1] if at else 0, ends[at] if at < len(ends) else size,
                    amounts[first].start_char, amounts[last].end_char, previous_end, next_start,
                )
            )  # fmt: skip
        first = last + 1
    return found


def read_regimen(text: str, amount: Amount, place: Place, routes: dict[int, str | None]) -> Regimen:
    """Return what stands with one amount; `routes` remembers those of whole sentences."""
    end = place.list_end
    ahead_end = min(place.sentence_end, end + _AHEAD, place.next_start)
    behind_start = max(place.sentence_start, amount.start_char - _BEHIND, place.previous_end)
    behind_end = min(amount.start_char, place.list_start)
    before = _rhythm_before(text, behind_start, behind_end)
    after = find_rhythm(text, end, ahead_end)
    if after and _NEXT_ONE.search(text[end : after.start_char]):
        after = None  # "0.5% and twice daily …": the rhythm of what comes next
    rhythm, ahead = after, False
    if before and (after is None or after.start_char - end > 30):
        rhythm, ahead = before, True
    rate = amount.rhythm
    if (
        rate
        and rate.start_char
        and rhythm is None
        and text[rate.start_char - 4 : rate.start_char] == "per "
    ):
        rhythm = replace(rate, start_char=rate.start_char - 4)
    if rate and rhythm is None and amount.code in PIECES:
        rhythm = rate  # "three times a week" is amount and rhythm in one
    if rate and rhythm and not ahead and rhythm.once:
        rhythm = None
    far = min(place.sentence_end, end + _FAR, place.next_start)
    duration = find_duration(text, end, far)
    if duration and _WATCHED.search(text[end : duration.start_char]):
        duration = None
    duration = duration or _duration_before(text, place, amount.start_char)
    course = find_course(text, end, ahead_end)
    if counted := count_sessions(text, amount, behind_start, ahead_end):
        course = counted
        weekly = ahead and rhythm and rhythm.start_char == counted.start_char
        if weekly:  # "eight weekly 1-h sessions"
            rhythm = find_rhythm(text, counted.end_char, behind_end)
    fractions = find_fractions(text, amount, behind_start, ahead_end)
    if fractions:
        course = fractions[0]
    if course is None:
        course = _course_before(text, behind_start, behind_end)
    route_end = min(ahead_end, _next_of_own(text, end, ahead_end))
    route = (
        _route(text, end, route_end, first=True)
        or _route(text, behind_start, behind_end, first=False)
        or _route_of_either(text, end, ahead_end)
        or _only_route(routes, text, place)
    )
    return Regimen(
        rhythm,
        rate,
        ahead,
        route,
        duration,
        course,
        _phase(text, behind_start, behind_end, end, ahead_end),
        find_occasion(text, end, route_end),
        fractions is not None and fractions[1],
    )


#: A length behind these words is none of the treatment: "and were followed for 2 years".
_WATCHED: Final = re.compile(
    r"(?<![a-z])(?:follow(?:ed|-| )?up|followed(?! by)|observed|monitored|washout|wash-out|run-in|after an?|before an?)(?![a-z])[^.;]{0,40}$"
)
_RHYTHM_GAP: Final = re.compile(
    r"[ ,(:*]*(?:[a-z0-9()/+-]+[ ,]{1,3}){0,5}[a-z0-9()/+-]*[ ,(:*]*(?:dos(?:e|es|age) )?(?:of |at )?[ (*]*"
)
_NEXT_ONE: Final = re.compile(
    r"(?:^|[ ,;)])(?:and|or|plus|versus|vs\.?|with|followed by|then|by) (?:an? |the )?$"
)


_OTHER_DRUG: Final = re.compile(
    r"(?<![a-z])(?:added to|plus|together with|combined with|in combination with|versus|vs|and|or|followed by|then) "
)


_EITHER: Final = re.compile(r"[a-z -]{0,40}?(?<![a-z])or [a-z -]{3,40}")


def _route_of_either(text: str, start: int, end: int) -> str | None:
    """Return the route of "10 IU of NPL insulin or insulin glargine injected subcutaneously"."""
    either = _EITHER.match(text, start, end)
    if either is None:
        return None
    stop = _OTHER_DRUG.search(text, either.start() + either.group().find("or ") + 3, end)
    return _route(text, start, stop.start() if stop else end, first=True)


def _next_of_own(text: str, start: int, end: int) -> int:
    """Return where what follows a dose turns to something else that is given."""
    match = _OTHER_DRUG.search(text, start, end)
    return match.start() if match and match.start() > start + 1 else end


def _rhythm_before(text: str, start: int, end: int) -> Rhythm | None:
    """Return the last rhythm in front of an amount, if little stands between ("weekly dose of")."""
    found = None
    at = start
    while rhythm := find_rhythm(text, at, end):
        found = rhythm
        at = max(rhythm.end_char, at + 1)
    if found is None:
        return None
    gap = text[found.end_char : end]
    return found if _RHYTHM_GAP.fullmatch(gap) and len(gap) <= 60 else None


def _course_before(text: str, start: int, end: int) -> Stretch | None:
    course = find_course(text, start, end)
    if course is None:
        return None
    return (
        course
        if re.fullmatch(
            r"(?: oral| intramuscular| high| large)? ?(?:doses )?(?:of )?(?:[a-z0-9-]+ ){0,4}\(?(?:[a-z0-9]+ )?",
            text[course.end_char : end],
        )
        else None
    )


def _route(text: str, start: int, end: int, *, first: bool) -> str | None:
    """Return the name of the first (or last) route in a stretch."""
    found = None
    for match in _ROUTE.finditer(text, start, end):
        if _NOT_A_ROUTE.search(text, max(0, match.start() - 8), match.start()):
            continue
        name = ROUTES[int((match.lastgroup or "r0")[1:])][1]
        if found and name in VAGUE_ROUTES:
            continue
        found = name
        if first and name not in VAGUE_ROUTES:
            break
    return found


def route_of(text: str, start: int, end: int) -> str | None:
    """Return the name of the route that a stretch of folded text names first."""
    return _route(text, start, end, first=True)


def _only_route(routes: dict[int, str | None], text: str, place: Place) -> str | None:
    """Return the route of a sentence that names one alone; `routes` keeps what was found."""
    start = place.sentence_start
    if start not in routes:
        names = {
            ROUTES[int((match.lastgroup or "r0")[1:])][1]
            for match in _ROUTE.finditer(text, start, min(place.sentence_end, start + 2000))
            if not _NOT_A_ROUTE.search(text, max(0, match.start() - 8), match.start())
        }
        routes[start] = next(iter(names)) if len(names) == 1 else None
    return routes[start]


def _duration_before(text: str, place: Place, at: int) -> Stretch | None:
    """Return the one length of treatment that a sentence states in front of a dose."""
    first = find_duration(text, max(place.sentence_start, at - _FAR), at)
    if first is None or first.bounds == OPEN:
        return None
    again = find_duration(text, first.end_char, min(place.sentence_end, at + _FAR))
    return None if again else first


def _phase(text: str, start: int, end: int, after: int, ahead_end: int) -> str | None:
    near = text[max(start, end - 50) : end]
    ahead = text[after : min(ahead_end, after + 25)]
    if _LOADING.search(near) or _LOADING.search(ahead):
        last_loading = max((m.start() for m in _LOADING.finditer(near)), default=-1)
        last_maintenance = max((m.start() for m in _MAINTENANCE.finditer(near)), default=-1)
        if last_maintenance <= last_loading or last_maintenance < 0:
            return "loading"
    if _MAINTENANCE.search(near) or re.match(r" ?maintenance", ahead):
        return "maintenance"
    return None


_SEQUENCE: Final = re.compile(
    r"(?<![a-z])(?:then|thereafter|followed by|subsequently|after which|before)(?![a-z])"
)


_NEXT_STEP: Final = re.compile(
    r"[^.]{0,40}?(?:(?<![a-z])(?:then|thereafter|followed by)(?![a-z])|\+) ?(?:an? |with |by |to |daily |weekly |monthly |doses? |of )*"
)


def is_sequence(text: str, first: Amount | DoseReading, second: Amount | DoseReading) -> bool:
    """Whether the second of two amounts is the next step of one regimen: "…, then 4000 IU/d"."""
    gap = text[first.amount_end : second.start_char]
    return len(gap) <= 60 and _NEXT_STEP.fullmatch(gap) is not None


def share(
    text: str,
    amounts: Sequence[Amount],
    regimens: list[Regimen],
    found: Sequence[Place],
) -> list[Regimen]:
    """Let coordinated amounts share what is said once: "75 mg of A and 4 mg of B daily"."""
    shared = list(regimens)
    for k in range(1, len(amounts)):  # "100 000 IU once, then 4000 IU/d": one drug, one route
        if is_sequence(text, amounts[k - 1], amounts[k]):
            shared[k] = replace(shared[k], route=shared[k].route or shared[k - 1].route)
    for k in range(len(amounts) - 2, -1, -1):
        if found[k].sentence_start != found[k + 1].sentence_start or not _coordinated(
            text, amounts[k], amounts[k + 1]
        ):
            continue
        mine, other = shared[k], shared[k + 1]
        if _SEQUENCE.search(text, amounts[k].end_char, amounts[k + 1].start_char):
            shared[k] = replace(mine, route=mine.route or other.route)
            continue
        if (
            mine.rhythm is None
            and mine.rate is None
            and not other.ahead
            and not (other.rhythm and other.rhythm.once)
        ):
            mine = replace(mine, rhythm=other.rhythm, rate=other.rate)
            if mine.course is None:
                mine = replace(mine, course=other.course)
        shared[k] = replace(
            mine, duration=mine.duration or other.duration, route=mine.route or other.route,
            occasion=mine.occasion or other.occasion,
        )  # fmt: skip
    for k in range(1, len(amounts)):
        if found[k].sentence_start != found[k - 1].sentence_start or not _coordinated(
            text, amounts[k - 1], amounts[k]
        ):
            continue
        mine, other = shared[k], shared[k - 1]
        if mine.rhythm is None and mine.rate is None and other.ahead:
            mine = replace(mine, rhythm=other.rhythm, ahead=True)
        shared[k] = replace(mine, route=mine.route or other.route)
    return shared


_GIVEN_SO: Final = re.compile(
    r"[ *]*(?:the |these |both |all |each |study )*(?:drugs?|medications?|treatments?|formulations?|both|all|each|"
    r"tablets?|capsules?|doses?|supplements?|therapy|they|it|placebo|solutions?)(?: [a-z]+){0,3}? "
    r"(?:was|were|is|are) (?:then |also )?(?:administered|given|taken|applied|instilled|received|dosed|continued)(?![a-z])"
)


def said_next(
    text: str,
    amounts: Sequence[Amount],
    regimens: list[Regimen],
    found: Sequence[Place],
    ends: Sequence[int],
) -> list[Regimen]:
    """Give doses what the next sentence says of all: "Drugs were given once daily for 8 weeks."."""
    told = list(regimens)
    for k, amount in enumerate(amounts):
        mine, start = told[k], found[k].sentence_end
        if mine.rhythm or mine.rate or amount.level or not _GIVEN_SO.match(text, start):
            continue
        stop = min(
            ends[bisect_right(ends, start)] if bisect_right(ends, start) < len(ends) else len(text),
            start + _FAR,
        )
        if k + 1 < len(amounts) and any(
            start <= a.start_char < stop for a in amounts[k + 1 : k + 8]
        ):
            continue
        told[k] = replace(
            mine, rhythm=find_rhythm(text, start, stop),
            duration=mine.duration or find_duration(text, start, stop),
            route=mine.route or _route(text, start, stop, first=True),
        )  # fmt: skip
    return told


def _coordinated(text: str, first: Amount, second: Amount) -> bool:
    if first.group == second.group:
        return True
    gap = text[first.end_char : second.start_char]
    return len(gap) <= 80 and bool(_COORDINATED.search(gap))
