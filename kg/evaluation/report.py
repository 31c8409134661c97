"""The score for a person: a table a document, and the misses beside the text."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kg.evaluation.pages import FIGURES, Evaluation, Miss, PageScore

#: Columns of the table of documents: a heading, and what is counted out of what.
_PAGE_COLUMNS = (
    ("numbers", "number_hit", "number_gold"),
    ("precise", "claim_hit", "claim"),
    ("linked", "full_hit", "number_gold"),
    ("doses", "dose_hit", "dose_gold"),
    ("of claimed", "dose_hit", "dose_claim"),
    ("design", "design_hit", "design_gold"),
    ("n", "n_hit", "n_gold"),
    ("doi", "doi_hit", "doi_gold"),
    ("bad spans", "span_bad", "span"),
)
FIGURE_COLUMNS = tuple(heading for heading, _, _ in _PAGE_COLUMNS)
_MARK_KINDS = {"number": "missed", "direction": "missed", "dose": "missed", "link": "linked wrong",
               "claim": "claimed"}  # fmt: skip


def page_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """Return a row a document, counts as ``hit/all``, and a last row for all of them."""
    rows = [(page.document, *_counts(page.counts)) for page in evaluation.pages]
    return [*rows, ("all", *_counts(evaluation.counts))]


def _counts(counts: Counter[str]) -> list[str]:
    return [
        f"{counts[part]}/{counts[whole]}" if counts[whole] else ""
        for _, part, whole in _PAGE_COLUMNS
    ]


def figure_rows(evaluation: Evaluation) -> list[tuple[str, float | None, int | None]]:
    """Return every figure with its value and the number of cases it rests on."""
    values = evaluation.to_json()
    wholes = {name: evaluation.counts[whole] for name, _, whole in FIGURES}
    return [(name, value, wholes.get(name)) for name, value in values.items()]


def render_misses(evaluation: Evaluation) -> str:
    """Return one HTML page: each text with what was missed, claimed or linked wrongly."""
    from kg.show.html import environment

    cards: dict[str, dict[str, Any]] = {}
    pages = [_page(page, number, cards) for number, page in enumerate(evaluation.pages)]
    return (
        environment()
        .get_template("misses.html")
        .render(
            title="What gold says and we did not",
            figures=figure_rows(evaluation),
            columns=FIGURE_COLUMNS,
            table=page_rows(evaluation),
            pages=pages,
            cards=cards,
        )
    )


def _page(page: PageScore, number: int, cards: dict[str, dict[str, Any]]) -> dict[str, Any]:
    from kg.show.html import render_segments
    from kg.show.marks import Mark

    marks = [Mark(start, end, "found") for start, end in page.right]
    listed = []
    for index, miss in enumerate(page.misses):
        identifier = f"miss-{number}-{index}"
        cards[identifier] = _card(miss)
        listed.append((identifier, cards[identifier]))
        if miss.span is not None and miss.kind in _MARK_KINDS:
            marks.append(Mark(*miss.span, _MARK_KINDS[miss.kind], identifier))
    text = page.text or ""
    return {"document": page.document, "segments": render_segments(text, marks), "misses": listed}


def _card(miss: Miss) -> dict[str, Any]:
    return {
        "kind": _MARK_KINDS.get(miss.kind, "missed"),
        "title": f"{miss.kind}: {miss.gold if miss.kind != 'claim' else miss.ours}",
        "fields": [
            ("gold", miss.gold),
            ("ours", miss.ours),
            ("text", " ".join(miss.quote.split())),
        ],
    }
