"""Triples → bytes, in the order they come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.terms import iri
from kg.vocabulary import DEFAULT_BASE, PREFIXES, XSD

#: What the names of data look like, to the end of their IRI: nothing in them that Turtle escapes.
_PLAIN_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9-]*>")
#: Literals that Turtle writes without quotation marks and datatype.
_BARE = {
    f"<{XSD}integer>".encode(): re.compile(rb"[+-]?[0-9]+"),
    f"<{XSD}decimal>".encode(): re.compile(rb"[+-]?[0-9]*\.[0-9]+"),
    f"<{XSD}boolean>".encode(): re.compile(rb"true|false"),
}
_DOUBLE = f"<{XSD}double>".encode()
_REMEMBERED = 50_000
_QUOTE, _IRI_END = ord('"'), ord(">")
_NEXT = len(b" ;\n\t")  # precedes a predicate that is not its subject's first


def turtle_prefixes(base_iri: str = DEFAULT_BASE) -> dict[str, str]:
    """Return the prefix map of the Turtle and TriG output.

    Raises
    ------
    BuildError
        If `base_iri` is no absolute IRI.
    """
    return PREFIXES | {"cer": iri(base_iri).value}


def write_triples(
    ordered: Iterable[ox.Triple] | Iterable[ox.Quad],
    path: Path,
    base_iri: str = DEFAULT_BASE,
    format: ox.RdfFormat = ox.RdfFormat.TURTLE,
) -> int:
    """Write triples, or quads for formats with graphs, as a stream; return their number."""
    number = 0

    def counted() -> Iterator[Any]:
        nonlocal number
        for item in ordered:
            number += 1
            yield item

    with_prefixes = format in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)
    prefixes = turtle_prefixes(base_iri) if with_prefixes else None
    with path.open("wb") as file:
        ox.serialize(counted(), output=file, format=format, prefixes=prefixes)
    return number


class TurtleText:
    """Writes Turtle from the parts of N-Triples lines, byte for byte as pyoxigraph does.

    Making objects of pyoxigraph's from lines costs ten times what writing them does. So names of data, texts
    and numbers are written here, and how anything else looks is asked of pyoxigraph once.
    """

    def __init__(self, base_iri: str = DEFAULT_BASE) -> None:
        self._prefixes = turtle_prefixes(base_iri)
        #: The declarations with which a file that holds any triple begins.
        self.header = b""
        self.header = self._serialised(b"<x:s>", b"<x:p>", b"<x:o>").removesuffix(
            b"<x:s> <x:p> <x:o> .\n"
        )
        self._spaces = {key.encode(): space.encode() for key, space in self._prefixes.items()}
        self._open = f"<{self._prefixes['cer']}".encode()
        rivals = [
            space.removeprefix(base_iri)
            for prefix, space in self._prefixes.items()
            if prefix != "cer" and space.startswith(base_iri)
        ]
        # another prefix might fit the same name, and pyoxigraph prefers the longest
        self._may_shorten = all(rival and not rival[0].isalnum() for rival in rivals)
        self._terms: dict[bytes, bytes] = {}
        self._predicates: dict[bytes, bytes] = {}
        self._subject = self._predicate = b""

    def write(self, triples: Iterable[tuple[bytes, bytes, bytes]]) -> bytes:
        """Return the text of further triples; those of a subject must follow each other."""
        out: list[bytes] = []
        add = out.append
        last_subject, last_predicate = self._subject, self._predicate
        predicates, terms = self._predicates, self._terms
        if len(terms) > _REMEMBERED:
            terms.clear()
        for subject, predicate, term in triples:
            if subject != last_subject:
                add(b" .\n" if last_subject else b"")
                add(terms.get(subject) or self._term(subject))
                add(b" ")
                add((predicates.get(predicate) or self._predicate_text(predicate))[_NEXT:])
                last_subject, last_predicate = subject, predicate
            elif predicate != last_predicate:
                add(predicates.get(predicate) or self._predicate_text(predicate))
                last_predicate = predicate
            else:
                add(b" , ")
            if term[-1] == _QUOTE:
                add(term)
            else:
                add(terms.get(term) or self._term(term))
        self._subject, self._predicate = last_subject, last_predicate
        return b"".join(out)

    def end(self) -> bytes:
        """Return what ends the file, or a part of it that is to stand alone."""
        ended = b" .\n" if self._subject else b""
        self._subject = self._predicate = b""
        return ended

    def subject(self, text: bytes) -> bytes:
        """Return the subject with which a text begins as N-Triples writes it.

        >>> TurtleText().subject(b"cer:doc-1 a ce:Document ;")
        b'<https://w3id.org/clinev/id/doc-1>'
        """
        written = text[: text.index(b" ")]
        if written.startswith(b"<"):
            return written
        prefix, _, name = written.partition(b":")
        return b"<%b%b>" % (self._spaces[prefix], name.replace(b"\\", b""))

    def _term(self, term: bytes) -> bytes:
        """Return how a term that is no plain text is written, and remember it."""
        written = self._terms[term] = self._written(term)
        return written

    def _written(self, term: bytes) -> bytes:
        if self._may_shorten and term.startswith(self._open):
            start = len(self._open)
            if _PLAIN_NAME.fullmatch(term, start):
                return b"cer:" + term[start:-1]
        if term[0] == _QUOTE:
            if term[-1] != _IRI_END:
                return term  # with a language
            at = term.rindex(b"^^<")
            datatype = term[at + 2 :]
            bare = _BARE.get(datatype)
            if bare is not None and bare.fullmatch(term, 1, at - 1):
                return term[1 : at - 1]
            if datatype != _DOUBLE:
                return term[: at + 2] + (self._terms.get(datatype) or self._term(datatype))
        written = self._serialised(b"<x:s>", b"<x:p>", term)
        return written[len(b"<x:s> <x:p> ") : -len(b" .\n")]

    def _predicate_text(self, predicate: bytes) -> bytes:
        """Return a predicate as it stands behind another of the same subject."""
        written = self._serialised(b"<x:s>", predicate, b"<x:o>")
        written = b" ;\n\t%b " % written[len(b"<x:s> ") : -len(b" <x:o> .\n")]
        self._predicates[predicate] = written
        return written

    def _serialised(self, *parts: bytes) -> bytes:
        triples = ox.parse(b" ".join(parts) + b" .", format=ox.RdfFormat.N_TRIPLES)
        written = ox.serialize(
            (quad.triple for quad in triples),
            format=ox.RdfFormat.TURTLE,
            prefixes=self._prefixes,
        )
        assert written is not None  # without a file to write to, it is returned
        return written.removeprefix(self.header)
