"""Doses of what is no drug: sessions, minutes of exercise, capsules and servings that say no mass.

A programme is dosed in sessions ("three times a week", "eight weekly sessions") and in how long
each lasts ("45-minute sessions"); a product without a printed mass is dosed by the piece ("two
capsules daily"). All patterns read folded text (:func:`kg.numbers.regimens.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from kg.numbers.dose_amounts import Amount, bounded
from kg.numbers.dose_tables import NUMBER_WORDS, SESSION, TIMES
from kg.numbers.regimens import Rhythm, days_of, number_of, sentence_ends, spaced, span_of, times_in

_WORDS: Final = "|".join(sorted(map(re.escape, NUMBER_WORDS), key=len, reverse=True))
_N: Final = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|(?:{_WORDS})(?![a-z]))"
_SPAN: Final = rf"(?P<n>{_N}(?:(?: ?- ?|-? to |-? or | and (?=\d+ min(?:utes)?,)){_N})?)"
_LEFT: Final = r"(?<![a-z0-9.,/-])(?![a-z]+-(?:on|to)-)"
_EDGE: Final = r"(?![a-z0-9])"
_LENGTH: Final = r"(?P<unit>min(?:ute)?s?|h(?:ours?|rs?)?|sec(?:ond)?s?)"
#: Words between a number and what it counts: none that ends the phrase ("24 subjects under two sessions").
_ADJECTIVES: Final = (
    r"(?:(?!(?:hours?|min|minutes?|days?|weeks?|months?|of|in|for|with|under|per|each|and|or|to|received?|were|was|had|"
    rf"subjects?|patients?|participants?|women|men|children|measures?|groups|{_WORDS}) )[a-z][a-z-]*,? ){{0,4}}?"
)
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
    r"vibrations?|ventilation|percussion|toothbrushing|writing|music(?: therapy)?|hypnosis|massage|traction|"
    r"infrared(?: radiation)?|irradiation|rins(?:e|ed|ing)|exergam\w*|reiki|reflexology|hydrotherapy|cryotherapy|diathermy|laser therapy|"
    r"kangaroo(?: mother)? care|skin-to-skin(?: contact)?)"
)
#: An activity with up to two words that say which: "brisk walking".
_NAMED: Final = (
    r"(?<![a-z0-9-])(?P<name>(?:(?!(?:and|or|of|the|an?|to|in|with|for|by|on|at|from|each|every|their|his|her|per|performed?|performing|received?|underwent|did|daily|weekly|"
    r"groups?|plus|versus|vs|minutes?|min|weeks?|months?|days?|hours?|then|after|before|during|completed|attended|supervised|without|using|including|via|through|depending|was|were|is|are|all|both) )[a-z][a-z-]* ){0,2}?"
    rf"{_ACTIVITY})"
)
_TAUGHT: Final = re.compile(
    r"(?<![a-z])(?:therapy|coaching|counsel\w+|education\w*|support|skills?)(?![a-z])"
)
_MANNER: Final = re.compile(
    r"(?:(?:weekly|daily|monthly|individual|supervised|group|group-based|face-to-face|additional|consecutive|short|brief|regular|long|structured)[ -]+)*"
)
_VISIT: Final = (
    r"(?:(?:home|house|on-?site|nurs(?:e|ing)|mentoring|coaching|counsell?ing|educational?|supervisory|outreach|midwi[a-z]+) visits?"
    r"|visits?(?= (?:by|of|from|with) (?:an? |the )?(?:[a-z]+ )?(?:midwi|nurse|therapist|counsell?or|pharmacist|physiotherapist|dieti|educator|coach|volunteer)))"
)
_TIMES: Final = rf"(?:{_N} (?:days|times)|once|twice|thrice)(?: ?/ ?| per | a |-| each | every | )(?:day|week|daily|weekly|month)"

_LAST_NAMED: Final = re.compile(rf"{_NAMED}(?![a-z])")
_TIMED: Final[tuple[re.Pattern[str], ...]] = tuple(re.compile(spaced(p)) for p in (
    rf"{_LEFT}{_SPAN}[- ]{{0,2}}{_LENGTH}[- ](?:long )?{_OF}{_ADJECTIVES}(?:{_MEETING}|(?:counsell?ing |phone |telephone )?calls?){_EDGE}",
    rf"{_LEFT}{_SPAN}[- ]?{_LENGTH} ?(?:/|per|each|a) ?(?:each )?(?:session|class|lesson|workout|time){_EDGE}",
    rf"{_LEFT}{_SPAN}[- ]?{_LENGTH}(?: each)?(?: (?:per|a|each)|/) ?(?P<every>day|week){_EDGE}(?= (?:of |for )?{_ADJECTIVES}{_ACTIVITY})",
    rf"{_LEFT}{_SPAN}[- ]?{_LENGTH} (?:daily )?of {_ADJECTIVES}{_ACTIVITY}{_EDGE}",
    rf"(?:sessions?|class(?:es)?) (?:of|lasting|lasted) (?:about |approximately )?{_SPAN}[- ]?{_LENGTH}{_EDGE}",
    rf"{_NAMED}(?: [^.;,()\d]{{1,40}}?)?(?: \([^()]{{1,24}}\))? for {_SPAN}[- ]?{_LENGTH}{_EDGE}(?! after| later)",
    rf"{_LEFT}{_SPAN}[- ]?{_LENGTH},? (?:(?:{_N} (?:days|times)|twice|thrice)(?: ?/ ?| per | a |-| each )?(?:week|weekly)|daily|every day)(?=[^.;]{{0,60}}{_ACTIVITY})",
    rf"{_NAMED}[^.;\d]{{0,30}}\({_SPAN}[- ]?{_LENGTH}(?=[,;)])",
    rf"{_NAMED}[^.;]{{0,60}}?{_TIMES},? for (?:about |approximately |at least )?{_SPAN}[- ]?{_LENGTH}{_EDGE}",
    rf"(?:program(?:me)?s?|interventions?|training|course)(?![a-z])[^.;]{{0,60}}? (?:for|of) {_SPAN}[- ]?{_LENGTH} ?(?:/|per|a|each) ?(?P<every>day|week){_EDGE}",
))  # fmt: skip
_COUNTED: Final[tuple[re.Pattern[str], ...]] = tuple(re.compile(spaced(p)) for p in (
    rf"{_LEFT}{_SPAN}[- ](?:times of )?{_OF}{_ADJECTIVES}(?P<unit>{_MEETING}|phone calls?|telephone calls?|calls|{_VISIT}|(?:text |video )?messages?){_EDGE}",
    rf"{_LEFT}{_SPAN} (?:(?:\d{{1,2}}|two|three|four)-?(?:weekly|week|day) )?{_OF}{_ADJECTIVES}(?P<unit>cycles)(?= (?:\([^()]{{0,60}}\) )?of (?:\([a-z]+\))?[a-z])",
))  # fmt: skip
#: What any of the above holds: the length of something, or something that is counted.
_LASTING: Final = re.compile(
    r"(?<![a-z])(?:min(?:ute)?s?|h(?:ours?|rs?)?|sec(?:ond)?s?)"
    r"(?:(?![a-z0-9])|(?:per|each|a)[ *]*(?:each|session|class|lesson|workout|time))"
)
_MET: Final = re.compile(
    r"session|class|lesson|work(?:shop|out)|bout|consultation|appointment|call|visit|message|cycles"
)
_PIECE: Final = re.compile(spaced(
    rf"{_LEFT}{_SPAN} {_OF}{_ADJECTIVES}(?P<unit>capsules?|tablets?|pills?|softgels?|servings?|portions?|sachets?|puffs?|inhalations?|cups?|glasses|cans|bottles|steps|mouth ?(?:washes|wash|rinses?)){_EDGE}"
    r"(?: ?/ ?(?P<every>day|d|week)(?![a-z]))?"
))  # fmt: skip
_PER_WEEK: Final = re.compile(spaced(
    rf"{_LEFT}(?:(?P<n>{_N}(?:(?: ?- ?|-? to |-? or ){_N})?)(?: (?:times|days|sessions)| ?x)|(?P<adverb>once|twice|thrice))"
    rf"(?: ?/ ?| per | a |-| each | every | )(?P<every>week|wk|weekly|month|monthly){_EDGE}"
))  # fmt: skip
_DONE: Final = re.compile(rf"(?<![a-z]){_ACTIVITY}{_EDGE}")
#: What is done to people so many times a week, whatever it is; measurements and samples are done too.
_CARRIED_OUT: Final = re.compile(
    r"(?<![a-z])(?P<what>[^.;]{0,80}?)(?:was|were|is) (?:then |also )?(?:performed|delivered|conducted|carried out|held|applied|provided|given)(?: [a-z]+){0,3} $"
)
_LOOKED_AT: Final = re.compile(
    r"(?<![a-z])(?:measure\w*|test\w*|assess\w*|monitor\w*|sampl\w*|examin\w*|biops\w*|evaluat\w*|ultrasound|radiograph\w*|spirometr\w*|record\w*|"
    r"(?:oral|topical|cream|gel|ointment|drops?|tablets?|capsules?|drug|medication)s?)(?![a-z])"
)
_CODES: Final[tuple[tuple[str, str], ...]] = (
    (r"min.*", "min"), (r"h|hr.*|hour.*", "h"), (r"sec.*", "s"), (r"cycles", "{cycle}"), (r".*calls?", "{call}"), (r".*visits?", "{visit}"),
    (r".*messages?", "{message}"), (r"capsule.*|softgel.*|pill.*", "{capsule}"), (r"tablet.*", "{tablet}"),
    (r"serving.*|portion.*", "{serving}"), (r"steps", "{step}"), (r"glass.*", "{glass}"), (r"cans", "{can}"), (r"bottles", "{bottle}"), (r"sachet.*", "{sachet}"), (r"puff.*|inhal.*", "{puff}"), (r"cup.*", "{cup}"),
    (r"mouth.*", "{mouthwash}"), (r".*", SESSION),
)  # fmt: skip
#: Words of a sentence that says what is planned or done to people, not what came of it.
_PROGRAMME: Final = re.compile(
    r"(?<![a-z])(?:receiv\w+|randomi[sz]\w+|assigned|allocated|consist\w*|compris\w+|includ\w+|participat\w+|perform\w*|underw\w+|undergo\w*|"
    r"given|deliver\w*|conducted|intervention|program(?:me)?s?|groups?|protocol|offered|attend|attended|involv\w+|train(?:ed|ing)|exercis\w+|"
    r"instructed|advised|asked|took|take|taking|consum\w+|ingest\w+|administ\w+|treat\w+|versus|vs|supplement\w*|rinsed?|sent|suppl(?:y|ied)|drink|eat)(?![a-z])"
)
_OUTCOME: Final = re.compile(
    r"(?<![a-z])(?:mean|median|average|adherence|attendance|completed|additional|outcomes? for(?: the)?|compliance|\d+ ?% of(?: the)?|less|more|fewer|"
    r"increased?|decreased?|reduced|improv\w+|achiev\w+|at least|longer|shorter|within|after|before|following|during|every|first|last|second|third|final|"
    r"follow-up)(?: [a-z]+){0,3} $|(?<![a-z])(?:mean|median|average) ?= ?$|(?<![a-z])per $"
)
_RHYTHM_NEAR: Final = re.compile(
    r"(?:/ ?(?:day|d|week)|(?<![a-z])(?:daily|a day|per day|each day|every (?:day|morning|evening|night)|twice|(?:two|three|four) times|b\.?i\.?d|t\.?i\.?d|q\.?[di]\.?d?|a week|per week|weekly|"
    r"with (?:breakfast|lunch|dinner|meals?|each meal)|before (?:breakfast|bed|meals?)))(?![a-z])"
)


#: A sentence without any of these doses nothing here; most have none.
_TRIGGER: Final = re.compile(
    r"(?<![a-z])(?:min(?:ute)?s?(?![a-z])|sec(?:ond)?s?(?![a-z])|hours?|h(?![a-z])|hrs?(?![a-z])|sessions?|class|lesson|work(?:shop|out)|bouts?(?![a-z])|consultation|appointment|"
    r"calls?(?![a-z])|visits?|messages?|capsule|tablet|pills?(?![a-z])|softgel|serving|sachet|puff|inhalation|cups?(?![a-z])|mouth|portion|glasses|cans(?![a-z])|bottles|steps|cycles|week|wk|month)"
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
    found: list[Amount] = []
    ends = sentence_ends(source) if _TRIGGER.search(text) else ()
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        if _TRIGGER.search(text, start, end) and _PROGRAMME.search(text, start, end):
            dosed = any(
                start <= a.start_char < end and not a.level and a.code != "%" for a in taken
            )
            found.extend(_in_sentence(text, start, end, dosed=dosed))
    return found


def _in_sentence(text: str, start: int, end: int, *, dosed: bool) -> Iterator[Amount]:
    timed = _matches(_TIMED, text, start, end) if _LASTING.search(text, start, end) else []
    yield from (_amount(text, m) for m in timed)
    if timed or dosed:
        return
    met = _MET.search(text, start, end)
    counted = [
        m
        for m in (_matches(_COUNTED, text, start, end) if met else ())
        if m["n"] not in {"a", "an"}
    ]
    if counted:
        yield from (_amount(text, m) for m in counted)
        return
    done = _DONE.search(text, start, end) is not None
    weekly = [
        m for m in _PER_WEEK.finditer(text, start, end)
        if done or _is_carried_out(text[max(start, m.start() - 120) : m.start()])
    ]  # fmt: skip
    if weekly:
        yield from (_weekly(text, m) for m in weekly if not _is_outcome(text, m.start()))
        return
    for match in _PIECE.finditer(text, start, end):
        near = _RHYTHM_NEAR.search(
            text, max(start, match.start() - 20), min(end, match.end("unit") + 60)
        )
        if near and not _is_outcome(text, match.start("n")):
            yield _amount(text, match)


def _is_carried_out(before: str) -> bool:
    """Whether the words in front of a rhythm say that something is done to people: "NBUVB was performed"."""
    match = _CARRIED_OUT.search(before)
    return match is not None and _LOOKED_AT.search(match["what"]) is None


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
    first, last = span_of(match["n"].replace(",", ""))
    unit = match["unit"]
    code = next(code for pattern, code in _CODES if re.fullmatch(pattern, unit))
    every = match.groupdict().get("every")
    rhythm = None
    if every:
        times, interval = times_in((Fraction(1), Fraction(1)), days_of(every))
        words = text[match.end("unit") : match.end("every")]
        rhythm = Rhythm(
            match.end("every") - len(words.lstrip()), match.end("every"), times, interval
        )
    start, (low, high), _ = bounded(
        text, match.start("n"), match.end("unit"), (first, last), whole=first == last
    )
    if text.startswith(("over", "under"), start):  # "over six sessions": in the course of six
        start, low, high = match.start("n"), first, last
    inner = match.end("n") + 1, match.start("unit") - 1
    return Amount(
        start, rhythm.end_char if rhythm else match.end("unit"), low, high, code, "strong",
        match.start("n"), match.end("n"), match.start("unit"), match.end("unit"), rhythm=rhythm, spelled=unit,
        name=_name(text, match, code, inner), inner=inner if _names(text, code, inner) else None,
    )  # fmt: skip


def _name(
    text: str, match: re.Match[str], code: str, inner: tuple[int, int]
) -> tuple[int, int] | None:
    """Return where the activity or the teaching is named: "humour therapy" of "nine weekly humour therapy sessions"."""
    if match.groupdict().get("name"):
        return None if match["name"].startswith("rins") else match.span("name")
    if code not in {SESSION, "min", "h"} or inner[1] <= inner[0] or not _names(text, code, inner):
        return None
    start = _MANNER.match(text, *inner)
    first = start.end() if start else inner[0]
    return (first, inner[1]) if first < inner[1] else None


def _names(text: str, code: str, inner: tuple[int, int]) -> bool:
    """Whether the words between number and unit name what is given: "two olive oil capsules"."""
    if code in {"{capsule}", "{tablet}", "{serving}", "{sachet}", "{cup}"}:
        return inner[1] - inner[0] > 2
    return inner[1] > inner[0] and bool(_DONE.search(text, *inner) or _TAUGHT.search(text, *inner))


def _weekly(text: str, match: re.Match[str]) -> Amount:
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
        rhythm=rhythm, spelled="times", name=_done_before(text, match.start()),
    )  # fmt: skip


def _done_before(text: str, at: int) -> tuple[int, int] | None:
    """Return what is done so often, named close in front: "resistance training (3x/wk)"."""
    start = max(0, at - 80)
    named = [m.span("name") for m in _LAST_NAMED.finditer(text, start, at)]
    if not named or re.search(r"[.;:]", text[named[-1][1] : at]) or at - named[-1][1] > 40:
        return None
    return named[-1]
