"""What a ratio relates, by the two sides of the word on which its sentence turns.

"Smoking (OR 3.1) and bone grafts (OR 2.4) were predictors of implant failure": what stands before
"predictors of" are exposures, what follows is the outcome, and each bracket belongs to the name in
front of it. :mod:`kg.assembly.constructions` reads the words before a number alone; here the whole
sentence is looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from kg.assembly import side_words as words
from kg.assembly.context import Context
from kg.assembly.features import MEASURE_GROUPS
from kg.assembly.outline import Outline, Stretch, Turn, value_place
from kg.assembly.phrase import Phrase
from kg.assembly.side_words import BLOT, Side
from kg.assembly.words import GROUP_WORDS

#: Measures that relate two things named on the two sides of a word.
_RELATING = ("ratio", "association")
_SEEN = 0.5  # score from which the tagger saw an outcome
_REACH = 1500  # characters of the longest sentence that is looked at


@dataclass(frozen=True, slots=True)
class Sides:
    """What a sentence relates by a number; what it only points to or leaves out is ``None``.

    ``sure`` is whether its words say which of the two is the outcome ("A was associated with B" does not);
    ``reference`` is what the exposure is compared with, where that stands between the two and the number.
    """

    outcome: Phrase | None
    exposure: Phrase | None
    sure: bool = True
    reference: Phrase | None = None


class _Inside(NamedTuple):
    """What a bracket names before a number, and whether it compares that with something."""

    phrase: Phrase
    compares: bool


class _Pair(NamedTuple):
    """The name in front of a number and that beyond the pivot, with their parts where these are told."""

    own: Phrase | None
    other: Phrase | None
    own_part: Side | None
    other_part: Side | None

    @property
    def outcome_is_own(self) -> bool:
        return self.own_part == "outcome" or self.other_part == "exposure"


def read_sides(context: Context) -> dict[int, Sides]:
    """Return what the ratios of a document relate, by statistic, where their sentences tell it."""
    by_sentence: dict[int, list[int]] = {}
    for k, statistic in enumerate(context.statistics):
        if statistic.value is not None and MEASURE_GROUPS.get(statistic.measure or "") in _RELATING:
            by_sentence.setdefault(context.places[k].sentence, []).append(k)
    found = {}
    for sentence, numbers in by_sentence.items():
        if len(context.annotation.sentences[sentence].text) > _REACH:
            continue
        outline = Outline(context, sentence)
        for k in numbers:
            sides = _read(outline, k)
            if sides is not None:
                found[k] = sides
    return found


def _read(outline: Outline, k: int) -> Sides | None:
    """Return what a number relates, ``None`` where the sentence does not tell."""
    mark = outline.marks[k]
    inside: _Inside | None = None
    if _is_named_inside(outline, k):
        inside = _inside(outline, k)
        if inside is None:
            return None
    if k not in outline.brackets or not outline.pivots:
        named = _named_ratio(outline, mark)
        if named is not None:
            return named
    turn = outline.turn_of(mark)
    if turn is None:
        return None
    pair = _pair(outline, k, turn)
    if pair is None:
        return None
    own, other, own_part, other_part = pair
    if inside is not None and (own is None or own_part == "exposure"):
        own = inside.phrase
    elif inside is not None and inside.compares:
        other = inside.phrase  # "associated with leukaemia (GG vs. AA: OR …)"
    behind = _behind(outline, k)
    if behind is not None and own_part is not None:
        own, other = (behind, other) if own_part == "exposure" else (own, behind)
    follows = mark[0] >= turn[0].end()
    if inside is None and follows and own_part != "exposure":
        own = _measured(outline, (turn[0].end(), mark[0]), own) or own
    if own is None or (other is None and not pair.outcome_is_own):
        return None
    sure = own_part is not None or other_part is not None
    own_is_outcome = pair.outcome_is_own if sure else follows
    if not sure and other is not None:
        chances = [words.CHANCE_OF.match(name.raw) is not None for name in (own, other)]
        if chances[0] != chances[1]:
            sure, own_is_outcome = True, chances[0]
    outcome, exposure = (own, other) if own_is_outcome else (other, own)
    if outcome is not None and outcome.raw.lower() in words.BARE_CHANCE:
        outcome, exposure = exposure, None  # "the rates were lower for stroke"
    return None if outcome is None else Sides(outcome, exposure, sure)


def _pair(outline: Outline, k: int, turn: Turn) -> _Pair | None:
    """Return the names on the two sides of a number's pivot."""
    mark = outline.marks[k]
    match, pivot = turn
    before, after = outline.sides_of(turn, mark)
    before_part, after_part = pivot.before, pivot.after
    named = next(
        (name for name in ("outcome", "exposure", "one") if match.groupdict().get(name)), None
    )
    if mark[0] < match.end():
        if named is not None:
            return None
        own = outline.item(before, mark)
        return _Pair(own, outline.name(after, before_pivot=False), before_part, after_part)
    if named is not None:
        before = match.span(named)
        before_part = (
            "outcome" if named == "outcome" else "exposure" if named == "exposure" else None
        )
    two = _next_two(outline, match.end(), k) if named == "one" else None
    if two is not None:
        return _Pair(
            outline.name(two.span("other"), before_pivot=False),
            outline.name(two.span("one"), before_pivot=False), None, None,
        )  # fmt: skip
    colon = outline.text.find(":", match.end(), mark[0]) if named is None else -1
    if colon >= 0 and BLOT not in outline.text[match.end() : colon]:
        # "were associated with O: A (…), B (…)"
        own = outline.item((colon + 1, after[1]), mark)
        other = outline.name((match.end(), colon), before_pivot=False)
        return _Pair(own, other, before_part or "exposure", after_part or "outcome")
    own = outline.item(after, mark) if k in outline.brackets else _inline(outline, after, mark)
    return _Pair(own, outline.name(before, before_pivot=True), after_part, before_part)


