"""Writing and asking a graph beside the libraries alone, on the same triples, in one run.

    python -m benchmarks.graphs writing [OUT] [--triples N]
    python -m benchmarks.graphs asking [OUT] [--triples N] [--alone] [--limit S] [--times N] [--only NAME...]
        [--value NAME=VALUE...] [--keep FOLDER]

``OUT`` is an output of ``kg build`` (default: one of the sample corpus, made here). Its documents are
multiplied, each copy's nodes renamed, its concepts shared, until there are as many triples as asked for.

``writing`` takes sorted lines to ``graph.ttl`` and a store as a build does, beside pyoxigraph alone:
parsing the same lines, serializing Turtle, bulk loading. ``asking`` puts every named question to a
store that was written so and to rdflib's memory store, or with ``--alone`` to the store alone; one of rdflib's that
takes longer than the limit, or than ``--times`` as long as ours, counts as that. ``--value`` gives a parameter to each
question that has it. ``--queries`` names a folder of questions for rdflib alone, where it
would rather have them in another form. With ``--keep`` the graph stays in a folder, and a later run asks the one that
lies there. Processor seconds; those of a store's background threads are in them.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import multiprocessing
import re
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from benchmarks.growth import run_build
from benchmarks.report import REPOSITORY, to_markdown
from kg.graph_files import write_graph
from kg.output import TRIPLES
from kg.queries import Query, load_all, run
from kg.runs import Runs
from kg.store import LOADED_AT_ONCE, Store
from kg.turtle import turtle_prefixes
from kg.vocabulary import DEFAULT_BASE

if TYPE_CHECKING:
    import rdflib

LARGEST_WRITING, LEAST_ASKING = 1.5, 10.0
#: Nodes that belong to one document; the others (concepts, claims, the tool) are everybody's.
_OWN = re.compile(rb"/id/(arm|doc|dose|effect|match|outcome|pop|rec|sel|span|study)-")
_PUBLICATION = re.compile(rb"<https://(?:doi\.org|pubmed\.ncbi\.nlm\.nih\.gov)/")


def multiply(triples: Path, number: int) -> Iterator[bytes]:
    """Yield blocks of lines like those of a file, in all about `number` of them."""
    lines = triples.read_bytes()
    count = lines.count(b"\n")
    plain = re.sub(rb"(?m) # \d+$", b"", lines)
    for copy in range(max(1, round(number / count))):
        renamed = _OWN.sub(rb"/id/\1-%d" % copy, plain) if copy else plain
        yield _PUBLICATION.sub(rb"\g<0>%d." % copy, renamed) if copy else renamed


def measure_writing(triples: Path, number: int) -> tuple[str, float]:
    """Return a table, and our processor time over that of the library alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "runs").mkdir()
        runs = Runs(folder / "runs")
        for block in multiply(triples, number):
            runs.add(block)
        start = time.process_time()
        lines = sum(len(batch) for batch in runs.batches())
        merging = time.process_time() - start
        start = time.process_time()
        write_graph(
            runs.batches(), folder / TRIPLES, folder / "graph.ttl", folder / "store", DEFAULT_BASE
        )  # fmt: skip
        ours = time.process_time() - start
        found = {"kg: merge, settle, write": ours, "of which merging": merging}
        found |= _alone(folder, lines)
    library = found["pyoxigraph: parse, serialize, bulk load"]
    rows = [
        [label, f"{seconds:.2f}", f"{seconds / lines * 1e6:.1f}", f"{seconds / library:.2f}"]
        for label, seconds in found.items()
    ]
    columns = ("", "processor, s", "µs a triple", "times the library")
    return f"{lines:,} triples.\n\n{to_markdown(columns, rows)}", ours / library


def _alone(folder: Path, lines: int) -> dict[str, float]:
    """Return what pyoxigraph takes for the same triples, parsed in as many pieces as a build loads."""
    start = time.process_time()
    triples = (quad.triple for quad in ox.parse(path=str(folder / TRIPLES)))
    with (folder / "alone.ttl").open("wb") as file:
        ox.serialize(triples, file, ox.RdfFormat.TURTLE, prefixes=turtle_prefixes(DEFAULT_BASE))
    turtle = time.process_time() - start
    start = time.process_time()
    store = ox.Store(str(folder / "alone"))
    store.bulk_load(path=str(folder / TRIPLES))
    store.flush()
    loading = time.process_time() - start
    del store
    start = time.process_time()
    store = ox.Store(str(folder / "pieces"))
    with (folder / TRIPLES).open("rb") as file:
        while piece := file.readlines(160 * LOADED_AT_ONCE):
            store.bulk_load(b"".join(piece), ox.RdfFormat.N_TRIPLES)
    store.flush()
    pieces = time.process_time() - start
    return {
        "pyoxigraph: parse, serialize, bulk load": turtle + loading,
        "pyoxigraph: the same, loading in pieces as small as ours": turtle + pieces,
    }


