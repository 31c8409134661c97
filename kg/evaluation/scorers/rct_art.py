"""Result sentences as tables (RCT-ART): outcomes, arms, measured values, and what belongs together.

A document is one sentence. Relations are counted on our own entities, so a wrong border costs the
relation in the strict score; the relaxed score asks for a shared character. The set numbers the
arms; ours are numbered as they are first named in the sentence, which is what its annotators did in
95 sentences of 100. Values compare by value: ours has to overlap the marked one and, in the strict
score, be one of its numbers. A row is an outcome with the values of the first and the second arm;
where gold marks several outcomes for a value (what, when, how measured), one of them is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from kg.evaluation.figures import Figure, Match
from kg.evaluation.scorers.regimens import read_numbers
from kg.evaluation.scores import DocumentScore
from kg.evaluation.spans import micro_figures, score_spans, span_figures
from kg.evaluation.views import Claim, Place, claims, entities, mentions, overlap, place

Json = dict[str, Any]
Same = Callable[[Place, Place], bool]
#: Measures that compare two groups unless an arm is named; the set marks the values of single arms.
_COMPARING = frozenset({
    "MD", "WMD", "SMD", "RR", "OR", "HR", "IRR", "RD", "ARR", "RRR", "NNT", "ROM", "r", "rho", "R2",
    "beta", "AUC", "kappa", "test_statistic", "direction_only",
})  # fmt: skip
_TARGETS = ("interventions", "outcomes", "values")

FIGURES: tuple[Figure, ...] = (
    *(figure for target in _TARGETS for figure in span_figures(target)),
    *micro_figures(),
    *(Match(f"{what}_{how}") for what in ("joint", "rows") for how in ("strict", "relaxed")),
)


@dataclass(frozen=True, slots=True)
class Value:
    """A measured value with the places that name its outcome and its arm; ``arm`` is 1, 2 or 0."""

    span: Place
    numbers: frozenset[float]
    outcomes: frozenset[Place]
    arm: int
    names: frozenset[Place]


def score(document: Json, record: Json | None) -> DocumentScore:
    """Score one sentence."""
    found = DocumentScore(document["id"], document["text"])
    gold = list(_gold_values(document))
    ours = list(_our_values(document["text"], record))
    score_spans(
        found, "interventions", entities(document, {"INTV"}),
        mentions(record, {"intervention", "comparator"}),
    )  # fmt: skip
    score_spans(found, "outcomes", entities(document, {"OC"}), mentions(record, {"outcome"}))
    score_spans(
        found, "values", entities(document, {"MEAS"}), sorted({value.span for value in ours})
    )
    for how, same in (("strict", _equal), ("relaxed", overlap)):
        _score_relations(found, f"joint_{how}", gold, ours, same)
        _score_rows(found, f"rows_{how}", gold, ours, same)
    return found


def _equal(one: Place, other: Place) -> bool:
    return one == other


def _same_value(one: Value, other: Value, same: Same) -> bool:
    return overlap(one.span, other.span) and (same is overlap or bool(one.numbers & other.numbers))


def _gold_values(document: Json) -> Iterator[Value]:
    marked = [(e["start"], e["end"]) for e in document["entities"]]
    for index, entity in enumerate(document["entities"]):
        if entity["label"] != "MEAS":
            continue
        mine = [r for r in document["relations"] if r["tail"] == index]
        arms = [r for r in mine if r["label"] in ("A1_RES", "A2_RES")]
        yield Value(
            marked[index],
            frozenset(abs(number) for number in read_numbers(entity["text"])),
            frozenset(marked[r["head"]] for r in mine if r["label"] == "OC_RES"),
            int(arms[0]["label"][1]) if arms else 0,
            frozenset(marked[r["head"]] for r in arms),
        )


def _our_values(text: str, record: Json | None) -> Iterator[Value]:
    """Yield the values of arms, arms numbered as they are first named."""
    read: list[tuple[Claim, set[Place], str | None, set[Place]]] = []
    for claim in claims(record):
        effect = claim.effect
        if effect.get("value") is None:
            continue
        if effect["measure"] in _COMPARING and effect.get("arm") is None:
            continue
        outcomes = _places(claim, "outcomes", effect.get("outcome"))
        if effect.get("timepoint") and (start := text.find(effect["timepoint"])) >= 0:
            outcomes.add((start, start + len(effect["timepoint"])))
        read.append((claim, outcomes, *_our_arm(claim)))
    first: dict[str, int] = {}
    for _, _, arm, names in read:
        if arm is not None and names:
            first[arm] = min(first.get(arm, len(text)), min(start for start, _ in names))
    order = {arm: number for number, arm in enumerate(sorted(first, key=lambda a: first[a]), 1)}
    values = [
        Value(
            claim.number,
            frozenset({abs(float(claim.effect["value"]))}),
            frozenset(about),
            min(order.get(arm or "", 0), 2),
            frozenset(names),
        )
        for claim, about, arm, names in read
    ]
    yield from dict.fromkeys(values)


def _our_arm(claim: Claim) -> tuple[str | None, set[Place]]:
    """Return the arm of an effect, and the places that name it."""
    identity = claim.effect.get("arm")
    arm = next((a for a in claim.study.get("arms", ()) if a["id"] == identity), None)
    if arm is None:
        given = claim.effect.get("intervention")
        return given, _places(claim, "interventions", given)
    places = {place(span) for span in arm.get("evidence", ())}
    for given in arm.get("interventions", ()):
        places |= _places(claim, "interventions", given)
    return identity, places


def _places(claim: Claim, items: str, identity: str | None) -> set[Place]:
    return {
        place(span)
        for item in claim.study.get(items, ())
        if item["id"] == identity
        for span in item.get("evidence", ())
    }


def _score_relations(
    found: DocumentScore, name: str, gold: Sequence[Value], ours: Sequence[Value], same: Same
) -> None:
    """Count relations, each a part (outcome, arm 1, arm 2) and a value.

    We name an outcome or an arm with all its places; they are one relation, right if one place is.
    """
    wanted = [
        (part, head, value) for value in gold for part, heads in _heads(value) for head in heads
    ]
    claimed = [(part, heads, value) for value in ours for part, heads in _heads(value) if heads]
    hits = [
        any(
            part == other and _same_value(value, mine, same) and _share({head}, heads, same)
            for other, heads, mine in claimed
        )
        for part, head, value in wanted
    ]
    right = [
        any(
            part == other and _same_value(value, mine, same) and _share({head}, heads, same)
            for other, head, value in wanted
        )
        for part, heads, mine in claimed
    ]
    found.add(name, len(wanted), sum(hits), len(claimed), sum(right))
    if same is not overlap:
        return
    text = found.text or ""
    for (part, head, value), hit in zip(wanted, hits, strict=True):
        if not hit:
            have = [
                text[slice(*min(heads))]
                for other, heads, mine in claimed
                if part == other and _same_value(value, mine, same)
            ]
            said = f"{text[slice(*value.span)]}: {text[slice(*head)]}"
            found.miss(f"{part} of a value", said, "; ".join(have), value.span)
    for (part, heads, mine), hit in zip(claimed, right, strict=True):
        if not hit:
            said = f"{text[slice(*mine.span)]}: {text[slice(*min(heads))]}"
            found.miss(f"{part} of a value", "", said, mine.span)


def _heads(value: Value) -> Iterator[tuple[str, frozenset[Place]]]:
    yield "outcome", value.outcomes
    if value.arm:
        yield f"arm {value.arm}", value.names


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a result table: an outcome, the value of the first arm and that of the second."""

    outcomes: frozenset[Place]
    cells: tuple[Value | None, Value | None]

    def answers(self, other: Row, same: Same) -> bool:
        """Whether two rows say the same in every cell that either fills."""
        if bool(self.outcomes) != bool(other.outcomes):
            return False
        if self.outcomes and not _share(self.outcomes, other.outcomes, same):
            return False
        for one, two in zip(self.cells, other.cells, strict=True):
            if one is None or two is None:
                if one is not two:
                    return False
            elif not (_same_value(one, two, same) and _share(one.names, two.names, same)):
                return False
        return True


def _share(one: Collection[Place], other: Collection[Place], same: Same) -> bool:
    return any(same(a, b) for a in one for b in other)


def to_rows(values: Sequence[Value]) -> list[Row]:
    """Return the table of a sentence: values of one outcome in one line, paired as they are told."""
    lines: dict[frozenset[Place], tuple[list[Value], list[Value]]] = {}
    for value in sorted(values, key=lambda value: value.span):
        if value.arm:
            lines.setdefault(value.outcomes, ([], []))[value.arm - 1].append(value)
    return [
        Row(outcomes, pair)
        for outcomes, (first, second) in lines.items()
        for pair in zip_longest(first, second)
    ]


def _score_rows(
    found: DocumentScore, name: str, gold: Sequence[Value], ours: Sequence[Value], same: Same
) -> None:
    wanted, claimed = to_rows(gold), to_rows(ours)
    free = list(claimed)
    hits = 0
    for row in wanted:
        answer = next((mine for mine in free if row.answers(mine, same)), None)
        if answer is not None:
            free.remove(answer)
            hits += 1
    found.add(name, len(wanted), hits, len(claimed), hits)
