"""Whether an effect is significant: as the text says, else by its p value or interval."""

from __future__ import annotations

from kg.numbers.statistic import ALPHA
from kg.records import Effect
from kg.statistics.scales import NULL_VALUES


def significance(effect: Effect) -> tuple[bool | None, bool]:
    """Return whether the effect is significant, and whether that was computed here.

    Returns
    -------
    tuple of (bool or None, bool)
        ``(None, False)`` where neither the text, p nor the interval tells. An interval tells at a
        level of 95 % or more only when it excludes the null value, at 95 % or less only when it
        includes it.
    """
    if effect.significant is not None:
        return effect.significant, False
    by_p = _from_p(effect)
    if by_p is not None:
        return by_p, True
    by_interval = _from_interval(effect)
    return by_interval, by_interval is not None


def _from_p(effect: Effect) -> bool | None:
    if effect.p_value is None:
        return None
    p = effect.p_value
    match effect.p_operator or "=":
        case "=":
            return p < ALPHA
        case "<":
            return True if p <= ALPHA else None
        case "<=":
            return True if p < ALPHA else None
        case _:  # > and >=
            return False if p >= ALPHA else None


def _from_interval(effect: Effect) -> bool | None:
    null = NULL_VALUES.get(effect.measure)
    if (
        null is None
        or effect.ci_low is None
        or effect.ci_high is None
        or effect.ci_low > effect.ci_high
    ):
        return None
    level = 95.0 if effect.ci_level is None else effect.ci_level
    includes = effect.ci_low <= null <= effect.ci_high
    if includes:
        return False if level <= 95 else None
    return True if level >= 95 else None
