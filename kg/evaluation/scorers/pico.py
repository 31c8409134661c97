"""Trials with marked arms and numbers of each arm (PICO-Corpus).

The set knows two arms, ``iv`` and ``cv``, and marks numbers without relations; a number of ours is
in the right arm when its arm's role, or the likeness of its arm's name to the marked names, says so.
The reference scorer reads marked numbers without their sign, so a fall that we read as -1.3 is
missed there; the unsigned figures forgive the sign.
Nothing but numbers of arms is marked, so ours are judged only in sentences that hold a marked one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.evaluation.figures import Figure, Match, Share
from kg.evaluation.labels import likeness, same_number
from kg.evaluation.scores import DocumentScore
from kg.evaluation.spans import micro_figures, score_spans, span_figures
from kg.evaluation.views import Claim, Place, claims, entities, mentions, studies, within

Json = dict[str, Any]
#: Target → the set's labels, our kinds of mentions.
_SPANS = {
    "intervention": ({"intervention"}, {"intervention"}),
    "control": ({"control"}, {"comparator"}),
    "outcome": ({"outcome", "outcome-Measure"}, {"outcome"}),
}
#: The set's kinds of numbers → the fields of an effect that may hold one.
_FIELDS = {
    "bin-abs": ("events", "n", "value"),
    "bin-percent": ("value",),
    "cont-mean": ("value",),
    "cont-median": ("value",),
    "cont-sd": ("sd", "se"),
}
#: Measure of an effect of ours → the numbers it claims of an arm, each with the set's kind.
_CLAIMS = {
    "percent": (("bin-percent", "value"), ("bin-abs", "events")),
    "count": (("bin-abs", "value"), ("bin-abs", "events")),
    "mean": (("cont-mean", "value"), ("cont-sd", "sd")),
    "median": (("cont-median", "value"),),
}
_LABEL = re.compile(rf"(iv|cv)-({'|'.join(_FIELDS)})")
_NUMBER = re.compile(r"\d+(?:[.·]\d+)?")
_SIDES = {"experimental": "iv", "exposed": "iv", "control": "cv", "unexposed": "cv"}
_PARTICIPANTS = {"intervention-participants": "iv", "control-participants": "cv"}
_NEAR = 0.3  # likeness above which a name is that of a marked arm

#: By value as the reference scorer has it, and with the sign forgiven; anywhere, and in the right arm.
_ARM_VALUES = (
    "arm_values", "arm_values_right_arm", "arm_values_unsigned", "arm_values_unsigned_right_arm",
)  # fmt: skip

FIGURES: tuple[Figure, ...] = (
    *(figure for target in _SPANS for figure in span_figures(target)),
    *micro_figures(),
    *(Match(name) for name in _ARM_VALUES),
    *(Share(f"found_{kind}", f"hit_{kind}", f"gold_{kind}") for kind in _FIELDS),
    Share("total_participants", "total_hit", "total_gold"),
    Match("arm_participants"),
)


@dataclass(frozen=True, slots=True)
class _Marked:
    """A marked number of an arm."""

    span: Place
    side: str
    kind: str
    value: float


def score(document: Json, record: Json | None) -> DocumentScore:
    """Score one document."""
    found = DocumentScore(document["id"], document["text"])
    for target, (wanted, kinds) in _SPANS.items():
        score_spans(found, target, entities(document, wanted), mentions(record, kinds))
    ours = list(claims(record))
    marked = list(_marked(document, found))
    _score_recall(found, document, marked, ours)
    _score_precision(found, document, marked, ours)
    _score_total(found, document, record)
    _score_participants(found, document, record)
    return found


def _marked(document: Json, found: DocumentScore) -> Iterator[_Marked]:
    for entity in document["entities"]:
        label = _LABEL.match(entity["label"])
        if not label:
            continue
        side, kind = label.groups()
        found.counts[f"gold_{kind}"] += 1
        for name in _ARM_VALUES:
            found.counts[f"{name}/gold"] += 1
        if number := _NUMBER.search(entity["text"].replace(",", "")):
            span = (entity["start"], entity["end"])
            yield _Marked(span, side, kind, float(number[0].replace("·", ".")))


def _score_recall(
    found: DocumentScore, document: Json, marked: list[_Marked], ours: list[Claim]
) -> None:
    for number in marked:
        near = [claim for claim in ours if any(within(number.span, span) for span in claim.places)]
        values = [(claim, value) for claim in near for value in _values(claim, number.kind)]
        exact = [claim for claim, value in values if same_number(value, number.value)]
        hits = [claim for claim, value in values if same_number(abs(value), number.value)]
        found.counts[f"hit_{number.kind}"] += bool(exact)
        for name, met in (("arm_values", exact), ("arm_values_unsigned", hits)):
            sides = [find_side(claim, document) for claim in met]
            found.counts[f"{name}/gold_hit"] += bool(met)
            found.counts[f"{name}_right_arm/gold_hit"] += number.side in sides
        said = f"{number.side} {number.kind} {number.value:g}"
        if not hits:
            found.miss("arm value", said, "", number.span)
        elif number.side not in sides:
            arms = "; ".join(_say_arm(claim) for claim in hits)
            found.miss("arm of a value", said, arms, number.span)


def _values(claim: Claim, kind: str) -> list[float]:
    """Return the numbers of an effect that may answer a marked one of a kind."""
    fields = (claim.effect.get(field) for field in _FIELDS[kind])
    return [float(value) for value in fields if value is not None]


def _score_precision(
    found: DocumentScore, document: Json, marked: list[_Marked], ours: list[Claim]
) -> None:
    """Judge the numbers of ours that stand in a sentence with a marked one."""
    seen = set()
    for claim in ours:
        if not any(within(number.span, claim.sentence) for number in marked):
            continue
        side = find_side(claim, document)
        for kind, field in _CLAIMS.get(claim.effect["measure"], ()):
            value = claim.effect.get(field)
            key = (kind, value, claim.number, side)
            if value is None or key in seen:
                continue
            seen.add(key)
            answers = [
                number
                for number in marked
                if within(number.span, claim.number) and same_number(abs(value), number.value)
            ]
            right = any(number.side == side for number in answers)
            for name in _ARM_VALUES:
                hit = right if name.endswith("right_arm") else bool(answers)
                found.add(name, 0, 0, 1, hit)
            if not answers:
                found.miss("arm value", "", f"{kind} {value:g}, {_say_arm(claim)}", claim.number)


def find_side(claim: Claim, document: Json) -> str | None:
    """Return "iv" or "cv": by the role of the effect's arm, else by the likeness of its name."""
    effect = claim.effect
    arms: dict[str | None, Json] = {arm["id"]: arm for arm in claim.study.get("arms", ())}
    arm = arms.get(effect.get("arm"), {})
    if side := _SIDES.get(arm.get("role", "")):
        return side
    label = arm.get("label") or claim.intervention
    like = {
        side: max(
            (likeness(label, e["text"]) for e in document["entities"] if e["label"] == name),
            default=0.0,
        )
        for side, name in (("iv", "intervention"), ("cv", "control"))
    }
    nearest = max(like, key=lambda side: like[side])
    return nearest if like[nearest] > _NEAR else None


