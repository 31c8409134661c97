"""A number expression while it is being read: atom indices and what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.numbers.pieces import Bounds, PValue
from kg.records import Measure, Repair


@dataclass(slots=True)
class Expression:
    """One value with what is attached to it; all positions are indices of atoms.

    ``start:end`` covers the expression (end excluded), ``value`` is its NUM atom or ``None`` for a
    p value alone. ``share`` says that the p stands behind the brackets of this value alone.
    """

    start: int
    end: int
    value: int | None = None
    unit: int | None = None
    unit_code: str | None = None
    measure: Measure | None = None
    measure_atom: int | None = None
    sign: int = 1
    level: float | None = None
    bounds: Bounds | None = None
    low_bound: int | None = None  # the only bound of "8.6 to not estimable"
    labelled: bool = False
    p: PValue | None = None
    p_in_own_bracket: bool = False
    spread: int | None = None
    spread_kind: str = "sd"
    spread_labelled: bool = False
    iqr: Bounds | None = None
    range: Bounds | None = None
    bare_range: bool = False  # two numbers in brackets that nothing calls a range
    n: int | None = None
    events: int | None = None
    total: int | None = None
    i2: int | None = None
    tau2: int | None = None
    statistic: tuple[int, int] | None = None
    df: int | None = None
    bound: str | None = None
    plus_minus: bool = False
    stat: str | None = None  # "mean" or "median" said before
    stat_near: bool = False  # … in the few words right before the value
    adjusted: bool | None = None
    per: tuple[int, int] | None = None
    hinted: bool = False  # context words say that this is a result
    counted: bool = False  # a bare number that counts things
    group: int | None = None
    position: int = 0
    pairing: str | None = None
    repairs: list[Repair] = field(default_factory=list)
    corrected: float | None = None  # the value a repair found
    sentence: int = 0

    @property
    def has_evidence(self) -> bool:
        """Whether something printed beside the value marks it as a statistic."""
        return (
            self.bounds is not None
            or self.low_bound is not None
            or self.p is not None
            or self.plus_minus
            or self.spread is not None
            or self.iqr is not None
            or self.range is not None
        )