def _next_two(outline: Outline, start: int, k: int) -> re.Match[str] | None:
    """Return what a later coefficient of a list relates: "between A and B (r = …) and between C and D (r = …)"."""
    first = outline.marks[k][0]
    last = outline.text.rfind(BLOT, start, first) + 1
    correlates = outline.context.statistics[k].measure in ("r", "rho")
    return words.NEXT_TWO.fullmatch(outline.text, last, first) if last and correlates else None


def _named_ratio(outline: Outline, mark: Stretch) -> Sides | None:
    """Return what a number relates in "the HR for O was 1.3 for A and 1.5 for B"."""
    found = list(words.NAMED.finditer(outline.text, 0, mark[1]))
    if not found:
        return None
    match = found[-1]
    if any(match.start() <= m.start() < match.end() for m, _ in outline.pivots):
        return None
    start, end = match.span("what")
    if (contrast := _contrast(outline, match, mark)) is not None:
        return contrast
    within = words.IN_WHOM.search(outline.text, start, end)
    exposure: Phrase | None = None
    given = within is not None and within.group().split()[0].lower() == "with"
    if within is not None:
        exposure = outline.name((within.end(), end), before_pivot=False)
        end = within.start()
    outcome = outline.name((start, end), before_pivot=False)
    last = max((blot.end() for blot in outline.blots((match.end(), mark[0]))), default=match.end())
    between = outline.text[last : mark[0]].strip(" ,")
    if "," in between or ";" in between:
        return None
    follows = words.FOR_WHOM.match(outline.text, mark[1])
    if follows is not None and given and follows["how"].lower() in ("in", "among"):
        return None if outcome is None else Sides(outcome, exposure)  # it says in whom
    told = words.NEXT.match(outline.text, last, mark[0]) if between and follows is None else None
    if follows is not None:
        exposure = outline.name(follows.span("name"), before_pivot=False) or exposure
        if _is_turned(outcome, exposure):
            outcome, exposure = exposure, outcome
    elif told is not None:
        name = outline.name(told.span("name"), before_pivot=False)
        if (told["how"] or "").lower() in ("for", "of"):
            outcome = name or outcome
        else:
            exposure = name or exposure
    return None if outcome is None else Sides(outcome, exposure)


