"""Named questions: the files of ``queries/``, their parameters, and safe ways to ask them.

A query file opens with its question, notes, parameters and columns as comments::

    # What does each intervention do to each outcome?
    # parameter outcome: text = "" -- part of a label; empty for all
    # column study: text

and holds each parameter on a line of its own with its default, ``VALUES ?outcome { "" }`` or
``LIMIT 20``, so that the file runs as it is in any SPARQL 1.1 tool. A value given by a user takes the
place of that line as an RDF term that the library has written; it is never pasted into the text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import QueryError
from kg.resources import find_resources
from kg.sparql import declare_prefixes, vet
from kg.store import TIME_LIMIT, Store
from kg.table import Table, Value, literal_value
from kg.terms import decimal_text
from kg.vocabulary import XSD

if TYPE_CHECKING:
    import rdflib

_HEADER = re.compile(
    r"#\s*(?P<what>parameter|column)\s+(?P<name>\w+)\s*:\s*(?P<type>\w+)"
    r"(?:\s*=\s*(?P<default>\"[^\"]*\"|\S+))?(?:\s+--\s*(?P<about>.*))?"
)
_TYPES = ("text", "integer", "decimal", "boolean", "iri", "limit")
_ORDER = re.compile(r"ORDER BY((?:\s+(?:\?\w+|DESC\(\?\w+\)))+)\s*\Z")
_ORDER_KEY = re.compile(r"(DESC\()?\?(\w+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that the asker may give; ``type`` is text, integer, decimal, boolean, iri or limit."""

    name: str
    type: str
    default: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answer; ``type`` is text, integer, decimal, boolean or iri."""

    name: str
    type: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A named question."""

    name: str
    question: str
    notes: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str


def load_all(folder: Path | None = None) -> dict[str, Query]:
    """Return all named questions, by name.

    Parameters
    ----------
    folder
        Where the ``.rq`` files lie; by default those that ship with this program.
    """
    folder = find_resources("queries") if folder is None else folder
    return {
        path.stem: parse_query(path.stem, path.read_text("utf-8"))
        for path in sorted(folder.glob("*.rq"))
    }


def load(name: str) -> Query:
    """Return the question of that name.

    Raises
    ------
    QueryError
        If there is none; the message names those that are spelt like it.
    """
    known = load_all()
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}"
    raise QueryError(f"no query is called {name!r}: {hint}")


def parse_query(name: str, text: str) -> Query:
    """Read a query file with its header.

    Raises
    ------
    QueryError
        If the header names a parameter that has no line of its own in the query.
    """
    header = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        header.append(line)
    prose, parameters, columns = [], [], []
    for line in header:
        match = _HEADER.fullmatch(line)
        if match is None:
            prose.append(line.lstrip("# ").rstrip())
        elif match["what"] == "column":
            columns.append(Column(match["name"], match["type"], match["about"] or ""))
        else:
            default = (match["default"] or '""').strip('"')
            parameters.append(
                Parameter(match["name"], match["type"], default, match["about"] or "")
            )
    query = Query(
        name, prose[0] if prose else name, " ".join(prose[1:]).strip(), tuple(parameters),
        tuple(columns), text,
    )  # fmt: skip
    for parameter in parameters:
        if parameter.type not in _TYPES or len(_line_of(parameter).findall(text)) != 1:
            raise QueryError(f"{name}: parameter {parameter.name} has no line of its own")
    return query


