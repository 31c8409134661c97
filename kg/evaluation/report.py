"""The score for a person: tables of figures, and what differs beside the text."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from kg.evaluation.figures import Count, Jaccard, Match, Share
from kg.evaluation.scores import DocumentScore, Evaluation, Miss
from kg.evaluation.views import Place

Row = tuple[str | float | int | None, ...]
Table = tuple[tuple[str, ...], list[Row]]

#: Columns of the table of annotated pages: a heading, and what is counted out of what.
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
_FEW = 30  # pages of which each has its row


def page_rows(evaluation: Evaluation) -> Table | None:
    """Return a row an annotated page, and one for all; ``None`` where no pages were scored."""
    counts = evaluation.counts
    if not counts["number_gold"] or len(evaluation.documents) > _FEW:
        return None
    rows: list[Row] = [(score.document, *_of(score.counts)) for score in evaluation.documents]
    return ("document", *(name for name, _, _ in _PAGE_COLUMNS)), [*rows, ("all", *_of(counts))]


def _of(counts: Counter[str]) -> list[str]:
    return [
        f"{counts[part]}/{counts[whole]}" if counts[whole] else ""
        for _, part, whole in _PAGE_COLUMNS
    ]


def match_rows(evaluation: Evaluation) -> Table:
    """Return the figures with precision and recall, a row each."""
    counts, intervals = evaluation.counts, evaluation.intervals()
    rows: list[Row] = []
    for figure in evaluation.figures:
        if isinstance(figure, Match):
            values = figure.values(counts)
            gold, gold_hit, ours, ours_hit = (int(counts[key]) for key in figure.counted())
            rows.append((
                figure.name, values["p"], values["r"], values["f1"],
                _interval(intervals.get(figure.name)), f"{ours_hit}/{ours}", f"{gold_hit}/{gold}",
            ))  # fmt: skip
    return ("target", "P", "R", "F1", "95 %", "right of ours", "found of gold"), rows


def share_rows(evaluation: Evaluation) -> Table:
    """Return the other figures, a row each."""
    counts, intervals = evaluation.counts, evaluation.intervals()
    rows: list[Row] = []
    for figure in evaluation.figures:
        if isinstance(figure, Match):
            continue
        value = figure.values(counts)[figure.main or "count"]
        of = ""
        if isinstance(figure, Share):
            of = f"{int(counts[figure.hit])}/{int(counts[figure.of])}"
        elif isinstance(figure, Jaccard):
            gold, ours, hit = (int(counts[key]) for key in figure.counted())
            of = f"{hit}/{gold + ours - hit}"
        shown = int(value or 0) if isinstance(figure, Count) else value
        rows.append((figure.name, shown, _interval(intervals.get(figure.name)), of))
    return ("figure", "value", "95 %", "of"), rows


def reliability_rows(evaluation: Evaluation) -> Table | None:
    """Return a row a bin of confidence; ``None`` where nothing was judged."""
    bins = evaluation.reliability()
    rows: list[Row] = [(part.confidence, part.right, part.count) for part in bins]
    return (("confidence", "fully right", "effects"), rows) if rows else None


def _interval(ends: tuple[float, float] | None) -> str:
    return "" if ends is None else f"{ends[0]:.3f}–{ends[1]:.3f}"


_AROUND = 130  # characters of context on either side, to the next word


def render_errors(evaluation: Evaluation) -> str:
    """Return one HTML page: by target, what gold says beside what we say, and the text around."""
    from kg.show.html import environment

    found: dict[str, list[tuple[str, DocumentScore, Miss]]] = {}
    for score in evaluation.documents:
        for number, miss in enumerate(score.misses):
            mixed = hashlib.sha256(f"{score.document} {number}".encode()).hexdigest()
            found.setdefault(miss.target, []).append((mixed, score, miss))
    groups = []
    for number, (target, misses) in enumerate(found.items()):
        faults = Counter(miss.fault for _, _, miss in misses)
        groups.append({
            "id": f"target-{number}",
            "target": target,
            "said": ", ".join(f"{count} {fault}" for fault, count in faults.items()),
            "rows": [_row(score, miss) for _, score, miss in sorted(misses, key=lambda m: m[0])],
        })  # fmt: skip
    tables = [table for table in (match_rows(evaluation), share_rows(evaluation)) if table[1]]
    return (
        environment()
        .get_template("errors.html")
        .render(
            title=f"{evaluation.name}: what gold says and what we say",
            tables=tables,
            groups=groups,
            cards={},
        )
    )


def _row(score: DocumentScore, miss: Miss) -> dict[str, Any]:
    from kg.show.html import render_segments
    from kg.show.marks import Mark

    text = score.text or ""
    if miss.span is None:
        segments = render_segments(miss.quote, ())
    else:
        marks = [(*miss.span, "claimed" if miss.fault == "alarm" else "missed")]
        if miss.ours_span is not None:
            marks.append((*miss.ours_span, "claimed"))
        first, last = min(mark[0] for mark in marks), max(mark[1] for mark in marks)
        start, end = _widen(text, first, last)
        around = [Mark(a - start, b - start, kind) for a, b, kind in marks]
        segments = render_segments(text[start:end], around)
    return {
        "document": score.document,
        "fault": miss.fault,
        "gold": miss.gold,
        "ours": miss.ours,
        "segments": segments,
    }


def _widen(text: str, first: int, last: int) -> Place:
    """Return a stretch with some context on either side, cut between words."""
    start, end = max(0, first - _AROUND), min(len(text), last + _AROUND)
    while 0 < start < first and not text[start - 1].isspace():
        start += 1
    while last < end < len(text) and not text[end].isspace():
        end -= 1
    return start, end
