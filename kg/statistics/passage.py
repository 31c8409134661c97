"""An effect with the words around it, as the checks read them: plain text, markup taken out."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kg.records import Effect, Record, Span, Study
from kg.statistics.catalogue import CATALOGUE, Severity

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_LINK = re.compile(r"\]\([^()\s]{0,300}(?:\s[^()]{0,200})?\)")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,2}|_{1,2}(?!\w)")
_SPACE = re.compile(r"\s{2,}|[^\S ]")
#: Who is counted, as part of a pattern.
PEOPLE = (
    r"(?:patients|participants|subjects|women|men|children|adults|people|individuals|volunteers|infants|adolescents|"
    r"persons|athletes|students|eyes|girls|boys|smokers|residents|nurses|mothers|couples|rats|mice|pigs|dogs)"
)


def plain(text: str) -> str:
    """Return a stretch of source text without markup, entities resolved, white space folded.

    Examples
    --------
    >>> plain("(**RR 0.88**  (95% CI&nbsp;0.78&ndash;0.98); <em>p</em> &lt;0.01")
    '(RR 0.88 (95% CI 0.78–0.98); p <0.01'
    """
    if "<" in text:
        text = _TAG.sub("", text)
    if "](" in text:
        text = _LINK.sub("]", text)
    if "&" in text:
        text = html.unescape(text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub("", text)
    if "  " in text or not text.isprintable():  # of white space, only the blank is printable
        text = _SPACE.sub(" ", text)
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    ``effects`` are the identifiers of the effects it is about, none for a finding on a document;
    ``evidence`` is the place in the text for those. ``severity`` is that of the catalogue where
    ``None``.
    """

    code: str
    message: str
    numbers: dict[str, float] = field(default_factory=dict)
    severity: Severity | None = None
    evidence: tuple[Span, ...] = ()

    @property
    def grade(self) -> Severity:
        """How grave it is."""
        return self.severity or CATALOGUE[self.code].severity


@dataclass(frozen=True)
class Passage:
    """One effect of one study of a record, with its words.

    ``number`` is the number expression, ``before`` and ``after`` what stands around it in its
    sentence, ``sentence`` all three.
    """

    record: Record
    study: Study
    effect: Effect

    @cached_property
    def number(self) -> str:
        return plain(self.effect.evidence[-1].text)

    @cached_property
    def sentence(self) -> str:
        return plain(self.effect.evidence[0].text)

    @cached_property
    def before(self) -> str:
        sentence, number = self.effect.evidence[0], self.effect.evidence[-1]
        if number is sentence or not self._number_inside:
            return ""
        return plain(self.record.document.text[sentence.start_char : number.start_char])

    @cached_property
    def after(self) -> str:
        sentence, number = self.effect.evidence[0], self.effect.evidence[-1]
        if number is sentence or not self._number_inside:
            return ""
        return plain(self.record.document.text[number.end_char : sentence.end_char])

    @property
    def _number_inside(self) -> bool:
        sentence, number = self.effect.evidence[0], self.effect.evidence[-1]
        return sentence.start_char <= number.start_char and number.end_char <= sentence.end_char

    @cached_property
    def outcome(self) -> str:
        """The outcome's label, empty where none is known."""
        return next((o.label for o in self.study.outcomes if o.id == self.effect.outcome), "")

    @cached_property
    def intervention(self) -> str:
        """The intervention's label, empty where none is known."""
        found = self.effect.intervention
        return next((i.label for i in self.study.interventions if i.id == found), "")

    @cached_property
    def digits(self) -> frozenset[str]:
        """The digit strings of the number expression, points and separators left out."""
        return frozenset(_digit_runs(self.number))

    def prints(self, *fields: str) -> bool:
        """Tell whether the number expression itself shows the digits of these fields.

        What an effect took from elsewhere in the sentence may belong to something else, and no
        check trusts it.
        """
        return all(
            (printed := getattr(self.effect.printed, name)) is not None
            and _digits(printed) in self.digits
            for name in fields
        )


def passages(record: Record) -> Sequence[Passage]:
    """Return every effect of a record with its words."""
    return [Passage(record, study, effect) for study in record.studies for effect in study.effects]


_RUN = re.compile(r"\d(?:[\d.,·‧∙•  \u202f-]*\d)?")


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def _digit_runs(text: str) -> list[str]:
    """Return the digits of each number, and of each part where a separator may divide two."""
    found: list[str] = []
    for run in _RUN.findall(text):
        parts = re.split(r"(?:,\s?|\s|-)", run)
        found.extend(_digits("".join(parts[i:j])) for i in range(len(parts))
                     for j in range(i + 1, min(len(parts), i + 4) + 1))  # fmt: skip
    return found


def groups_told(study: Study) -> int:
    """Return how many groups of people a study's text counts, wholes of mere results left out."""
    wholes = {effect.evidence[-1] for effect in study.effects if effect.total is not None}
    return sum(not wholes.issuperset(group.evidence) for group in study.populations)
