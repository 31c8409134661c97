"""Results of arms beside one another: which is compared with which, and how large each arm is."""

from __future__ import annotations

from dataclasses import replace

from kg.assembly.effects import EffectReading
from kg.assembly.labels import stems


def compared(effects: list[EffectReading], *, pair: bool) -> list[EffectReading]:
    """Set the arms of a row against its control, at each time; `pair`: the table has two arms.

    Where none is a control, it is the second of two arms, as trials print them, and the first of more.

    Which way an outcome goes is told by the values, if the row's p value says that they differ.
    """
    found: list[EffectReading] = []
    for effect in effects:
        peers = [
            e for e in effects
            if (e.timepoint, e.outcome_label, e.measure) == (effect.timepoint, effect.outcome_label, effect.measure)
        ]  # fmt: skip
        against = next(
            (e for e in peers if e.arm is not None and e.arm.control), peers[-1 if pair else 0]
        )
        p = effect.statistic.p_value
        if against is effect or effect.arm == against.arm:
            found.append(effect)
            continue
        one, other = effect.statistic.value, against.statistic.value
        direction = effect.direction
        if p is not None and direction == "unclear" and one is not None and other is not None:
            direction = "increase" if one > other else "decrease" if one < other else "unclear"
        found.append(
            replace(
                effect,
                direction=direction,
                comparator=against.intervention,
                contrast="between_groups",
            )
        )
    return found


def with_sizes(effects: list[EffectReading]) -> list[EffectReading]:
    """Give the results of arms the sizes that other tables print for the same arms.

    A size counts only where all tables that tell it agree.
    """
    sizes: dict[frozenset[str], set[int]] = {}
    for effect in effects:
        if effect.arm is not None and effect.arm.n is not None:
            sizes.setdefault(stems(effect.arm.label), set()).add(effect.arm.n)
    found: list[EffectReading] = []
    for effect in effects:
        told: set[int] = set()
        if effect.arm is not None and effect.arm.n is None:
            own = stems(effect.arm.label)
            alike = [key for key in sizes if key == own] or [
                key for key in sizes if key and own and (key < own or own < key)
            ]
            told = sizes[alike[0]] if len(alike) == 1 else set()
        if effect.arm is not None and effect.arm.n is None and len(told) == 1:
            (n,) = told
            statistic = effect.statistic
            if statistic.n is None:
                statistic = replace(
                    statistic, n=n, total=n if statistic.events is not None and statistic.total is None else statistic.total
                )  # fmt: skip
            effect = replace(effect, arm=replace(effect.arm, n=n), statistic=statistic)
        found.append(effect)
    return found
