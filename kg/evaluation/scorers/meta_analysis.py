"""Numbers for a meta-analysis (Yun et al., MLHC 2024, arXiv:2405.01686): one comparison at a time.

The set asks, for an intervention, a comparator and an outcome, for events and group sizes (binary)
or means, standard deviations and group sizes (continuous); empty where the text does not give them.
Our answer is looked up in the record: of the results of arms, the pair of arms and the outcome
whose names are most like the asked ones, at the last time they are told of. Exact means that every
number of the comparison is right, empty ones included, as the paper counts it; `complete` counts
only comparisons all of whose numbers can be had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.evaluation.figures import Figure, Share
from kg.evaluation.labels import likeness, same_number, stems
from kg.evaluation.scores import DocumentScore
from kg.evaluation.views import Place, claims, place, studies

Json = dict[str, Any]
_SIDES = ("intervention", "comparator")
_FIELDS = {
    "binary": ("events", "group_size"),
    "continuous": ("mean", "standard_deviation", "group_size"),
}
_NEAR = 0.3  # likeness below which a name is another's
FIGURES: tuple[Figure, ...] = tuple(
    Share(f"{kind}_{what}", f"{kind}_{what}_hit", f"{kind}_{what}_gold")
    for kind in _FIELDS
    for what in ("exact", "complete", "numbers")
)


@dataclass(frozen=True, slots=True)
class Result:
    """What a record says of one arm: its name, what was measured, when, and the numbers."""

    arm: str
    outcome: str
    timepoint: str
    events: int | None
    total: int | None
    mean: float | None
    sd: float | None
    row: Place
    number: Place

    def answer(self, kind: str) -> Json:
        """Return the numbers that the set asks for."""
        if kind == "binary":
            return {"events": self.events, "group_size": self.total}
        return {"mean": self.mean, "standard_deviation": self.sd, "group_size": self.total}


def score(document: Json, record: Json | None) -> DocumentScore:
    """Score the comparisons of one article."""
    found = DocumentScore(document["id"], document["text"])
    results = list(_results(record))
    sizes = _sizes(record)
    everyone = next((s["n_participants"] for s in studies(record) if s.get("n_participants")), None)
    for asked in document["icos"]:
        kind = asked["outcome_type"]
        if kind not in _FIELDS:
            continue
        pair = choose(asked, results, kind)
        right = True
        complete = True
        shown: list[str] = []
        wanted: list[str] = []
        for side, result in zip(_SIDES, pair or (None, None), strict=True):
            answer = result.answer(kind) if result is not None else {}
            if answer.get("group_size") is None:
                other = asked[_SIDES[side == _SIDES[0]]]
                same_people = _PHASES.match(asked[side]) and _PHASES.match(other)
                answer["group_size"] = everyone if same_people else _size(asked[side], other, sizes)
            for field in _FIELDS[kind]:
                gold = asked[f"{side}_{field}"]
                gold = None if gold in ("", None) else float(gold)
                ours = answer.get(field)
                same = same_number(gold, ours)
                right &= same
                complete &= gold is not None
                if gold is not None:
                    found.counts[f"{kind}_numbers_gold"] += 1
                    found.counts[f"{kind}_numbers_hit"] += same
                shown.append(f"{ours}")
                wanted.append(f"{gold}")
        for what in ("exact", *(("complete",) if complete else ())):
            found.counts[f"{kind}_{what}_gold"] += 1
            found.counts[f"{kind}_{what}_hit"] += right
        if not right:
            said = f"{asked['intervention']} | {asked['comparator']} | {asked['outcome']}"
            read = f"{pair[0].outcome} @ {pair[0].timepoint}: " if pair else ""
            found.miss(
                kind, f"{said}: {' '.join(wanted)}", f"{read}{' '.join(shown)}",
                pair[0].number if pair else None,
            )  # fmt: skip
    return found


def _results(record: Json | None) -> Iterator[Result]:
    names = {
        arm["id"]: (arm["label"], arm.get("n"))
        for study in studies(record)
        for arm in study.get("arms", ())
    }
    for claim in claims(record):
        effect = claim.effect
        arm, size = names.get(effect.get("arm"), (claim.intervention, None))
        if not arm or effect["measure"] not in ("mean", "median", "percent", "count", "MD"):
            continue
        total = effect.get("total") or effect.get("n") or size
        events = effect.get("events")
        if effect["measure"] == "count" and events is None and effect.get("value") is not None:
            events = int(effect["value"]) if float(effect["value"]).is_integer() else None
        if effect["measure"] == "percent" and events is None and total and effect.get("value"):
            events = implied_events(float(effect["value"]), int(total))
        mean = effect.get("value") if effect["measure"] in ("mean", "MD") else None
        yield Result(
            arm, claim.outcome, effect.get("timepoint") or "", events, total, mean, effect.get("sd"),
            place(effect["evidence"][0]), claim.number,
        )  # fmt: skip


def implied_events(percent: float, total: int) -> int | None:
    """Return the only count of `total` that the printed percentage can be, else ``None``.

    Examples
    --------
    >>> implied_events(24.0, 50), implied_events(24, 1000)
    (12, None)
    """
    digits = len(f"{percent:g}".partition(".")[2])
    half = 0.5 * 10.0**-digits + 1e-9
    low, high = (percent - half) * total / 100, (percent + half) * total / 100
    whole = [n for n in range(int(low), int(high) + 2) if low <= n <= high]
    return whole[0] if len(whole) == 1 else None


def choose(asked: Json, results: list[Result], kind: str) -> tuple[Result, Result] | None:
    """Return the results of the two arms that answer a comparison best, ``None`` if none does."""
    best: tuple[tuple[float, ...], Result, Result] | None = None
    usable = [r for r in results if _usable(r, kind)]
    by_key: dict[tuple[str, str], list[Result]] = {}
    for result in usable:
        by_key.setdefault((result.outcome.lower(), result.timepoint.lower()), []).append(result)
    for (outcome, timepoint), group in by_key.items():
        alike = _outcome_likeness(asked["outcome"], outcome)
        if (when := _time(timepoint)) is not None and when == _time(asked["outcome"]):
            alike += 0.3
        if alike < _NEAR:
            continue
        arms = _arms(asked, group)
        if arms is None:
            continue
        one, other, named = arms
        key = (
            round(alike + 0.5 * named, 3),
            _lateness(timepoint),
            float(one.sd is not None or one.events is not None),
        )
        if best is None or key > best[0]:
            best = (key, one, other)
    return None if best is None else (best[1], best[2])


def _usable(result: Result, kind: str) -> bool:
    if kind == "binary":
        return result.events is not None
    return result.mean is not None


def _outcome_likeness(asked: str, ours: str) -> float:
    """Return how alike two outcomes are: shared words over all, what ours says beside it counts less."""
    left, right = stems(asked), stems(ours)
    if not left or not right:
        return 0.0
    shared = len(left & right)
    return 0.7 * shared / len(left) + 0.3 * shared / len(right)


def _arms(asked: Json, group: list[Result]) -> tuple[Result, Result, float] | None:
    """Return the two results whose arms are named most like the asked ones."""
    best: tuple[float, Result, Result] | None = None
    for one in group:
        for other in group:
            if one is other or one.arm == other.arm:
                continue
            score = _arm_likeness(asked["intervention"], one.arm) + _arm_likeness(
                asked["comparator"], other.arm
            )
            score += 0.2 * (one.row == other.row)
            score -= 0.3 * _arm_likeness(asked["intervention"], other.arm)
            score -= 0.3 * _arm_likeness(asked["comparator"], one.arm)
            if best is None or score > best[0]:
                best = (score, one, other)
    if best is None or best[0] < _NEAR:
        return None
    return best[1], best[2], min(best[0], 2.0) / 2


#: A comparison of the same people before and after.
_PHASES = re.compile(r"\W*(?:pre|post|before|after|baseline)\b", re.IGNORECASE)
_CONTROL = re.compile(
    r"\b(?:control|placebo|usual|standard|sham|conventional|tau|untreated)\b", re.I
)
_TREATED = re.compile(
    r"\b(?:intervention|experimental|treatment|study|active|test)\b(?!\s+as)", re.I
)


def _arm_likeness(asked: str, ours: str) -> float:
    alike = likeness(asked, ours)
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", asked)).lower()
    if len(ours) <= 6 and ours.isupper() and ours.lower() in (initials, asked.lower()):
        alike = max(alike, 0.9)
    if bool(_CONTROL.search(asked)) and bool(_CONTROL.search(ours)):
        alike = max(alike, 0.6)
    if not _CONTROL.search(asked) and _TREATED.search(ours) and not _CONTROL.search(ours):
        alike = max(alike, 0.4)
    return alike


def _lateness(timepoint: str) -> float:
    """Order times of one outcome: the start first, then what is unsaid, then the end by its length."""
    if re.search(r"baseline|before|\bpre|admission|initial", timepoint):
        return -1.0
    if re.search(r"total|overall", timepoint):
        return 2.0
    days = _time(timepoint)
    if days is None:
        return 1.0 if re.search(r"after|post|final|end|follow", timepoint) else 0.5
    return 1.0 + days / 10_000


def _time(text: str) -> float | None:
    """Return the time that a text names, in days."""
    found = re.search(r"(?<!\d)(\d+)[\s-]*(hour|day|week|month|year)", text.lower())
    if found is None:
        found = re.search(r"(?P<unit>hour|day|week|month|year)\s*(?P<number>\d+)", text.lower())
        if found is None:
            return None
        return int(found["number"]) * _DAYS[found["unit"]]
    return int(found[1]) * _DAYS[found[2]]


_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}


def _sizes(record: Json | None) -> list[tuple[str, int]]:
    return [
        (arm["label"], arm["n"])
        for study in studies(record)
        for arm in study.get("arms", ())
        if arm.get("n") is not None
    ]


def _size(asked: str, against: str, sizes: list[tuple[str, int]]) -> int | None:
    """Return the size of the arm whose name is most like the asked one, and less like the other."""

    def fit(label: str) -> float:
        return _arm_likeness(asked, label) - 0.5 * _arm_likeness(against, label)

    best = max(sizes, key=lambda one: fit(one[0]), default=None)
    return best[1] if best is not None and fit(best[0]) > _NEAR else None
