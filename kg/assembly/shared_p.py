"""One p value for two arms: "63% of those given A …, while 42% of those given B … (p = 0.01)".

The grammar of numbers shares a p value between values that stand side by side. Where words stand between
them, only what they were linked to tells that they are compared: the same outcome, in two arms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kg.assembly.arms import ArmTable
from kg.assembly.context import Context
from kg.assembly.link import Link
from kg.assembly.same_names import same
from kg.measures import GROUP_MEASURES
from kg.numbers.statistic import Statistic


def with_shared_p(
    context: Context, links: Mapping[int, Link], arms: ArmTable, times: Mapping[int, str]
) -> dict[int, Statistic]:
    """Return the statistics of the links, a p value given to each value that it compares with the one it stands behind."""
    out = {k: context.statistics[k] for k in links}
    numbers = sorted(links)
    for n in range(len(numbers) - 2, -1, -1):
        k, following = numbers[n], numbers[n + 1]
        if out[k].p_value is None and _compared(context, k, following, links, arms, times):
            p = out[following]
            out[k] = replace(
                out[k], p_operator=p.p_operator, p_value=p.p_value, p_start=p.p_start, p_end=p.p_end,
                p_kind=p.p_kind, printed_p=p.printed_p,
            )  # fmt: skip
    return out


def _compared(
    context: Context, one: int, other: int, links: Mapping[int, Link], arms: ArmTable,
    times: Mapping[int, str],
) -> bool:  # fmt: skip
    """Tell whether two values are of one outcome in two arms, in one sentence."""
    a, b = context.statistics[one], context.statistics[other]
    mine, its = links[one], links[other]
    if context.places[one].sentence != context.places[other].sentence or "from-to" in (a.pairing, b.pairing):  # fmt: skip
        return False
    if mine.measure != its.measure or mine.measure not in GROUP_MEASURES or a.unit != b.unit:
        return False
    if times.get(one) != times.get(other) or mine.outcome is None or its.outcome is None:
        return False
    first, second = arms.arm_of(one), arms.arm_of(other)
    apart = first is not None and second is not None and first is not second
    return apart and same(mine.outcome, its.outcome)
