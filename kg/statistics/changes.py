"""Change from baseline: its standard deviation, and the correlation that it implies.

Source: Cochrane Handbook, version 6, section 6.5.2.8.
"""

from __future__ import annotations

import math

_ROUNDING = 1e-9


def change_correlation(baseline_sd: float, final_sd: float, change_sd: float) -> float:
    """Return the correlation of baseline and final values that three standard deviations imply.

    Raises
    ------
    ValueError
        If one of the first two is 0, or no correlation between -1 and 1 fits.

    Examples
    --------
    >>> round(change_correlation(6.4, 7.1, 4.5), 2)
    0.78
    """
    if baseline_sd <= 0 or final_sd <= 0 or change_sd < 0:
        raise ValueError("standard deviations must be above 0")
    correlation = (baseline_sd**2 + final_sd**2 - change_sd**2) / (2 * baseline_sd * final_sd)
    if not -1 - _ROUNDING <= correlation <= 1 + _ROUNDING:
        raise ValueError(
            f"no correlation fits the standard deviations {baseline_sd:g}, {final_sd:g} and {change_sd:g}"
        )
    return min(1.0, max(-1.0, correlation))


def change_sd(baseline_sd: float, final_sd: float, correlation: float) -> float:
    """Return the standard deviation of the change from baseline.

    Parameters
    ----------
    baseline_sd, final_sd
        Of one group, in one unit.
    correlation
        Of baseline and final values, from -1 to 1; from another study of the same outcome, and
        varied in a sensitivity analysis.

    Examples
    --------
    >>> round(change_sd(6.4, 7.1, 0.8), 1)
    4.3
    """
    if not -1 <= correlation <= 1:
        raise ValueError(f"a correlation lies between -1 and 1, not at {correlation:g}")
    if baseline_sd < 0 or final_sd < 0:
        raise ValueError("standard deviations must not be negative")
    square = baseline_sd**2 + final_sd**2 - 2 * correlation * baseline_sd * final_sd
    return math.sqrt(max(0.0, square))
