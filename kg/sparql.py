"""Which queries a user may ask: read-only ones that stay inside the store.

``SERVICE`` sends requests elsewhere, ``FROM`` opens files and addresses in some engines, ``LOAD``
and its kin change data. They are refused by parsing, not by looking for words, so that a text
with "from" in it may be searched for; a second look at the words outside texts guards against two
parsers seeing one query differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kg.errors import QueryError
from kg.vocabulary import PREFIXES

#: Characters of the longest query, and the deepest nesting of brackets.
LENGTH_LIMIT = 100_000
NESTING_LIMIT = 50

_REFUSED_NODES = {"ServiceGraphPattern": "SERVICE", "DatasetClause": "FROM"}
#: Everything in which a keyword is no keyword (SPARQL 1.1, section 19.8), then words.
TOKEN = re.compile(
    r"""(?P<text>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<comment>\#[^\n\r]*)
    |(?P<name>[?$][^\W]\w*|[\w.-]{0,200}:[\w.:%-]*|@[A-Za-z-]+)
    |(?P<word>[A-Za-z_]+)
    |(?P<open>[({\[])|(?P<close>[)}\]])""",
    re.VERBOSE | re.DOTALL,
)
_REFUSED_WORDS = frozenset({
    "service", "from", "load", "insert", "delete", "clear", "drop", "create", "copy", "move", "add",
    "using",
})  # fmt: skip


def vet(query: str) -> None:
    """Accept a query that only reads the store.

    Raises
    ------
    QueryError
        If it is malformed, too long, or asks for more than reading.
    """
    if len(query) > LENGTH_LIMIT:
        raise QueryError(f"the query is longer than {LENGTH_LIMIT} characters")
    text = _unescape(query)
    _vet_words(text)
    for node in _walk(_parse(text)):
        if (refused := _REFUSED_NODES.get(getattr(node, "name", ""))) is not None:
            raise QueryError(f"{refused} is not allowed: queries may only read this graph")


def declare_prefixes(query: str) -> str:
    """Return a query with the prefixes declared that the graph uses and the query does not declare.

    They are put on its first line, so that places in messages keep their lines.

    >>> declare_prefixes("SELECT ?s { ?s ce:design ?d }")
    'PREFIX ce: <https://w3id.org/clinev/ns#> SELECT ?s { ?s ce:design ?d }'
    """
    declared: set[str] = set()
    used: dict[str, None] = {}
    before = ""
    for token in TOKEN.finditer(query):
        prefix, colon, _ = (token["name"] or "").partition(":")
        if colon and before == "prefix":
            declared.add(prefix)
        elif colon and prefix in PREFIXES:
            used[prefix] = None
        before = (token["word"] or "").lower()
    missing = (prefix for prefix in used if prefix not in declared)
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in missing) + query


def _parse(query: str) -> Any:
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery, parseUpdate

    try:
        return parseQuery(query)
    except ParseBaseException as error:
        try:
            is_update = len(parseUpdate(query).request) > 0
        except Exception:
            is_update = False
        if is_update:
            raise QueryError("updates are not allowed: queries may only read this graph") from error
        raise QueryError(f"the query cannot be read: {error}") from error
    except (RecursionError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise QueryError(f"the query cannot be read: {error}") from error


def _walk(node: Any) -> Iterator[Any]:
    """Yield every node of a parse tree, the ones inside filters and sub-queries too."""
    stack = [node]
    while stack:
        item = stack.pop()
        yield item
        if isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, (str, bytes)):
            continue
        elif hasattr(item, "__iter__"):
            stack.extend(item)


def _vet_words(query: str) -> None:
    depth = 0
    for token in TOKEN.finditer(query):
        if token["open"]:
            depth += 1
            if depth > NESTING_LIMIT:
                raise QueryError(f"the query nests more than {NESTING_LIMIT} deep")
        elif token["close"]:
            depth -= 1
        elif token["word"] and token["word"].lower() in _REFUSED_WORDS:
            raise QueryError(
                f"{token['word'].upper()} is not allowed: queries may only read this graph"
            )


def _unescape(query: str) -> str:
    r"""Resolve ``\uXXXX`` first, as SPARQL 1.1, section 19.2 does: ``\u0053ERVICE`` is SERVICE."""

    def character(match: re.Match[str]) -> str:
        number = int(match[1] or match[2], 16)
        return chr(number) if number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else match[0]

    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", character, query)
