"""Values → RDF terms, each of them checked: IRIs, decimals, texts that every store takes."""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from kg.errors import BuildError
from kg.vocabulary import DEFAULT_BASE, PREFIXES, XSD, Property, expand

#: C0 controls except tab, line feed and carriage return, and two code points that XML refuses.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DATATYPES = {
    "decimal": f"{XSD}decimal",
    "integer": f"{XSD}integer",
    "offset": f"{XSD}nonNegativeInteger",
    "boolean": f"{XSD}boolean",
    "year": f"{XSD}gYear",
    "unit": PREFIXES["qudt"] + "UCUMcs",
}
#: A UCUM code: known atoms with prefixes and exponents, joined by "." and "/".
_UCUM_ATOM = (
    r"(?:[kcmunpdM]?(?:g|L|l|mol|m|s|eq|cal|J|Pa|U|Hz|W|kat|osm)|\[iU\]|\[IU\]|[kmu]\[iU\]|m?\[Hg\]"
    r"|mm\[Hg\]|min|h|d|wk|mo|a|%|Cel|deg|N|10\*-?\d+|\{[!-z|~]+\}|1)(?:-?\d)?"
)
_UCUM = re.compile(rf"/?{_UCUM_ATOM}(?:[./]{_UCUM_ATOM})*(?:\{{[!-z|~]+\}})?")


def name_of(term: Any) -> str:
    """Return an IRI, or a blank node's label of a foreign graph."""
    return str(getattr(term, "value", term))


def decimal_text(value: float | Decimal) -> str:
    """Return the canonical ``xsd:decimal``: no exponent, no needless zeros, one digit after the point.

    >>> decimal_text(1e-05), decimal_text(300000.0), decimal_text(-0.0)
    ('0.00001', '300000.0', '0.0')
    """
    text = format(value if isinstance(value, Decimal) else Decimal(repr(value)), "f")
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0") or "0"
    return "0.0" if fraction == "0" and whole in ("-0", "0") else f"{whole}.{fraction}"


def clean_text(text: str) -> str:
    """Return a text that every store takes: no C0 controls but white space, no lone surrogates."""
    return _UNFIT.sub("", text).encode("utf-8", "replace").decode("utf-8")


@functools.lru_cache(maxsize=4096)
def iri(text: str) -> ox.NamedNode:
    """Return an IRI, checked.

    Raises
    ------
    BuildError
        If `text` is none.
    """
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise BuildError(f"not an IRI: {text!r}") from error


def node_iri(name: str, base_iri: str = DEFAULT_BASE) -> ox.NamedNode:
    """Return the IRI of a node; publications are named by their IRI already."""
    return iri(name if "://" in name else base_iri + name)


def literal(value: Any, rule: Property) -> ox.Literal | ox.NamedNode:
    """Return a node attribute's value as an RDF term."""
    kind = rule.datatype
    if kind in ("term", "iri"):
        return iri(expand(str(value)))
    if kind == "label":
        return ox.Literal(clean_text(str(value)), language="en")
    if kind == "decimal":
        return ox.Literal(decimal_text(float(value)), datatype=iri(_DATATYPES[kind]))
    if kind == "boolean":
        return ox.Literal("true" if value else "false", datatype=iri(_DATATYPES[kind]))
    if kind == "year":
        return ox.Literal(f"{value:04d}", datatype=iri(_DATATYPES[kind]))
    if kind == "string" or (kind == "unit" and not _UCUM.fullmatch(str(value))):
        return ox.Literal(clean_text(str(value)))
    return ox.Literal(str(value), datatype=iri(_DATATYPES[kind]))
