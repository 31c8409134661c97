"""Which phrases are in the running for a number's outcome, intervention and comparator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kg.assembly.context import Context
from kg.assembly.labels import stems
from kg.assembly.phrase import Phrase

WINDOW = 3  # sentences before a number that may name what it is about
#: Words that name neither an outcome nor an intervention, however many of them stand together.
_NO_NAMES = frozenset(
    "group groups arm arms number no difference differences comparison comparisons iqr significant decrease"
    " odds hazard hazards ratio ratios adjusted aor ahr arr irr ci the of in between both all p"
    " relative risk risks rr or hr estimate estimates coefficient coefficients correlation confidence interval intervals"
    " pooled crude unadjusted summary pearson spearman pearson's spearman's effect size sizes".split()
)
GLOBALS = 16  # phrases of the whole document that may name an intervention


@dataclass(frozen=True)
class Candidates:
    """Phrases in the running, best first where they stand for the document rather than the place.

    ``index`` are places in ``context.phrases``; ``support`` is how well the whole document supports
    a phrase as an intervention, 0 to 1 and 0 for those near the number; ``is_global`` is 1 or 0.
    """

    index: NDArray[np.intp]
    support: NDArray[np.float32]
    is_global: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.index)

    def phrases(self, context: Context) -> Iterator[Phrase]:
        """Yield the phrases themselves."""
        for n in self.index:
            yield context.phrases[n]

    def kept(self, keep: NDArray[np.bool_ | np.intp] | slice) -> Candidates:
        """Return those that a mask keeps, those at some places, or the first ones."""
        return Candidates(self.index[keep], self.support[keep], self.is_global[keep])


def outcome_candidates(context: Context, k: int) -> Candidates:
    """Return the phrases that may name the outcome of the `k`-th statistic."""
    near = _near(context, k)
    nothing = np.zeros(len(near), np.float32)
    return Candidates(np.array(near, np.intp), nothing, nothing)


def intervention_candidates(context: Context, near: Candidates, document: Candidates) -> Candidates:
    """Return the phrases that may name its intervention: those near it, then the document's own."""
    starts = context.phrase_starts
    taken = set(starts[near.index].tolist())
    rest = document.kept(
        np.array([at not in taken for at in starts[document.index].tolist()], bool)
    )
    return Candidates(
        np.concatenate([near.index, rest.index]),
        np.concatenate([near.support, rest.support]),
        np.concatenate([near.is_global, rest.is_global]),
    )


def _near(context: Context, k: int) -> list[int]:
    place = context.places[k]
    sentences = context.annotation.sentences
    block = context.reading.blocks[sentences[place.sentence].block]
    wanted = set(range(max(0, place.sentence - WINDOW), place.sentence + 1))
    if block.lead is not None:
        lead = context.reading.blocks[block.lead]
        wanted.update(
            n for n in range(max(0, place.sentence - 30), place.sentence)
            if lead.start_char <= sentences[n].start_char < lead.end_char
        )  # fmt: skip
    found = [p for n in sorted(wanted) for p in context.indexes_by_sentence.get(n, ())]
    return [p for p in found if _may_name(context.phrases[p].label)]


@lru_cache(maxsize=16384)
def _may_name(label: str) -> bool:
    """Tell whether a label, short forms written out, names more than a statistic: "HR" may be the heart rate."""
    return not _NO_NAMES.issuperset(word.strip("()") for word in label.lower().split())


def document_interventions(context: Context) -> Candidates:
    """Return the phrases that the document as a whole treats as interventions or groups, best first."""
    weights: defaultdict[frozenset[str], float] = defaultdict(float)
    best: dict[frozenset[str], int] = {}
    phrases = context.phrases
    for n, phrase in enumerate(phrases):
        _, intervention, comparator, population, condition = phrase.scores
        score = max(intervention, comparator, 0.6 * population, 0.6 * condition)
        if score < 0.3:
            continue
        key = stems(phrase.label)
        weights[key] += score * (1.5 if key <= context.title_stems else 1.0)
        if key not in best or intervention > phrases[best[key]].score("intervention"):
            best[key] = n
    ranked = sorted(
        weights.items(), key=lambda item: (-item[1], phrases[best[item[0]]].start_char)
    )[:GLOBALS]
    top = ranked[0][1] if ranked else 1.0
    return Candidates(
        np.array([best[key] for key, _ in ranked], np.intp),
        np.array([weight / top for _, weight in ranked], np.float32),
        np.ones(len(ranked), np.float32),
    )
