"""Where an axis begins and ends, and which ticks it has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Interval = tuple[float, float, float]
#: Steps of a logarithmic axis within a factor of ten, coarse to fine.
_LOG_STEPS = ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7))
_MOST_TICKS = 8
#: How far an axis reaches beyond the estimates, as a multiple of their spread.
_REACH = 1.2


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high`, logarithmic or linear."""

    low: float
    high: float
    log: bool
    ticks: tuple[float, ...]

    def to_unit(self, value: float) -> float:
        """Return where a value stands: its logarithm, or itself."""
        return math.log(value) if self.log else value

    def labels(self) -> list[str]:
        """Return the ticks as texts, with a real minus sign."""
        return [f"{tick:.10g}".replace("-", "−") for tick in self.ticks]


def choose_scale(intervals: Sequence[Interval], log: bool, null: float | None) -> Scale:
    """Choose an axis that shows all estimates and most of each interval.

    A few intervals much wider than the rest are cut, and drawn with an arrow: the axis ends at the
    widest of those that reach no further than their estimates' spread, and some.

    Parameters
    ----------
    intervals
        Value, low and high of each row, as printed; positive for a logarithmic axis.
    log
        Whether the axis is logarithmic.
    null
        The value of no effect, which the axis shows; ``None`` if there is none.
    """

    def unit(value: float) -> float:
        return math.log(value) if log else value

    values = [unit(value) for value, _, _ in intervals]
    if null is not None:
        values.append(unit(null))
    ends = [
        unit(x)
        for _, low, high in intervals
        for x in (low, high)
        if math.isfinite(x) and (x > 0 or not log)
    ]
    spread = max(values) - min(values)
    widths = sorted(
        unit(high) - unit(low)
        for _, low, high in intervals
        if math.isfinite(low) and math.isfinite(high) and (low > 0 or not log)
    )
    usual = widths[len(widths) // 2] if widths else spread
    reach = max(_REACH * usual, 0.25 * spread)
    start = max(min([*ends, *values]), min(values) - reach)
    stop = min(max([*ends, *values]), max(values) + reach)
    if stop - start < 1e-9:
        pad = abs(stop) * 0.1 or 1.0
        start, stop = start - pad, stop + pad
    return _log_scale(start, stop) if log else _linear_scale(start, stop)


def _linear_scale(start: float, stop: float) -> Scale:
    raw = (stop - start) / 5
    power = 10 ** math.floor(math.log10(raw))
    step = min((m * power for m in (1, 2, 2.5, 5, 10)), key=lambda s: abs(s - raw))
    first, last = math.floor(start / step + 1e-9), math.ceil(stop / step - 1e-9)
    ticks = tuple(round(index * step, 12) for index in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], False, ticks)


def _log_scale(start: float, stop: float) -> Scale:
    """Take the finest set of ticks that is not too many; the axis ends a little beyond the data."""
    low, high = math.exp(start), math.exp(stop)
    chosen: tuple[float, ...] = ()
    for steps in _LOG_STEPS:
        able = [
            step * 10.0**power
            for power in range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
            for step in steps
        ]
        inside = [tick for tick in able if low * 0.98 <= tick <= high * 1.02]
        if len(inside) <= _MOST_TICKS and len(inside) > len(chosen):
            chosen = tuple(float(f"{tick:.10g}") for tick in inside)
    if len(chosen) < 2:
        return _fine_log_scale(low, high)
    pad = 0.03 * math.log(high / low)
    return Scale(
        min(low, chosen[0]) * math.exp(-pad), max(high, chosen[-1]) * math.exp(pad), True, chosen
    )


def _fine_log_scale(low: float, high: float) -> Scale:
    """Take ticks at equal steps for an axis within a factor of less than two."""
    linear = _linear_scale(low, high)
    ticks = tuple(tick for tick in linear.ticks if tick > 0)
    return Scale(min(low, ticks[0]), max(high, ticks[-1]), True, ticks)
