"""A query in pages: some stores cut an answer at so many rows and say nothing.

Pages are cut from a total order, so that no row is lost or told twice between two requests: the query's
own ``ORDER BY`` comes first, all columns after it. Rows that are equal may trade places unseen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.sparql import TOKEN

_FORMS = ("select", "ask", "construct", "describe")
_MODIFIERS = ("group", "having", "order", "limit", "offset", "values")
_SLICE = re.compile(r"\b(limit|offset)\s+(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paged:
    """A SELECT query taken apart: prologue, what is asked up to its own order, how much of it."""

    prologue: str
    body: str
    tail: str
    ordered: bool
    limit: int | None
    offset: int

    def page(
        self,
        columns: Sequence[str],
        ties: Sequence[str],
        rows: int,
        offset: int,
        nested: bool = False,
    ) -> str:
        """Return the query for `rows` rows from `offset` on.

        Parameters
        ----------
        columns
            The answer's columns.
        ties
            The columns by which it is not ordered yet: Virtuoso 7.2 mixes the cells of rows up where
            one stands in an order twice.
        nested
            Order in a sub-query: Virtuoso refuses to sort more than 10,000 rows where a limit stands
            beside the order, and keeps the order of a sub-query.
        """
        order = "" if self.ordered or not ties else "\nORDER BY"
        keys = "".join(f" ?{column}" for column in ties)
        slice_ = f"LIMIT {rows} OFFSET {self.offset + offset}"
        whole = f"{self.body}{order}{keys}\n"
        if nested:
            names = " ".join(f"?{column}" for column in columns)
            return f"{self.prologue}SELECT {names} WHERE {{ {{ {whole}{self.tail}}} }}\n{slice_}"
        return f"{self.prologue}{whole}{slice_}\n{self.tail}"


def form_of(query: str) -> str:
    """Return ``select``, ``ask``, ``construct`` or ``describe``; "" for what is none."""
    for token in TOKEN.finditer(query):
        if (word := (token["word"] or "").lower()) in _FORMS:
            return word
    return ""


def take_apart(query: str) -> Paged:
    """Find the parts of a well-formed SELECT query."""
    depth = 0
    start = 0  # of SELECT
    pattern_end = -1  # behind the first group at depth 0
    marks: dict[str, int] = {}
    end = len(query)
    for token in TOKEN.finditer(query):
        word = (token["word"] or "").lower()
        if word == "select" and not depth and not start:
            start = token.start()
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
            if not depth and token["close"] == "}" and pattern_end < 0:
                pattern_end = token.end()
        elif pattern_end >= 0 and not depth and word in _MODIFIERS:
            marks.setdefault(word, token.start())
    cut = min((marks[word] for word in ("limit", "offset", "values") if word in marks), default=end)
    values = marks.get("values", end)
    limit, offset = None, 0
    for found in _SLICE.finditer(_without_comments(query[cut:values])):
        if found[1].lower() == "limit":
            limit = int(found[2])
        else:
            offset = int(found[2])
    return Paged(
        query[:start],
        _closed(query[start:cut]),
        _closed(query[values:]) + "\n" if values < end else "",
        "order" in marks,
        limit,
        offset,
    )


def _without_comments(text: str) -> str:
    return "".join(
        token if not token.startswith("#") else " " for token in re.split(r"(#[^\n\r]*)", text)
    )


def _closed(text: str) -> str:
    """Return a text without the white space behind it; a comment at its end is closed by a line."""
    text = text.rstrip()
    return text + "\n" if "#" in text.rpartition("\n")[2] else text


_VALUE = re.compile(r"^[ \t]*VALUES \?(\w+) \{([^{}\n]*)\}[ \t]*$", re.MULTILINE)


def inlined(query: str, columns: Sequence[str]) -> str:
    """Return a query with the parameters of a named question written where they are used.

    A line ``VALUES ?name { term }`` goes, and its term stands in the place of ``?name``, unless that is
    a column. It means the same; Virtuoso 7.2 takes minutes to plan some questions with such lines.
    """
    values: dict[str, str] = {}
    for match in _VALUE.finditer(query):
        if match[1] in columns or match[1] in values:
            return query
        values[match[1]] = match[2].strip(" ")
    if not values:
        return query
    text = _VALUE.sub("", query)
    pieces: list[str] = []
    last = 0
    for token in TOKEN.finditer(text):
        name = token["name"] or ""
        if name[:1] in ("?", "$") and name[1:] in values:
            pieces += text[last : token.start()], values[name[1:]]
            last = token.end()
    return "".join(pieces) + text[last:]