def _say_arm(claim: Claim) -> str:
    arms = {arm["id"]: arm for arm in claim.study.get("arms", ())}
    arm = arms.get(claim.effect.get("arm"))
    said = "no arm" if arm is None else f"{arm['label']} ({arm['role']})"
    return f"{claim.effect['measure']} in {said}"


def _score_total(found: DocumentScore, document: Json, record: Json | None) -> None:
    """Score the number of participants: the first that is printed in digits."""
    sizes = [study.get("n_participants") for study in studies(record)]
    for entity in document["entities"]:
        digits = re.sub(r"[ ,\u2009\u00a0]", "", entity["text"])
        if entity["label"] == "total-participants" and digits.isdigit():
            found.counts["total_gold"] += 1
            found.counts["total_hit"] += int(digits) in sizes
            if int(digits) not in sizes:
                span = (entity["start"], entity["end"])
                said = ", ".join(str(size) for size in sizes if size is not None)
                found.miss("total participants", digits, said, span)
            break


def _score_participants(found: DocumentScore, document: Json, record: Json | None) -> None:
    """Score the sizes of the arms by value, each once; the whole trial's size is no alarm."""
    marked: dict[int, Place] = {}
    total = set()
    for entity in document["entities"]:
        digits = re.sub(r"[ ,\u2009\u00a0]", "", entity["text"])
        if digits.isdigit() and entity["label"] in _PARTICIPANTS:
            marked.setdefault(int(digits), (entity["start"], entity["end"]))
        elif digits.isdigit() and entity["label"] == "total-participants":
            total.add(int(digits))
    arms = {
        arm["n"]: arm for study in studies(record) for arm in study.get("arms", ()) if arm.get("n")
    }
    groups = {
        group["n"] for study in studies(record) for group in study.get("populations", ()) if group.get("n")
    }  # fmt: skip
    hits = marked.keys() & (arms.keys() | groups)
    claimed = arms.keys() - total
    found.add(
        "arm_participants", len(marked), len(hits), len(claimed), len(claimed & marked.keys())
    )
    for size in marked.keys() - hits:
        found.miss("arm participants", str(size), "", marked[size])
    for size in claimed - marked.keys():
        span = arms[size]["evidence"][0] if arms[size].get("evidence") else None
        where = (span["start_char"], span["end_char"]) if span else None
        found.miss("arm participants", "", f"{arms[size]['label']}: {size}", where)
