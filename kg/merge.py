"""One value where two documents state different ones of the same node.

The rules below depend on the set of values alone, and choosing in parts gives what choosing at
once gives: ``choose({choose(a), choose(b)}) == choose(a | b)``. So shards may be merged in any
order. What is lost stays in the records; the node is flagged ``ce:sourcesDisagree``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kg.vocabulary import DESIGNS, PROPERTIES, Property

_DESIGN_RANK = {term: rank for rank, term in enumerate(DESIGNS.values())}


def _plainness(text: str) -> tuple[int, str]:
    """Order labels: fewest capitals first ("vitamin D" before "Vitamin D"), then by code points."""
    return sum(character.isupper() for character in text), text


_RULES: dict[str, Callable[[Iterable[Any]], Any]] = {
    "least": min,
    "first": min,
    "greatest": max,
    "plainest": lambda values: min(values, key=_plainness),
    "most specific": lambda values: min(values, key=lambda term: _DESIGN_RANK.get(term, 99)),
}


def choose(rule: Property, values: Iterable[Any]) -> Any:
    """Return the one value that stands; `rule.choice` must not be ``None``."""
    assert rule.choice is not None
    return _RULES[rule.choice](values)


def merge_attributes(into: dict[str, Any], attributes: dict[str, Any]) -> None:
    """Add node attributes to those that are known, in place; ``None`` says nothing.

    Attributes that may have several values are sorted tuples.
    """
    for name, value in attributes.items():
        if value is None or value == ():
            continue
        rule = PROPERTIES.get(name)
        if name == "kind":
            into["kind"] = max(into.get("kind", ""), value)
        elif rule is None or rule.choice is None:  # "kinds" is the one without a rule
            values = value if isinstance(value, tuple) else (value,)
            into[name] = tuple(sorted({*into.get(name, ()), *values}))
        elif name not in into:
            into[name] = value
        elif into[name] != value:
            into[name] = choose(rule, (into[name], value))
            if rule.telling:
                merge_attributes(into, {"quality_flag": "ce:sourcesDisagree"})