def bind(query: Query, values: Mapping[str, Any]) -> str:
    """Return the query's text with values in place of defaults.

    Raises
    ------
    QueryError
        If a name is unknown or a value does not fit its type.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    text = query.text
    for name, value in values.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            has = f"did you mean {close[0]}?" if close else f"it has {', '.join(known) or 'none'}"
            raise QueryError(f"{query.name} has no parameter {name!r}: {has}")
        parameter = known[name]
        term = _term(parameter, value)
        line = term if parameter.type == "limit" else f"VALUES ?{name} {{ {term} }}"
        text = _line_of(parameter).sub(lambda match, line=line: match[1] + line, text)  # type: ignore[misc]
    return text


def run(
    store: Store | rdflib.Graph,
    query: Query | str,
    parameters: Mapping[str, Any] | None = None,
    time_limit: float | None = TIME_LIMIT,
) -> Table:
    """Ask a named question.

    Parameters
    ----------
    store
        A :class:`kg.store.Store`, or an ``rdflib.Graph`` (no time limit, slow beyond some
        ten thousand triples).
    query
        A question or its name.
    parameters
        Values by parameter name; text for all types, or the Python type that fits.
    time_limit
        Seconds, ``None`` for no limit.

    Raises
    ------
    QueryError
        If the question or a parameter is unknown, a value does not fit, or the time is up.
    """
    found = load(query) if isinstance(query, str) else query
    text = bind(found, parameters or {})
    order = _ORDER.search(text)
    columns = {column.name for column in found.columns}
    keys = [] if order is None else _ORDER_KEY.findall(order[1])
    if order is None or not isinstance(store, Store) or not columns.issuperset(k for _, k in keys):
        return select(store, text, time_limit)
    return _ordered(store.query(text[: order.start()], time_limit), keys)


def _ordered(table: Table, keys: Sequence[tuple[str, str]]) -> Table:
    """Sort rows as ``ORDER BY`` would: what is unbound first, the values of a column by their one type.

    Oxigraph looks both terms up on disk for each comparison of two rows; that is a third of some answers.
    """
    rows = list(table.rows)
    for descending, name in reversed(keys):
        place = table.columns.index(name)
        rows.sort(key=partial(_sort_key, place), reverse=bool(descending))
    return Table(table.columns, tuple(rows))


def _sort_key(place: int, row: Sequence[Value]) -> tuple[object, ...]:
    value = row[place]
    return (0,) if value is None else (1, isinstance(value, str), value)


def select(
    store: Store | rdflib.Graph, sparql: str, time_limit: float | None = TIME_LIMIT
) -> Table:
    """Answer a trusted query with the engine that `store` brings."""
    return (
        store.query(sparql, time_limit) if isinstance(store, Store) else _ask_rdflib(store, sparql)
    )


def ask(store: Store, sparql: str, time_limit: float | None = TIME_LIMIT) -> Table:
    """Ask a user's own SPARQL, which may only read this graph and need not declare its prefixes.

    Raises
    ------
    QueryError
        If it is malformed, not allowed (see :mod:`kg.sparql`), or the time is up.
    """
    sparql = declare_prefixes(sparql)
    vet(sparql)
    return store.query(sparql, time_limit)


def _line_of(parameter: Parameter) -> re.Pattern[str]:
    if parameter.type == "limit":
        return re.compile(r"^([^\S\n]*LIMIT[^\S\n]+)\d+[^\S\n]*$", re.MULTILINE)
    return re.compile(
        rf"^([ \t]*)VALUES \?{re.escape(parameter.name)} \{{[^{{}}\n]*\}}[ \t]*$", re.MULTILINE
    )


def _term(parameter: Parameter, value: Any) -> str:
    """Write a value as SPARQL; texts and IRIs are escaped by pyoxigraph."""
    text = str(value).lower() if isinstance(value, bool) else str(value).strip()
    try:
        match parameter.type:
            case "limit":
                number = int(text)
                if number < 0:
                    raise ValueError("negative")
                return str(number)
            case "integer":
                return str(int(text))
            case "decimal":
                number_ = Decimal(text)
                if not number_.is_finite():
                    raise ValueError("not finite")
                return decimal_text(number_)
            case "boolean":
                if text.lower() not in ("true", "false"):
                    raise ValueError("neither true nor false")
                return text.lower()
            case "iri":
                return str(ox.NamedNode(text))
            case _:
                return str(ox.Literal(str(value)))
    except (ValueError, InvalidOperation) as error:
        kind = "a whole number" if parameter.type == "limit" else f"of type {parameter.type}"
        raise QueryError(f"parameter {parameter.name}: {text!r} is not {kind}") from error


def _ask_rdflib(graph: rdflib.Graph, text: str) -> Table:
    result: Any = graph.query(text)
    if result.type == "ASK":
        return Table(("answer",), ((bool(result.askAnswer),),))
    if result.type in ("CONSTRUCT", "DESCRIBE"):
        rows = tuple(tuple(_rdflib_value(term) for term in row) for row in result)
        return Table(("subject", "predicate", "object"), rows)
    columns = tuple(str(variable) for variable in result.vars or ())
    rows = tuple(tuple(_rdflib_value(term) for term in row) for row in result)
    return Table(columns, rows)


def _rdflib_value(term: Any) -> Value:
    import rdflib

    if term is None:
        return None
    if isinstance(term, rdflib.Literal):
        datatype = f"{XSD}string" if term.datatype is None else str(term.datatype)
        return literal_value(str(term), datatype)
    return str(term)
