"""Whether units are UCUM codes, by UCUM's own grammar."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from kg.records import Record


@cache
def _parser() -> Any:
    from ucumvert import get_ucum_parser

    return get_ucum_parser()


@cache
def is_ucum(code: str) -> bool:
    """Whether a text is a UCUM code, case-sensitive (UCUM 2.2).

    >>> is_ucum("[iU]"), is_ucum("ug/kg"), is_ucum("mcg")
    (True, True, False)
    """
    from lark.exceptions import LarkError

    try:
        _parser().parse(code)
    except LarkError:
        return False
    return True


def find_odd_units(records: Iterable[Record]) -> list[tuple[str, str, str]]:
    """Return document, dose id and unit of every dose whose unit is no UCUM code, sorted."""
    return sorted(
        (record.document.path, dose.id, dose.unit)
        for record in records
        for study in record.studies
        for dose in study.doses
        if not is_ucum(dose.unit)
    )
