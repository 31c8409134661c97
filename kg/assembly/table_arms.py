"""Arms in tables: which heads and stubs name one, and what stands below the heads of each column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.assembly.context import Context
from kg.assembly.labels import stems, tidy
from kg.assembly.table_grid import Head, StatisticKind, statistic_kind
from kg.assembly.table_labels import (
    ARM_CODE,
    NOT_ARMS,
    PHASE,
    SUMS,
    is_control,
    strip_statistic,
    words_of,
)
from kg.assembly.words import CONTROL_WORDS, GENERIC_WORDS, GROUP_WORDS

#: Columns that tell of several arms at once.
OF_SEVERAL_ARMS = frozenset({"p", "ci", "estimate"})


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm as a head or a stub names it."""

    label: str
    start_char: int
    end_char: int
    size: int | None
    control: bool


@dataclass(frozen=True, slots=True)
class Column:
    """What stands below a column's heads."""

    number: int
    arm: Arm | None
    phase: str | None
    kind: StatisticKind | None
    about: str  # what heads say beside arm, phase and kind: an outcome
    heads: tuple[Head, ...]


class ArmLabels:
    """Tells the labels that name arms in one table; `at_char` is where its short forms are read."""

    def __init__(self, context: Context, at_char: int) -> None:
        self.context, self.at_char = context, at_char
        self.given = _interventions(context)

    def share(self, labels: Sequence[str]) -> float:
        """Return the share of labels that can be names of arms, 0 to 1."""
        distinct = [
            label for label in dict.fromkeys(labels) if not SUMS.fullmatch(label.strip(" ()"))
        ]
        if not distinct:
            return 0.0
        return sum(self.has(label) for label in distinct) / len(distinct)

    def has(self, label: str) -> bool:
        """Tell whether a label can be the name of an arm."""
        bare = self.context.names.written_out(label, self.at_char).lower()
        words = words_of(bare)
        if NOT_ARMS.search(bare) and not words & CONTROL_WORDS:
            return False
        if ARM_CODE.search(label) or words & (
            CONTROL_WORDS - {"no", "normal", "baseline", "alone", "standard"}
        ):
            return True
        if words & GENERIC_WORDS and len(words) <= 6:
            return True
        if words & GROUP_WORDS and words & {"group", "groups", "arm", "arms", "cohort"}:
            return True
        own = stems(label)
        return (
            bool(own)
            and len(bare) < 80
            and any(own <= name or name <= own or len(own & name) >= 2 for name in self.given)
        )

    def arm(self, label: str, start: int, end: int, size: int | None) -> Arm:
        """Return the arm that a label at a place of the view names."""
        name = self.context.names.written_out(tidy(label), start)
        return Arm(name, start, end, size, is_control(label))

    def arm_of_row(self, stub: str, start: int, end: int, size: int | None) -> Arm:
        """Return the arm that a row's label names; a size that stands in the label counts first."""
        arm = self.arm(stub, start, end, size)
        sized = re.search(r"\b[nN]\s*=\s*(\d+)", stub)
        if sized is None:
            return arm
        label = re.sub(r"[(\[]?\s*[nN]\s*=\s*\d+\s*[)\]]?", "", stub)
        return replace(arm, label=tidy(label) or stub, size=int(sized[1]))

    def column(self, number: int, heads: tuple[Head, ...], *, forced: bool = False) -> Column:
        """Read a column's heads; `forced`: what they name beside statistics and times is an arm."""
        phase = kind = None
        size: int | None = None
        names: list[Head] = []
        for head in heads:
            size = head.size or size
            if not head.text:
                continue
            if head.kind is not None:
                kind = head.kind
                if statistic_kind(head.text) is not None:
                    continue
            if (
                (found := PHASE.search(head.text))
                and len(stems(head.text)) <= 4
                and not self.has(PHASE.sub("", head.text))
            ):
                phase = found.group()
            else:
                names.append(head)
        named = [head for head in names if self.has(head.text)]
        if forced and not named and kind not in OF_SEVERAL_ARMS:
            named = [head for head in names if not NOT_ARMS.search(head.text)][-1:]
        if not named:
            about = " ".join(h.text for h in names)
            return Column(number, None, phase, kind, about, heads)
        head = named[-1]
        about = " ".join(h.text for h in names if h is not head)
        inner = PHASE.search(head.text)
        label = tidy(PHASE.sub("", head.text)) if inner else head.text
        phase = phase or (inner.group() if inner else None)
        arm = self.arm(label or head.text, head.start_char, head.end_char, size or head.size)
        return Column(number, arm, phase, kind, about, heads)


def name_of(heads: Sequence[Head]) -> str:
    """Return what a column's heads name beside statistics and phases."""
    parts = [
        h.text for h in heads
        if h.text and statistic_kind(h.text) is None and not PHASE.fullmatch(h.text.strip(" ()"))
    ]  # fmt: skip
    return " ".join(parts)


def outcome_column(number: int, heads: tuple[Head, ...]) -> Column:
    """Read the heads of a column above rows of arms: an outcome, a time, a statistic."""
    phase = kind = None
    names: list[str] = []
    for head in heads:
        if head.kind is not None:
            kind = head.kind
            if statistic_kind(head.text) is not None:
                continue
        found = PHASE.search(head.text)
        rest = PHASE.sub(" ", head.text) if found else head.text
        phase = found.group() if found else phase
        if stems(rest):
            names.append(strip_statistic(rest))
    return Column(number, None, phase, kind, ": ".join(n for n in names if n), heads)


def _interventions(context: Context) -> list[frozenset[str]]:
    """Return the stems of what the text names as given to people, the surest names first: its lists of groups."""
    listed = [own for g in context.groups for *_, raw in g.places if (own := stems(raw))]
    found: dict[frozenset[str], float] = {}
    for phrase in context.phrases:
        score = phrase.score("intervention")
        own = stems(phrase.raw)
        if score >= 0.5 and own and len(own) <= 5:
            found[own] = found.get(own, 0.0) + score
    ranked = sorted(found, key=lambda key: (-found[key], sorted(key)))
    return list(dict.fromkeys([*listed, *ranked[:60]]))
