"""The reference tables that ids are looked up in, merged into one row a concept."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from kg.terminology.entry import ConceptEntry, Kind, make_entry
from kg.terminology.index import Terminology
from kg.terminology.merging import merge

FILES: tuple[Kind, ...] = ("disease", "symptom", "measurement", "action", "chemical")
#: CDISC code lists whose rows are instruments.
INSTRUMENT_LISTS = frozenset({"QSCAT", "CCCAT", "FTCAT"})


def read_tables(folder: Path) -> Iterator[ConceptEntry]:
    """Yield every row of the reference tables, as the vocabularies have them."""
    for kind in FILES:
        with gzip.open(folder / f"{kind}.tsv.gz", "rt", encoding="utf-8") as stream:
            next(stream)
            for line in stream:
                curie, label, names, xrefs, parents, source = line.rstrip("\n").split("\t")
                of_list = source.split()[-1]
                yield make_entry(
                    curie, label, "instrument" if of_list in INSTRUMENT_LISTS else kind,
                    names=names.split("|"), xrefs=xrefs.split("|"), broader=parents.split("|"),
                    source=source,
                )  # fmt: skip


def full_layer(folder: Path, file: Path) -> Terminology:
    """Return the tables as one terminology; `file` keeps it for the next time."""
    if not file.exists():
        Terminology.build(merge(read_tables(folder)), "reference tables").save(file)
    return Terminology.load(file)
