"""Bring a store up to date with a build: send what changed, delete what is gone, go on after a cut."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from kg.document_graphs import DocumentGraph
from kg.errors import StoreError
from kg.remote.ledger import Ledger
from kg.remote.targets import Target

#: Statuses that speak of one document rather than of the store.
_OF_A_DOCUMENT = frozenset({400, 409, 413, 415, 422})
#: Documents that may be refused before any is taken: then it is the store.
_TOLERATED = 3
_PROBES = 3


@dataclass(frozen=True, slots=True)
class Step:
    """What was done with one document: ``sent``, ``unchanged``, ``deleted`` or ``failed``."""

    done: int
    what: str
    path: str


@dataclass
class PushReport:
    """What a push did, or would do; ``sent``, ``deleted`` and ``failed`` name documents."""

    store: str
    dry_run: bool = False
    documents: int = 0
    unchanged: int = 0
    statements: int = 0
    sent: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the report as ``kg push --json`` prints it."""
        return {
            "store": self.store, "dry_run": self.dry_run, "documents": self.documents,
            "sent": self.sent, "unchanged": self.unchanged, "deleted": self.deleted,
            "failed": self.failed, "statements": self.statements,
            "seconds": round(self.seconds, 3),
        }  # fmt: skip


def push(
    graphs: Iterable[DocumentGraph],
    target: Target,
    ledger: Ledger,
    *,
    store: str = "",
    build: str | None = None,
    everything: bool = False,
    dry_run: bool = False,
    on_step: Callable[[Step], None] = lambda step: None,
    tell: Callable[[str], None] = lambda message: None,
) -> PushReport:
    """Bring a store up to date.

    Parameters
    ----------
    graphs
        All graphs of a build: what the ledger knows beyond them is deleted.
    target
        The store.
    ledger
        What it was sent before.
    store
        Its address, for the report.
    build
        Names the build; if the store holds all of it already, `graphs` is not iterated.
    everything
        Send what is unchanged too.
    dry_run
        Send nothing.
    on_step
        Called after each document.
    tell
        Told what a person should know.

    Raises
    ------
    StoreError
        If the store cannot be reached or refuses us. What refuses one document alone is a line of
        ``failed``.
    """
    report = PushReport(store, dry_run)
    start = time.perf_counter()
    if everything:
        ledger = _Doubted(ledger) if dry_run else _doubt(ledger)
    elif not dry_run and _is_lost(target, ledger):
        tell(f"{store}: holds no more what it was sent; everything is sent again")
        ledger.doubt()
    if build is not None and ledger.build == build:
        report.documents = report.unchanged = len(ledger.graphs())
        report.seconds = time.perf_counter() - start
        return report
    present: set[str] = set()
    for graph in graphs:
        present.add(graph.iri)
        report.documents += 1
        what = _send(graph, target, ledger, report, dry_run)
        on_step(Step(report.documents, what, graph.path))
    for iri in ledger.graphs():
        if iri not in present:
            if not dry_run:
                target.delete(iri)
                ledger.forget(iri)
            report.deleted.append(iri)
            on_step(Step(report.documents, "deleted", iri))
    if build is not None and not dry_run and not report.failed:
        ledger.finish(build)
    report.seconds = time.perf_counter() - start
    return report


def _send(
    graph: DocumentGraph, target: Target, ledger: Ledger, report: PushReport, dry_run: bool
) -> str:
    if ledger.digest(graph.iri) == graph.digest:
        report.unchanged += 1
        return "unchanged"
    if not dry_run:
        ledger.begin(graph.iri)
        try:
            target.replace(graph)
        except StoreError as error:
            taken = report.sent or report.unchanged
            if error.status not in _OF_A_DOCUMENT or (
                not taken and len(report.failed) >= _TOLERATED
            ):
                raise
            report.failed.append({"path": graph.path, "problem": error.problem})
            return "failed"
        ledger.confirm(graph.iri, graph.digest)
    report.sent.append(graph.path)
    report.statements += len(graph.lines)
    return "sent"


def _is_lost(target: Target, ledger: Ledger) -> bool:
    """Whether a store misses graphs that it has confirmed: it was emptied, or is another one."""
    confirmed = [graph for graph in ledger.graphs() if ledger.digest(graph)]
    step = max(1, len(confirmed) // _PROBES)
    return any(target.holds(graph) is False for graph in confirmed[::step][:_PROBES])


def _doubt(ledger: Ledger) -> Ledger:
    ledger.doubt()
    return ledger


class _Doubted(Ledger):
    """A ledger that confirms nothing, for a dry run."""

    def __init__(self, inner: Ledger) -> None:
        super().__init__(None)
        for graph in inner.graphs():
            self.begin(graph)
