"""Doses of what is no drug: sessions, minutes of exercise, capsules and servings that say no mass.

A programme is dosed in sessions ("three times a week", "eight weekly sessions") and in how long
each lasts ("45-minute sessions"); a product without a printed mass is dosed by the piece ("two
capsules daily"). All patterns read folded text (:func:`kg.numbers.regimens.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kg.numbers.dose_amounts import Amount
from kg.numbers.dose_tables import NUMBER_WORDS, SENTENCE_END, SESSION, TIMES
from kg.numbers.regimens import Rhythm, days_of, number_of, spaced, span_of, times_in

_WORDS: Final = "|".join(sorted(map(re.escape, NUMBER_WORDS), key=len, reverse=True))
_N: Final = rf"(?:\d+(?:\.\d+)?|(?:{_WORDS})(?![a-z]))"
_SPAN: Final = rf"(?P<n>{_N}(?:(?: ?- ?|-? to |-? or | and (?=\d+ min(?:utes)?,)){_N})?)"
_LEFT: Final = r"(?<![a-z0-9.,/-])"
_EDGE: Final = r"(?![a-z0-9])"
_LENGTH: Final = r"(?P<unit>min(?:ute)?s?|h(?:ours?|rs?)?)"
_ADJECTIVES: Final = r"(?:(?!(?:hours?|min|minutes?|days?|weeks?|months?) )[a-z][a-z-]*,? ){0,4}?"
_OF: Final = r"(?!(?:of|in|for|with|after|before|and|or|at|to|the|were|was|follow-up) )"
_MEETING: Final = (
    r"(?:sessions?|class(?:es)?|lessons?|workshops?|workouts?|bouts?|consultations?|appointments?)"
)
#: What is done rather than taken.
_ACTIVITY: Final = (
    r"(?:exercis\w*|training|walk(?:s|ing)?|yoga|pilates|tai chi|qigong|jogging|running|cycling|pedal(?:l?ing)|"
    r"swimming|dancing|stretching|breathing|meditation|mindfulness|relaxation|massage|acupuncture|acupressure|moxibustion|"
    r"\b\w*stimulation|tens|tdcs|physiotherapy|physical therapy|rehabilitation|counsell?ing|psychotherapy|(?:cognitive|behaviou?ral)[a-z -]{0,24} therapy|"
    r"phototherapy|(?:uv[ab]?|sun(?:light)?|sunbed|light) (?:exposure|radiation|therapy)|sunbath\w+|physical activity|lpa|"
    r"vibrations?|ventilation|percussion|toothbrushing|writing|music(?: therapy)?|hypnosis|massage|traction)"
)

_TIMED: Final[tuple[re.Pattern[str], ...]] = tuple(re.compile(spaced(p)) for p in (
    rf"{_LEFT}{_SPAN}[- ]{{0,2}}{_LENGTH}[- ](?:long )?{_OF}{_ADJECTIVES}(?:{_MEETING}|(?:counsell?ing |phone |telephone )?calls?){_EDGE}",
    rf"{_LEFT}{_SPAN}[- ]?{_LENGTH} ?(?:/|per|each|a) ?(?:each )?(?:session|class|lesson|workout|time){_EDGE}",
    rf"{_LEFT}{_SPAN}[- ]?{_LENGTH}(?: each)?(?: (?:per|a|each)|/) ?(?P<every>day|week){_EDGE}(?= (?:of )?{_ADJECTIVES}{_ACTIVITY})",
    rf"{_LEFT}{_SPAN}[- ]?{_LENGTH} (?:daily )?of {_ADJECTIVES}{_ACTIVITY}{_EDGE}",
    rf"(?:sessions?|class(?:es)?) (?:of|lasting|lasted) (?:about |approximately )?{_SPAN}[- ]?{_LENGTH}{_EDGE}",
    rf"{_ACTIVITY}(?: [^.;,()\d]{{1,40}}?)? for {_SPAN}[- ]?{_LENGTH}{_EDGE}(?! after| later)",
    rf"{_LEFT}{_SPAN}[- ]?{_LENGTH},? (?:(?:{_N} (?:days|times)|twice|thrice)(?: ?/ ?| per | a |-| each )?(?:week|weekly)|daily|every day)(?=[^.;]{{0,60}}{_ACTIVITY})",
    rf"{_ACTIVITY}[^.;\d]{{0,30}}\({_SPAN}[- ]?{_LENGTH}(?=[,;)])",
))  # fmt: skip
_COUNTED: Final[tuple[re.Pattern[str], ...]] = tuple(re.compile(spaced(p)) for p in (
    rf"{_LEFT}{_SPAN}[- ]{_OF}{_ADJECTIVES}(?P<unit>{_MEETING}|phone calls?|telephone calls?|calls|home visits?|(?:text |video )?messages?){_EDGE}",
))  # fmt: skip
_PIECE: Final = re.compile(spaced(
    rf"{_LEFT}{_SPAN} {_OF}{_ADJECTIVES}(?P<unit>capsules?|tablets?|pills?|softgels?|servings?|sachets?|puffs?|inhalations?|cups?|mouth ?(?:washes|wash|rinses?)){_EDGE}"
))  # fmt: skip
_PER_WEEK: Final = re.compile(spaced(
    rf"{_LEFT}(?:(?P<n>{_N}(?:(?: ?- ?|-? to |-? or ){_N})?) (?:times|days|sessions|x)|(?P<adverb>once|twice|thrice))"
    rf"(?: ?/ ?| per | a |-| each | every | )(?P<every>week|weekly|month|monthly){_EDGE}"
))  # fmt: skip
_DONE: Final = re.compile(rf"(?<![a-z]){_ACTIVITY}{_EDGE}")
_CODES: Final[tuple[tuple[str, str], ...]] = (
    (r"min.*", "min"), (r"h|hr.*|hour.*", "h"), (r".*calls?", "{call}"), (r".*visits?", "{visit}"),
    (r".*messages?", "{message}"), (r"capsule.*|softgel.*|pill.*", "{capsule}"), (r"tablet.*", "{tablet}"),
    (r"serving.*", "{serving}"), (r"sachet.*", "{sachet}"), (r"puff.*|inhal.*", "{puff}"), (r"cup.*", "{cup}"),
    (r"mouth.*", "{mouthwash}"), (r".*", SESSION),
)  # fmt: skip
#: Words of a sentence that says what is planned or done to people, not what came of it.
_PROGRAMME: Final = re.compile(
    r"(?<![a-z])(?:receiv\w+|randomi[sz]\w+|assigned|allocated|consist\w*|compris\w+|includ\w+|participat\w+|perform\w*|underw\w+|undergo\w*|"
    r"given|deliver\w*|conducted|intervention|program(?:me)?s?|groups?|protocol|offered|attend|attended|involv\w+|train(?:ed|ing)|exercis\w+|"
    r"instructed|advised|asked|took|take|taking|consum\w+|ingest\w+|administ\w+|treat\w+|versus|vs|supplement\w*|rinsed?|sent)(?![a-z])"
)
_OUTCOME: Final = re.compile(
    r"(?<![a-z])(?:mean|median|average|adherence|attendance|completed|additional|outcomes? for(?: the)?|compliance|\d+ ?% of(?: the)?|less|more|fewer|"
    r"increased?|decreased?|reduced|improv\w+|at least|longer|shorter|within|after|before|during|every|first|last|second|third|final|follow-up)(?: [a-z]+){0,3} $"
)
_RHYTHM_NEAR: Final = re.compile(
    r"(?<![a-z])(?:daily|a day|per day|each day|every (?:day|morning|evening|night)|twice|(?:two|three|four) times|b\.?i\.?d|t\.?i\.?d|q\.?d|a week|per week|weekly|/ ?day|/ ?d|"
    r"with (?:breakfast|lunch|dinner|meals?|each meal)|before (?:breakfast|bed|meals?))(?![a-z])"
)


#: A sentence without any of these doses nothing here; most have none.
_TRIGGER: Final = re.compile(
    r"(?<![a-z])(?:min(?:ute)?s?(?![a-z])|hours?|h(?![a-z])|hrs?(?![a-z])|sessions?|class|lesson|work(?:shop|out)|bouts?(?![a-z])|consultation|appointment|"
    r"calls?(?![a-z])|visits?|messages?|capsule|tablet|pills?(?![a-z])|softgel|serving|sachet|puff|inhalation|cups?(?![a-z])|mouth|week|month)"
)


def find_sessions(text: str, source: str, taken: Sequence[Amount]) -> list[Amount]:
    """Return amounts of sessions, of time and of pieces, left to right.

    Parameters
    ----------
    text
        Folded text.
    source
        The text as it stands, in which sentences end.
    taken
        Amounts with a mass, a volume or an activity; a sentence that holds one doses by it.
    """
    ends = [m.end() for m in SENTENCE_END.finditer(source)]
    found: list[Amount] = []
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        if _TRIGGER.search(text, start, end) and _PROGRAMME.search(text, start, end):
            dosed = any(
                start <= a.start_char < end and not a.level and a.code != "%" for a in taken
            )
            found.extend(_in_sentence(text, start, end, dosed=dosed))
    return found


def _in_sentence(text: str, start: int, end: int, *, dosed: bool) -> Iterator[Amount]:
    timed = _matches(_TIMED, text, start, end)
    yield from (_amount(text, m) for m in timed)
    if timed or dosed:
        return
    counted = [m for m in _matches(_COUNTED, text, start, end) if m["n"] not in {"a", "an"}]
    if counted:
        yield from (_amount(text, m) for m in counted)
        return
    if _DONE.search(text, start, end):
        weekly = list(_PER_WEEK.finditer(text, start, end))
        yield from (_weekly(m) for m in weekly if not _is_outcome(text, m.start()))
        if weekly:
            return
    for match in _PIECE.finditer(text, start, end):
        if _RHYTHM_NEAR.search(text, max(start, match.start() - 20), min(end, match.end() + 60)):
            yield _amount(text, match)


def _matches(
    patterns: Sequence[re.Pattern[str]], text: str, start: int, end: int
) -> list[re.Match[str]]:
    """Return matches that do not overlap, those that begin earlier first."""
    every = [m for p in patterns for m in p.finditer(text, start, end)]
    kept: list[re.Match[str]] = []
    for match in sorted(every, key=lambda m: m.start("n")):
        free = not kept or match.start("n") >= kept[-1].end("unit")
        if free and not _is_outcome(text, match.start("n")):
            kept.append(match)
    return kept


def _is_outcome(text: str, at: int) -> bool:
    near = text[max(0, at - 40) : at]
    return _OUTCOME.search(near) is not None or near.rstrip().endswith(("\u00b1", "+/-"))


def _amount(text: str, match: re.Match[str]) -> Amount:
    low, high = span_of(match["n"])
    unit = match["unit"]
    code = next(code for pattern, code in _CODES if re.fullmatch(pattern, unit))
    every = match.groupdict().get("every")
    rhythm = None
    if every:
        times, interval = times_in((low / low, low / low), days_of(every)) if low else (None, None)
        if times is not None and interval is not None:
            rhythm = Rhythm(match.start("every"), match.end("every"), times, interval)
    inner = match.end("n") + 1, match.start("unit") - 1
    return Amount(
        match.start("n"), match.end("unit"), low, high, code, "strong", match.start("n"), match.end("n"),
        match.start("unit"), match.end("unit"), rhythm=rhythm, spelled=unit,
        inner=inner if _names(text, code, inner) else None,
    )  # fmt: skip


def _names(text: str, code: str, inner: tuple[int, int]) -> bool:
    """Whether the words between number and unit name what is given: "two olive oil capsules"."""
    if code in {"{capsule}", "{tablet}", "{serving}", "{sachet}", "{cup}"}:
        return inner[1] - inner[0] > 2
    return inner[1] > inner[0] and _DONE.search(text, *inner) is not None


def _weekly(match: re.Match[str]) -> Amount:
    """Return so many sessions a week: "three times a week"."""
    if match["adverb"]:
        low = high = number_of(str(TIMES[match["adverb"]]))
        first, last = match.span("adverb")
    else:
        low, high = span_of(match["n"])
        first, last = match.span("n")
    one = number_of("1")
    times, interval = times_in((one, one), days_of(match["every"]))
    rhythm = Rhythm(match.start(), match.end(), times, interval)
    return Amount(
        match.start(), match.end(), low, high, SESSION, "strong", first, last, last, match.end(),
        rhythm=rhythm, spelled="times",
    )  # fmt: skip
