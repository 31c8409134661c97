"""A document in a terminal: the text with its spans in colour, the effects below it."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from kg.describe import Item, fields_of, headline, items_of, labels_of_arms, place_of, say_estimate
from kg.printable import printable
from kg.records import Effect, Record
from kg.show.marks import cut, find_marks

STYLES = {
    "effect": "bold black on yellow",
    "dose": "black on green",
    "regimen": "black on cyan",
    "recommendation": "black on magenta",
    "outcome": "bold blue",
    "intervention": "bold red",
    "population": "bold green",
    "arm": "bold yellow",
    "study": "underline",
    "notice": "red underline",
    "sentence": "",
    "no evidence": "dim",
}


def render_text(record: Record) -> Text:
    """Return the document's text, marked; the strongest mark at a place gives its style."""
    source = record.document.text
    text = Text()
    for segment in cut(len(source), find_marks(record)):
        styles = [STYLES.get(mark.kind, "") for mark in segment.marks]
        style = next((style for style in styles if style), "")
        text.append(printable(source[segment.start_char : segment.end_char]), style)
    return text


def render_document(record: Record) -> RenderableType:
    """Return a document with its studies and effects."""
    document = record.document
    kinds = {item.kind for item in items_of(record)}
    legend = Text("marked:")
    for kind in (kind for kind in STYLES if kind in kinds):
        legend.append("  ").append(kind, STYLES[kind])
    parts: list[RenderableType] = [
        Panel(render_text(record), title=Text(printable(document.path)), subtitle=legend)
    ]
    for study in record.studies:
        facts = [study.design, study.doi or study.pmid, study.year]
        if study.n_participants is not None:
            facts.append(f"n = {study.n_participants}")
        line = Text(printable(study.label), "bold")
        shown = " · ".join(printable(str(fact)) for fact in facts if fact)
        line.append(f" · {shown}", "not bold")
        parts.append(line)
        if study.effects:
            parts.append(_effects(record, study.effects))
    for notice in record.notices:
        parts.append(Text(f"{notice.severity}: {printable(notice.message)}", "red"))
    return Group(*parts)


def _effects(record: Record, effects: tuple[Effect, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("line", "intervention", "outcome", "estimate", "id"):
        table.add_column(column, overflow="fold", no_wrap=column == "id")
    labels: dict[str, str] = {}
    for study in record.studies:
        labels |= labels_of_arms(study)
    for effect in effects:
        line, _ = place_of(record.document.text, effect.evidence[-1].start_char)
        given = labels.get(effect.intervention or "", "—")
        if effect.comparator:
            given += f" vs {labels.get(effect.comparator, '—')}"
        table.add_row(
            str(line),
            Text(printable(given)),
            Text(printable(labels.get(effect.outcome or "", "—"))),
            Text(printable(say_estimate(effect))),
            Text(effect.id, "dim"),
        )
    return table


def render_item(item: Item, record: Record) -> RenderableType:
    """Return all that is known of one item: what it says, where it stands, every field."""
    parts: list[RenderableType] = [
        Text.assemble((f"{item.kind} ", "dim"), (printable(headline(item)), "bold"))
    ]
    if item.evidence:
        last = item.evidence[-1]
        line, column = place_of(record.document.text, last.start_char)
        parts.append(Text(f"{printable(record.document.path)}:{line}:{column}", "cyan"))
        first = item.evidence[0]
        quote = Text(first.text)
        quote.stylize("italic")
        if first.start_char <= last.start_char and last.end_char <= first.end_char:
            quote.stylize(
                STYLES["effect"],
                last.start_char - first.start_char,
                last.end_char - first.start_char,
            )
        parts.append(Panel(Text(printable(quote.plain), spans=quote.spans), title="source"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    if item.kind != "study":
        study = item.study
        facts = (study.label, study.design, study.doi)
        table.add_row("study", Text(printable(" · ".join(fact for fact in facts if fact))))
    for name, value in fields_of(item):
        table.add_row(name, Text(printable(value)))
    table.add_row("id", Text(item.id))
    parts.append(table)
    return Group(*parts)