def _contrast(outline: Outline, match: re.Match[str], mark: Stretch) -> Sides | None:
    """Return what "the HR for A versus B was 0.79 (for O)" relates: its outcome may be told elsewhere."""
    found = words.CONTRAST.fullmatch(outline.text, *match.span("what"))
    if found is None or words.IN_WHOM.search(outline.text, *found.span("one")) is not None:
        return None
    one = outline.name(found.span("one"), before_pivot=False)
    other = outline.name(found.span("other"), before_pivot=False)
    if one is None or other is None or one.score("outcome") >= _SEEN:
        return None
    follows = words.FOR_WHOM.match(outline.text, mark[1])
    if follows is not None and follows["how"].lower() != "for":
        follows = None
    outcome = None if follows is None else outline.name(follows.span("name"), before_pivot=False)
    return Sides(outcome, one, reference=other)


def _is_turned(outcome: Phrase | None, exposure: Phrase | None) -> bool:
    """Tell whether "the RR for O was 1.3 for A" is said the other way round: "the RR for coffee was 1.3 for stroke"."""
    if outcome is None or exposure is None:
        return False
    return exposure.score("outcome") >= _SEEN > outcome.score("outcome")


def _inline(outline: Outline, region: Stretch, mark: Stretch) -> Phrase | None:
    """Return the name on the side of a number in no bracket: "a HR of 1.8 for O and 1.7 for P"."""
    name = None
    follows = words.FOR_WHOM.match(outline.text, mark[1])
    if follows is None or outline.text[region[0] : region[0] + 1] != BLOT:
        name = outline.name(region, before_pivot=False)
    if name is None and follows is not None:
        name = outline.name(follows.span("name"), before_pivot=False)
    return name


def _measured(outline: Outline, region: Stretch, own: Phrase | None) -> Phrase | None:
    """Return "mortality" where a list goes on with "in men (…) and women (…)", before the second bracket."""
    start, end = region
    first = outline.text.find(BLOT, start, end)
    within = words.WITHIN.search(outline.text, start, first) if first >= 0 else None
    if within is None:
        return None
    whom = set(outline.text[within.end() : first].lower().split())
    if own is not None and not whom & GROUP_WORDS:
        in_whom = max(own.score("population"), own.score("condition"))
        if own.score("outcome") > in_whom:
            return (
                None  # "frequency in team sports (…), board games (…)": they say what, not in whom
            )
    return outline.name((start, within.start()), before_pivot=False)


def _is_named_inside(outline: Outline, k: int) -> bool:
    """Tell whether a bracket names by itself what its number is of."""
    if k not in outline.brackets:
        return False
    context = outline.context
    anchor, whole = context.places[k].anchor, context.token_at(context.statistics[k].start_char)
    return any(
        anchor < p.first and p.last <= whole for p in context.by_sentence.get(outline.sentence, ())
    )


def _inside(outline: Outline, k: int) -> _Inside | None:
    """Return the name before a number in its bracket: "(overweight: OR 0.39; obese: OR 0.26)"."""
    context = outline.context
    mark = outline.marks[k]
    start = mark[0] + outline.start
    for j, other in outline.marks.items():
        if other == mark and j < k:
            start = max(start, context.statistics[j].end_char)
    statistic = context.statistics[k]
    text = context.reading.view.text
    match = words.INSIDE.fullmatch(text, start, min(statistic.start_char, value_place(statistic)))
    if match is None:
        return None
    start, end = match.span("name")
    compared = words.COMPARED.search(text, start, end)
    phrase = context.phrase_at(start, end if compared is None else compared.start())
    return None if phrase is None else _Inside(phrase, compared is not None)


def _behind(outline: Outline, k: int) -> Phrase | None:
    """Return the name behind a number in its bracket: "(RR 1.7 for the middle third, 1.6 for the lowest)"."""
    if k not in outline.brackets:
        return None
    context = outline.context
    start, end = context.statistics[k].end_char, outline.marks[k][1] + outline.start
    match = words.BEHIND.match(context.reading.view.text, start, max(start, end))
    return None if match is None else context.phrase_at(*match.span("name"))
