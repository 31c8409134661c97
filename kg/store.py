"""The embedded store: Oxigraph on disk, one folder, opened read-only for questions."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import pyoxigraph as ox

from kg.errors import BuildError, QueryError
from kg.table import Table, Value, literal_value

#: Seconds that a query may take unless its caller says otherwise.
TIME_LIMIT = 60.0
#: Rows that an answer may have: a product of everything with everything is no answer.
ROW_LIMIT = 1_000_000
#: Triples that go into a new store at once: the engine holds about 1.2 kB for each.
LOADED_AT_ONCE = 100_000


class StoreWriter:
    """Fills a new store, some triples at a time, while the caller prepares the next.

    What is added must be lines of ours, whose terms were checked when they were made (:mod:`kg.terms`): the
    engine looks at their form alone, since checking each IRI again takes half of what parsing takes.

    Parameters
    ----------
    folder
        Must be empty or absent.

    Raises
    ------
    BuildError
        If the folder holds something or the store cannot be written; also on leaving the context.
    """

    def __init__(self, folder: Path) -> None:
        if folder.exists() and any(folder.iterdir()):
            raise BuildError(f"{folder}: a store needs an empty folder")
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._store = ox.Store(str(folder))
        self._held: list[bytes] = []
        self._loader = ThreadPoolExecutor(1, "store")  # the engine works without Python's lock
        self._loading: Future[None] | None = None

    def __enter__(self) -> StoreWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._load()
                self._wait()
                self._store.optimize()  # one run of each index: questions take half the time
                self._store.flush()
        finally:
            self._loader.shutdown()
            del self._store  # closes it
        remove_diary(self._folder)

    def add(self, triples: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Add triples by their parts as N-Triples writes them."""
        self._held += map(b" ".join, triples)
        while len(self._held) >= LOADED_AT_ONCE:
            self._load()

    def _load(self) -> None:
        lines, self._held = self._held[:LOADED_AT_ONCE], self._held[LOADED_AT_ONCE:]
        if lines:
            lines.append(b"")  # the last line ends as the others do
            self._wait()
            self._loading = self._loader.submit(self._bulk_load, b" .\n".join(lines))

    def _bulk_load(self, lines: bytes) -> None:
        self._store.bulk_load(lines, ox.RdfFormat.N_TRIPLES, lenient=True)

    def _wait(self) -> None:
        if self._loading is not None:
            try:
                self._loading.result()
            except (OSError, SyntaxError, ValueError) as error:
                raise BuildError(f"{self._folder}: the store cannot be written: {error}") from error


def remove_diary(folder: Path) -> None:
    """Remove the engine's own log: it is of clock times, and of no use."""
    for log in folder.glob("LOG*"):
        log.unlink()


def write_store(turtle: Path, folder: Path) -> None:
    """Load a Turtle file into a new store in `folder`, which must be empty or absent.

    Raises
    ------
    BuildError
        If the folder holds something or the file cannot be read.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BuildError(f"{folder}: a store needs an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        store = ox.Store(str(folder))
        store.bulk_load(path=str(turtle), format=ox.RdfFormat.TURTLE)
        store.flush()
    except (OSError, SyntaxError, ValueError) as error:
        raise BuildError(f"{turtle}: cannot be loaded into a store: {error}") from error


class Store:
    """A graph to ask: in a folder on disk or in memory.

    It never writes: updates are no part of it.
    """

    def __init__(self, inner: ox.Store) -> None:
        self._inner = inner

    @classmethod
    def open(cls, folder: Path, read_only: bool = True) -> Store:
        """Open a store on disk; several processes may hold it read-only at once.

        Raises
        ------
        BuildError
            If there is none.
        """
        if not folder.is_dir() or not any(folder.iterdir()):
            raise BuildError(f"{folder}: no store here; run `kg build` first")
        try:
            inner = ox.Store.read_only(str(folder)) if read_only else ox.Store(str(folder))
        except (OSError, ValueError) as error:
            raise BuildError(f"{folder}: the store cannot be opened: {error}") from error
        return cls(inner)

    @classmethod
    def of(cls, triples: Iterable[ox.Triple]) -> Store:
        """Hold triples in memory."""
        inner = ox.Store()
        inner.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
        return cls(inner)

    @classmethod
    def load(cls, turtle: Path) -> Store:
        """Hold a Turtle file in memory."""
        inner = ox.Store()
        try:
            inner.bulk_load(path=str(turtle), format=ox.RdfFormat.TURTLE)
        except (OSError, SyntaxError) as error:
            raise BuildError(f"{turtle}: cannot be read: {error}") from error
        return cls(inner)

    def __len__(self) -> int:
        return len(self._inner)

    def __iter__(self) -> Iterator[ox.Triple]:
        return (quad.triple for quad in self._inner)

    def query(self, sparql: str, time_limit: float | None = TIME_LIMIT) -> Table:
        """Answer a query that is trusted; for a user's own see :func:`kg.queries.ask`.

        Parameters
        ----------
        sparql
            SELECT, ASK (one row, column ``answer``), CONSTRUCT or DESCRIBE (columns ``subject``,
            ``predicate``, ``object``).
        time_limit
            Seconds; ``None`` for no limit. A query that is given up runs on in the background
            until it or the process ends, since the engine cannot be interrupted.

        Raises
        ------
        QueryError
            If the query is malformed, takes too long or has too many rows.
        """
        answer: list[Table] = []
        failure: list[BaseException] = []

        def work() -> None:
            try:
                answer.append(_answer(self._inner, sparql))
            except BaseException as error:
                # Solutions must die in the thread that made them, so no frame may keep them.
                failure.append(error.with_traceback(None))

        if time_limit is None:
            work()
        else:
            thread = threading.Thread(target=work, name="query", daemon=True)
            thread.start()
            thread.join(time_limit)
            if thread.is_alive():
                raise QueryError(f"the query took more than {time_limit:g} s and was given up")
        if failure:
            error = failure[0]
            if isinstance(error, QueryError):
                raise error
            if isinstance(error, (SyntaxError, ValueError, OSError, RuntimeError)):
                raise QueryError(f"the query failed: {error}") from error
            raise error
        return answer[0]


def _answer(store: ox.Store, sparql: str) -> Table:
    return to_table(store.query(sparql))


def to_table(found: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Table:
    """Return an engine's answer as a table.

    Raises
    ------
    QueryError
        If it has more than `ROW_LIMIT` rows.
    """
    if isinstance(found, ox.QueryBoolean):
        return Table(("answer",), ((bool(found),),))
    if isinstance(found, ox.QueryTriples):
        rows = (tuple(map(_value, (t.subject, t.predicate, t.object))) for t in found)
        return Table(("subject", "predicate", "object"), _limited(rows))
    columns = tuple(variable.value for variable in found.variables)
    rows = (tuple(_value(row[name]) for name in columns) for row in found)
    return Table(columns, _limited(rows))


def _limited(rows: Iterable[tuple[Value, ...]]) -> tuple[tuple[Value, ...], ...]:
    kept: list[tuple[Value, ...]] = []
    for row in rows:
        if len(kept) == ROW_LIMIT:
            raise QueryError(f"the answer has more than {ROW_LIMIT} rows; add a LIMIT")
        kept.append(row)
    return tuple(kept)


def _value(term: Any) -> Value:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return literal_value(term.value, term.datatype.value)
    if isinstance(term, ox.NamedNode):
        return term.value
    return str(term)
