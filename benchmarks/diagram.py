"""A reliability diagram: confidence against the share that is right, as an SVG file."""

from __future__ import annotations

from collections.abc import Sequence

from kg.evaluation.reliability import Bin

_SIDE = 320
_MARGIN = 48


def draw_reliability(bins: Sequence[Bin]) -> str:
    """Return the diagram; a point on the dashed line is as often right as its confidence says."""
    points = [(_across(part.confidence), _up(part.right)) for part in bins]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#2f6fb3"/>' for x, y in points)
    ticks = "".join(_tick(number / 5) for number in range(6))
    size = _SIDE + 2 * _MARGIN
    middle = _MARGIN + _SIDE / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#555">'
        f'<rect width="{size}" height="{size}" fill="#fff"/>'
        f'<rect x="{_MARGIN}" y="{_MARGIN}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#bbb"/>'
        f"{ticks}"
        f'<line x1="{_across(0)}" y1="{_up(0)}" x2="{_across(1)}" y2="{_up(1)}" stroke="#999" '
        'stroke-dasharray="4 4"/>'
        f'<polyline points="{line}" fill="none" stroke="#2f6fb3" stroke-width="2"/>{dots}'
        f'<text x="{middle}" y="{size - 10}" text-anchor="middle">confidence</text>'
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">'
        "share of effects that are right in every part</text></svg>\n"
    )


def _across(value: float) -> float:
    return _MARGIN + value * _SIDE


def _up(value: float) -> float:
    return _MARGIN + (1 - value) * _SIDE


def _tick(value: float) -> str:
    return (
        f'<text x="{_across(value)}" y="{_up(0) + 16}" text-anchor="middle">{value:.1f}</text>'
        f'<text x="{_across(0) - 6}" y="{_up(value) + 4}" text-anchor="end">{value:.1f}</text>'
    )
