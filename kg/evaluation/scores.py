"""What a scorer returns: counts and misses of each document, and the figures of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kg.evaluation.figures import Count, Figure, Macro, Share, resample
from kg.evaluation.reliability import Bin, bin_by_confidence
from kg.evaluation.views import Place

Json = dict[str, Any]
#: Gold has it and we do not; both have it and say different things; we have it and gold does not.
Fault = Literal["missed", "wrong", "alarm"]


@dataclass(frozen=True, slots=True)
class Miss:
    """A place where gold and we disagree, with what each says and where.

    ``span`` is in the document's text; ``None`` where no single place can be named, and then
    ``quote`` says what there is to say. ``ours_span`` is where we have it, if elsewhere.
    """

    target: str
    fault: Fault
    gold: str
    ours: str
    span: Place | None = None
    quote: str = ""
    ours_span: Place | None = None


@dataclass(slots=True)
class DocumentScore:
    """The counts of one document, its misses, and the places where both agree."""

    document: str
    text: str | None
    counts: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)
    judged: list[tuple[float, bool]] = field(default_factory=list)  # confidence, whether right

    def add(self, name: str, gold: int, gold_hit: int, ours: int, ours_hit: int) -> None:
        """Add to the four counts of a `Match`."""
        for end, count in (
            ("gold", gold), ("gold_hit", gold_hit), ("ours", ours), ("ours_hit", ours_hit),
        ):  # fmt: skip
            self.counts[f"{name}/{end}"] += count

    def miss(
        self,
        target: str,
        gold: str,
        ours: str,
        span: Place | None = None,
        quote: str = "",
        ours_span: Place | None = None,
    ) -> None:
        """Note a place where gold and we disagree; who says nothing tells what kind of fault it is."""
        fault: Fault = "alarm" if not gold else "missed" if not ours else "wrong"
        self.misses.append(Miss(target, fault, gold, ours, span, quote, ours_span))


#: From an annotated document and our record of it (``None``: there is none) to its score.
Scorer = Callable[[Json, Json | None], DocumentScore]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All documents of a set."""

    name: str
    documents: tuple[DocumentScore, ...]
    figures: tuple[Figure, ...]
    _intervals: dict[str, tuple[float, float]] = field(default_factory=dict, compare=False)

    @property
    def counts(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for document in self.documents:
            total.update(document.counts)
        return total

    def intervals(self) -> dict[str, tuple[float, float]]:
        """Return the 95 % intervals by resampling documents: by name, and by ``name.value``."""
        if not self._intervals:
            counts = [document.counts for document in self.documents]
            self._intervals.update(resample(self.figures, counts))
        return self._intervals

    def to_json(self) -> Json:
        """Return the figures: a share as a number, a match as its values with its counts.

        Shares are rounded to four places; ``None`` where there was nothing to count.
        """
        counts = self.counts
        found: Json = {"docs": len(self.documents)}
        for figure in self.figures:
            values = figure.values(counts)
            if isinstance(figure, Share | Count | Macro):
                (found[figure.name],) = values.values()
            else:
                ends = {key.rsplit("/", 1)[1]: counts[key] for key in figure.counted()}
                found[figure.name] = {**values, **ends}
        return found

    def reliability(self) -> list[Bin]:
        """Return how often what we claim with some confidence is right; empty if none was judged."""
        return bin_by_confidence([one for document in self.documents for one in document.judged])

    def value(self, path: str) -> float | None:
        """Return one value by its name, ``"outcome_exact.f1"``; without a dot the main one.

        Raises
        ------
        KeyError
            If no figure has that name or that value.
        """
        name, _, part = path.partition(".")
        figure = {figure.name: figure for figure in self.figures}[name]
        values = figure.values(self.counts)
        return values[part or figure.main or next(iter(values))]


def score_all(
    name: str,
    documents: Mapping[str, Json],
    records: Mapping[str, Json],
    scorer: Scorer,
    figures: tuple[Figure, ...],
) -> Evaluation:
    """Score each annotated document against the record of the same name."""
    scores = []
    for identity, document in documents.items():
        record = records.get(identity)
        score = scorer(document, record)
        score.counts["document_missing"] += record is None
        scores.append(score)
    return Evaluation(name, tuple(scores), (Count("docs_missing", "document_missing"), *figures))