def measure_asking(
    triples: Path,
    number: int,
    alone: bool,
    limit: float,
    folder: Path | None = None,
    only: Sequence[str] = (),
    keep: Path | None = None,
    times: float = math.inf,
    values: Mapping[str, str] | None = None,
) -> tuple[str, float]:
    """Return a table, and the least ratio of rdflib's time to ours.

    Parameters
    ----------
    folder
        Of the questions as rdflib is asked them.
    only
        Names of questions; none for all.
    keep
        Where the graph shall stay; one that is there is not made again.
    times
        How many times our time a question may take rdflib.
    values
        Of parameters; each question gets those that it has.
    """
    with contextlib.ExitStack() as opened:
        place = keep or Path(opened.enter_context(tempfile.TemporaryDirectory()))
        if not (place / "store").exists():
            _write_store(triples, number, place)
        store = Store.open(place / "store")
        ours = {}
        for name, query in _chosen(load_all(), only).items():
            ours[name] = _seconds(store, query, _of(query, values))
            print(f"{name}: {ours[name]:.3f} s", file=sys.stderr, flush=True)
        size = len(store)
        del store
        limits = {name: min(limit, times * seconds) for name, seconds in ours.items()}
        theirs = (
            {}
            if alone
            else _ask_rdflib(place / "graph.ttl", _chosen(load_all(folder), only), limits, values)
        )
    rows, ratios = [], []
    for name, seconds in ours.items():
        row = [name, f"{seconds:.3f}"]
        if not alone:
            ratios.append(theirs[name] / seconds)
            more = "> " if theirs[name] >= limits[name] else ""
            row += [_told(theirs[name], limits[name]), f"{more}{ratios[-1]:.0f}"]
        rows.append(row)
    columns = ("question", "kg, s", "rdflib, s", "times faster")[: len(rows[0])]
    return f"{size:,} triples.\n\n{to_markdown(columns, rows)}", min(ratios, default=0.0)


def _write_store(triples: Path, number: int, folder: Path) -> None:
    """Write the files of a graph as a build does."""
    (folder / "runs").mkdir(parents=True)
    runs = Runs(folder / "runs")
    for block in multiply(triples, number):
        runs.add(block)
    write_graph(
        runs.batches(), folder / TRIPLES, folder / "graph.ttl", folder / "store", DEFAULT_BASE
    )  # fmt: skip
    shutil.rmtree(folder / "runs")


def _chosen(queries: dict[str, Query], only: Sequence[str]) -> dict[str, Query]:
    return {name: query for name, query in queries.items() if not only or name in only}


def _of(query: Query, values: Mapping[str, str] | None) -> dict[str, str]:
    """Return the values of the parameters that a question has."""
    known = {parameter.name for parameter in query.parameters}
    return {name: value for name, value in (values or {}).items() if name in known}


def _seconds(store: Store, query: Query, values: Mapping[str, str]) -> float:
    """Return the lesser processor time of two runs of a question."""
    times = []
    for _ in range(2):
        start = time.process_time()
        run(store, query, values, time_limit=None)
        times.append(time.process_time() - start)
    return min(times)


def _ask_rdflib(
    file: Path,
    queries: dict[str, Query],
    limits: dict[str, float],
    values: Mapping[str, str] | None,
) -> dict[str, float]:
    """Ask rdflib, each question in a process of its own that ends at its limit."""
    context = multiprocessing.get_context("fork")
    import rdflib

    graph = rdflib.Graph()
    graph.parse(file, format="turtle")
    found = {}
    for name, query in queries.items():
        told = context.SimpleQueue()
        limit = limits[name]
        asked = context.Process(
            target=_ask_one, args=(graph, query, _of(query, values), limit, told)
        )
        asked.start()
        asked.join()
        found[name] = limit if told.empty() else min(limit, told.get())
        print(f"{name}, rdflib: {_told(found[name], limit)} s", file=sys.stderr, flush=True)
    return found


def _ask_one(
    graph: rdflib.Graph,
    query: Query,
    values: Mapping[str, str],
    limit: float,
    told: multiprocessing.SimpleQueue[float],
) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit) + 1,) * 2)
    start = time.process_time()
    run(graph, query, values)
    told.put(time.process_time() - start)


def _told(seconds: float, limit: float) -> str:
    return f"> {limit:.3g}" if seconds >= limit else f"{seconds:.3f}"


def main() -> int:
    """Print one of the tables; 1 if its limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["writing", "asking"])
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--times", type=float, default=math.inf)
    parser.add_argument("--value", action="append", default=[])
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        out = options.out
        if out is None:
            out = Path(name) / "out"
            run_build(REPOSITORY / "corpus", out, model="fast")
        if options.what == "writing":
            table, ratio = measure_writing(out / TRIPLES, options.triples)
            missed = ratio > LARGEST_WRITING
        else:
            table, ratio = measure_asking(
                out / TRIPLES, options.triples, options.alone, options.limit, options.queries,
                options.only, options.keep, options.times, dict(text.split("=", 1) for text in options.value),
            )  # fmt: skip
            missed = not options.alone and ratio < LEAST_ASKING
        shutil.rmtree(name, ignore_errors=True)
    print(table)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
