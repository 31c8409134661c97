"""What the statistical checks found, with the quoted text, for a person and for a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from kg.describe import place_of, say_effect
from kg.printable import printable
from kg.records import Record
from kg.show.answers import without_markup
from kg.statistics.catalogue import CATALOGUE, SEVERITIES, Severity

STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_QUOTE_LENGTH = 300  # characters of the text that are shown


@dataclass(frozen=True, slots=True)
class Told:
    """One finding of a check: on an effect, or on the document where `effect` is ``None``.

    ``quote`` is ``document.text[start_char:end_char]``, the sentence of the effect; ``result`` the
    effect in words, ``numbers`` what the check used and computed.
    """

    document: str
    line: int
    code: str
    severity: Severity
    message: str
    source: str
    numbers: dict[str, float]
    effect: str | None
    result: str | None
    start_char: int | None
    end_char: int | None
    quote: str

    def to_json(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return asdict(self)


def findings_of(record: Record) -> Iterator[Told]:
    """Yield what the checks of a record found, in the order of the text."""
    found: list[Told] = []
    document = record.document
    for study in record.studies:
        for effect in study.effects:
            sentence, number = effect.evidence[0], effect.evidence[-1]
            line, _ = place_of(document.text, number.start_char)
            for check in effect.checks:
                found.append(Told(
                    document.path, line, check.code, check.severity, check.message, _source(check.code),
                    dict(check.numbers), effect.id, say_effect(effect, study), sentence.start_char,
                    sentence.end_char, sentence.text,
                ))  # fmt: skip
    for notice in record.notices:
        if notice.code not in CATALOGUE:
            continue
        span = notice.evidence[0] if notice.evidence else None
        line = 1 if span is None else place_of(document.text, span.start_char)[0]
        found.append(Told(
            document.path, line, notice.code, notice.severity, notice.message, _source(notice.code), {}, None, None,
            span.start_char if span else None, span.end_char if span else None, span.text if span else "",
        ))  # fmt: skip
    yield from sorted(found, key=lambda told: told.line)


def _source(code: str) -> str:
    kind = CATALOGUE.get(code)
    return "" if kind is None else kind.source


def select(
    findings: Iterable[Told], least: Severity = "info", codes: Iterable[str] = ()
) -> Iterator[Told]:
    """Yield the findings that are grave enough and of the wanted codes; no codes: of all."""
    wanted = set(codes)
    rank = SEVERITIES.index(least)
    for told in findings:
        if SEVERITIES.index(told.severity) >= rank and (not wanted or told.code in wanted):
            yield told


def render_findings(findings: Iterable[Told]) -> RenderableType:
    """Return findings under their documents: the sentence to the reviewer, the result, the quote."""
    parts: list[RenderableType] = []
    for document, group in groupby(findings, key=lambda told: told.document):
        parts.append(Text(printable(document), "bold underline"))
        for _, same in groupby(group, key=lambda told: (told.line, told.effect, told.quote)):
            parts.append(Padding(_render(list(same)), (0, 0, 1, 2)))
    return Group(*parts)


def _render(same: list[Told]) -> RenderableType:
    """Return the findings on one result, the quote once below them."""
    lines: list[RenderableType] = []
    for told in same:
        lines.append(
            Text.assemble((told.severity, STYLES[told.severity]), f"  {printable(told.message)}  ", (told.code, "dim"))
        )  # fmt: skip
    first = same[0]
    if first.result is not None:
        lines.append(Padding(Text(printable(first.result)), (0, 0, 0, 2)))
    quote = without_markup(first.quote)
    if len(quote) > _QUOTE_LENGTH:
        quote = quote[:_QUOTE_LENGTH] + " …"
    if quote:
        lines.append(Padding(Text(f"“{quote}”", "italic"), (0, 0, 0, 2)))
    place = f"line {first.line}" + (f"  {first.effect}" if first.effect else "")
    lines.append(Padding(Text(place, "dim"), (0, 0, 0, 2)))
    return Group(*lines)


def render_catalogue() -> RenderableType:
    """Return every check: code, severity, what it means, its source."""
    parts: list[RenderableType] = []
    for kind in CATALOGUE.values():
        head = Text.assemble((kind.code, "bold"), "  ", (kind.severity, STYLES[kind.severity]), f"  {kind.title}")  # fmt: skip
        body = Group(Text(kind.explanation), Text(f"Source: {kind.source}", "dim"))
        parts += [head, Padding(body, (0, 0, 1, 2))]
    return Group(*parts)
