"""The arms of annotated pages against those of a build: which interventions have values of their own group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from kg.evaluation.labels import SAME_LABEL, likeness, to_family
from kg.evaluation.scores import DocumentScore
from kg.evaluation.views import studies
from kg.measures import GROUP_MEASURES

Json = dict[str, Any]


def score_arms(page: Json, record: Json | None, found: DocumentScore) -> None:
    """Count the arms that a page's annotation and a record have in common.

    An annotated arm is an intervention with a value that describes one group; a page counts where it has
    two or more of them. Each arm of ours answers at most one, by the bounds of names.
    """
    gold = sorted(set(_annotated(page)))
    if len(gold) < 2:
        return
    arms = [arm for study in studies(record) for arm in study.get("arms", ())]
    ours = sorted({label for arm in arms if (label := arm.get("label"))})
    answers = _matched(gold, ours)
    found.counts["arm_gold"] += len(gold)
    found.counts["arm_claim"] += len(ours)
    found.counts["arm_hit"] += len(answers)
    for name in gold:
        if name not in answers:
            found.miss("arm", name, "; ".join(ours))


def _annotated(page: Json) -> Iterator[str]:
    for study in page["studies"]:
        names = {i["id"]: i["name"] for i in study.get("interventions", ())}
        for effect in study.get("effects", ()):
            own = names.get(effect.get("intervention"))
            valued = effect.get("value") is not None
            if own and valued and to_family(effect["measure"]) in GROUP_MEASURES:
                yield own


def _matched(gold: Sequence[str], ours: Sequence[str]) -> dict[str, str]:
    """Return which arm of ours answers which annotated one, as many as can be."""
    if not ours:
        return {}
    alike = csr_array(
        [[likeness(one, other) >= SAME_LABEL for other in ours] for one in gold],
        shape=(len(gold), len(ours)), dtype=int,
    )  # fmt: skip
    answers = maximum_bipartite_matching(alike, perm_type="column")
    return {one: ours[n] for one, n in zip(gold, answers.tolist(), strict=True) if n >= 0}
