"""A document as one self-contained HTML page: marked spans, a card for each on hover.

The text is somebody else's: everything is escaped, and the page's policy lets nothing load.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from kg.describe import Item, fields_of, headline, items_of
from kg.records import Record
from kg.show.marks import Mark, cut, find_marks

#: Kinds that the legend offers to switch, in reading order.
LEGEND = (
    "effect", "dose", "regimen", "recommendation", "outcome", "intervention", "population", "arm", "study",
    "notice", "mention",
)  # fmt: skip


def environment() -> Environment:
    """Return the environment of all our pages: escaping on, undefined names an error."""
    from jinja2 import StrictUndefined

    return Environment(
        loader=PackageLoader("kg", "show/templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_segments(text: str, marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """Return the text cut into stretches for the template: text, classes, ids of items."""
    stretches = []
    for segment in cut(len(text), marks):
        kinds = list(dict.fromkeys(mark.kind.replace(" ", "-") for mark in segment.marks))
        items = list(dict.fromkeys(mark.item for mark in segment.marks if mark.item))
        stretches.append({
            "text": text[segment.start_char : segment.end_char],
            "kinds": kinds,
            "items": items,
        })  # fmt: skip
    return stretches


def render_document(record: Record) -> str:
    """Return the HTML page of a document and of all that was read from it."""
    items = [*items_of(record)]
    cards = {item.id: _card(item) for item in items}
    for number, notice in enumerate(record.notices):
        cards[f"notice-{number}"] = {
            "kind": "notice",
            "title": notice.message,
            "fields": [("code", notice.code), ("severity", notice.severity)],
        }
    marks = find_marks(record)
    counts = {kind: sum(item.kind == kind for item in items) for kind in LEGEND}
    counts["notice"], counts["mention"] = len(record.notices), len(record.mentions)
    return (
        environment()
        .get_template("document.html")
        .render(
            document=record.document,
            title=record.document.title or record.document.path,
            studies=record.studies,
            effects=[item for item in items if item.kind == "effect"],
            headlines={item.id: cards[item.id]["title"] for item in items if item.kind == "effect"},
            segments=render_segments(record.document.text, marks),
            legend=[(kind, counts[kind]) for kind in LEGEND if counts[kind]],
            cards=cards,
        )
    )


def _card(item: Item) -> dict[str, Any]:
    fields = fields_of(item)
    if item.kind != "study":
        fields.append(("study", item.study.label))
    if item.kind == "effect" and len(item.evidence) > 1:
        fields.append(("sentence", " ".join(item.evidence[0].text.split())))
    fields.append(("id", item.id))
    return {"kind": item.kind, "title": headline(item), "fields": fields}
