"""A table of studies from a CSV file: what to pool when the numbers are already at hand.

Each row is a study, and its columns are found by name, in any order and case. One of these sets
is needed; columns of the first that is complete in a row are used:

* ``events1, total1, events2, total2`` (or ``ai, n1i, ci, n2i``; ``event.e, n.e, event.c, n.c``)
* ``mean1, sd1, n1, mean2, sd2, n2`` (or ``m1i, sd1i, n1i, m2i, sd2i, n2i``)
* ``estimate, low, high`` and perhaps ``level``, as printed: a ratio, not its logarithm
* ``estimate, se`` or ``estimate, variance``, on the scale of the measure: the logarithm of a ratio

``study``, ``year``, ``n``, ``unit`` and ``measure`` are known; any other column may name subgroups.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import PoolError
from kg.statistics.estimate import Estimate, from_interval
from kg.statistics.two_groups import Events, Means
from kg.synthesis.contributions import Contribution

#: Folded column name → the name that is used here.
_NAMES = {
    "study": "study", "label": "study", "author": "study", "trial": "study", "studlab": "study",
    "slab": "study", "year": "year", "n": "n", "unit": "unit", "measure": "measure",
    "estimate": "estimate", "value": "estimate", "yi": "estimate", "te": "estimate",
    "low": "low", "lower": "low", "ci_low": "low", "ci_lb": "low",
    "high": "high", "upper": "high", "ci_high": "high", "ci_ub": "high", "level": "level",
    "se": "se", "sei": "se", "sete": "se", "variance": "variance", "vi": "variance",
    "events1": "events1", "ai": "events1", "event_e": "events1",
    "total1": "total1", "n1i": "total1", "n_e": "total1",
    "events2": "events2", "ci": "events2", "event_c": "events2",
    "total2": "total2", "n2i": "total2", "n_c": "total2",
    "mean1": "mean1", "m1i": "mean1", "mean_e": "mean1", "sd1": "sd1", "sd1i": "sd1", "sd_e": "sd1",
    "mean2": "mean2", "m2i": "mean2", "mean_c": "mean2", "sd2": "sd2", "sd2i": "sd2", "sd_c": "sd2",
    "n1": "total1", "n2": "total2",
}  # fmt: skip
_EVENTS = ("events1", "total1", "events2", "total2")
_MEANS = ("mean1", "sd1", "total1", "mean2", "sd2", "total2")
_SETS = (_EVENTS, _MEANS, ("estimate", "low", "high"), ("estimate", "se"), ("estimate", "variance"))


def read_studies(path: Path, measure: str | None = None) -> tuple[list[Contribution], str]:
    """Read the studies of a CSV file and the measure to pool them in.

    Tables of events and of means become estimates later, by :meth:`Contribution.measured_as`.

    Parameters
    ----------
    path
        UTF-8, comma or semicolon or tab between the columns.
    measure
        The measure wanted. ``None``: that of the column ``measure``, else RR for events, MD for
        means; estimates without either are refused.

    Raises
    ------
    PoolError
        If the file cannot be read, has no study, or a row is damaged; it names the row.
    """
    header, rows = read_cells(path)
    found, used, _ = parse_rows(header, rows, str(path), measure)
    return found, used


def read_cells(path: Path) -> tuple[list[str], list[list[object]]]:
    """Return the header and the rows of a CSV file.

    Raises
    ------
    PoolError
        If it cannot be read or holds no row.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PoolError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from error
    except UnicodeDecodeError as error:
        raise PoolError(f"{path}: is not UTF-8 text") from error
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows: list[list[object]] = [
        list(row) for row in csv.reader(text.splitlines(), delimiter=delimiter)
    ]
    if len(rows) < 2:
        raise PoolError(f"{path}: holds no studies: a header and a row for each are needed")
    return [str(cell) for cell in rows[0]], rows[1:]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the table: its number, what is known of it, and the columns that may group studies."""

    number: int
    values: dict[str, str]
    groups: dict[str, str]


def parse_rows(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    where: str,
    measure: str | None,
    lenient: bool = False,
) -> tuple[list[Contribution], str, list[str]]:
    """Turn rows of cells into contributions.

    Parameters
    ----------
    header, rows
        Column names, and cells under them; ``None`` is an empty cell.
    where
        What errors call the table.
    measure
        See :func:`read_studies`; "" for estimates on a linear scale that nobody names.
    lenient
        Whether a damaged row is passed over rather than refused.

    Returns
    -------
    tuple
        The contributions, their measure, and a sentence for each row that was passed over.
    """
    columns = [_NAMES.get(_fold(name), "") for name in header]
    available = [names for names in _SETS if set(names) <= set(columns)]
    if not available:
        raise PoolError(
            f"{where}: no columns to pool: needs estimate, low and high; or estimate and se; or events1, "
            f"total1, events2 and total2; or mean1, sd1, n1, mean2, sd2 and n2; it has {', '.join(header)}"
        )
    lines = list(_lines(header, columns, rows, where))
    if not lines:
        raise PoolError(f"{where}: holds no studies")
    stated = {line.values["measure"] for line in lines if line.values.get("measure")}
    if measure is None:
        if len(stated) > 1:
            raise PoolError(
                f"{where}: mixes {' and '.join(sorted(stated))}: name one with --measure"
            )
        measure = next(iter(stated), None) or _usual(available, where)
    found: list[Contribution] = []
    passed: list[str] = []
    for line in lines:
        own = line.values.get("measure") or measure
        try:
            if lenient and measure and own != measure and not _convertible(line.values):
                raise ValueError(f"{own} is not {measure}")
            found.append(_contribution(line, own, available))
        except ValueError as error:
            message = f"row {line.number}: {error}"
            if not lenient:
                raise PoolError(f"{where}, {message}") from error
            passed.append(message)
    if not found:
        raise PoolError(f"{where}: holds no study to use: {'; '.join(passed[:5])}")
    return found, measure, passed


def _convertible(values: dict[str, str]) -> bool:
    return all(values.get(name) for name in _EVENTS) or all(values.get(name) for name in _MEANS)


def _lines(
    header: Sequence[str], columns: Sequence[str], rows: Iterable[Sequence[object]], where: str
) -> Iterator[_Line]:
    for number, row in enumerate(rows, 2):
        cells = ["" if cell is None else str(cell).strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(columns):
            raise PoolError(
                f"{where}, row {number}: {len(cells)} cells under {len(columns)} columns"
            )
        values: dict[str, str] = {}
        groups: dict[str, str] = {}
        for title, name, cell in zip(header, columns, cells, strict=True):
            if name:
                values.setdefault(name, cell)
            elif title.strip():
                groups[title.strip()] = cell
        yield _Line(number, values, groups)


def _fold(name: str) -> str:
    return name.strip().lower().replace(".", "_").replace(" ", "_").replace("-", "_")


def _usual(available: Sequence[tuple[str, ...]], where: str) -> str:
    if _EVENTS in available:
        return "RR"
    if _MEANS in available:
        return "MD"
    raise PoolError(
        f"{where}: does not say what its estimates are: name it with --measure (RR, OR, HR, MD, SMD ...)"
    )


def _contribution(line: _Line, measure: str, available: Sequence[tuple[str, ...]]) -> Contribution:
    values = line.values
    complete = [names for names in available if all(values[name] for name in names)]
    if not complete:
        lacking = [name for name in available[0] if not values[name]]
        raise ValueError(f"lacks {' and '.join(lacking)}")
    numbers = {name: _number(name, values[name]) for name in complete[0]}
    events = means = estimate = reported = None
    if complete[0] == _EVENTS:
        events = Events(*(numbers[name] for name in _EVENTS))
    elif complete[0] == _MEANS:
        means = Means(
            numbers["mean1"], numbers["sd1"], _whole("n1", numbers["total1"]),
            numbers["mean2"], numbers["sd2"], _whole("n2", numbers["total2"]),
        )  # fmt: skip
    elif "low" in numbers:
        level = _number("level", values["level"]) if values.get("level") else 95.0
        if not numbers["low"] <= numbers["estimate"] <= numbers["high"]:
            raise ValueError(
                f"the estimate {numbers['estimate']:g} lies outside its interval "
                f"({numbers['low']:g} to {numbers['high']:g})"
            )
        printed = numbers["estimate"], numbers["low"], numbers["high"]
        estimate = from_interval(measure, *printed, level)
        reported = (*printed, level)
    else:
        error = numbers["se"] if "se" in numbers else math.sqrt(max(0.0, numbers["variance"]))
        if error <= 0:
            raise ValueError("a standard error must be above 0")
        estimate = Estimate(measure, numbers["estimate"], error)
    year = _whole("year", _number("year", values["year"])) if values.get("year") else None
    people = _whole("n", _number("n", values["n"])) if values.get("n") else None
    return Contribution(
        values.get("study") or f"study {line.number - 1}", estimate, events, means,
        values.get("unit", ""), year, people, line.groups, reported=reported,
    )  # fmt: skip


def _number(name: str, text: str) -> float:
    try:
        value = float(text.replace("−", "-").replace("·", "."))
    except ValueError:
        raise ValueError(f"{name} is no number: {text!r}") from None
    if not math.isfinite(value):
        raise ValueError(f"{name} is no number: {text!r}")
    return value


def _whole(name: str, value: float) -> int:
    if value != int(value):
        raise ValueError(f"{name} must be a whole number, not {value:g}")
    return int(value)
