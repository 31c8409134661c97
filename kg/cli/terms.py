"""``kg terms``: what names mean, and which terminologies say so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kg.cli import fetching
from kg.cli.console import Format, complain, write_json, write_table

if TYPE_CHECKING:
    from kg.terminology.entry import ConceptEntry
    from kg.terminology.grounding import Grounder

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""
    What names mean: concepts, their names and their ids.

    The packaged lexicon is always there; --terms adds a file of your own or a terminology that
    kg terms fetch has fetched.

    \b
    Examples:
      kg terms find "vitamin D3" HbA1c           what a name means
      kg terms show MESH:D014807                 all that is known of a concept
      kg terms find "calcipotriol" --terms chebi with a fetched terminology
      kg terms add "our score" --kind instrument a concept of your own
      kg terms verify --terms mesh               whether ids and names belong together
    """,
)
app.command("fetch")(fetching.fetch)

_TERMS = typer.Option(
    [],
    "--terms",
    metavar="FILE|NAME",
    help="A terminology besides the packaged lexicon; may be repeated.",
)
_JSON = typer.Option(False, "--json", help="Write JSON.")


def complete_kind(incomplete: str) -> list[str]:
    """Offer the kinds of concepts."""
    from kg.terminology.entry import KINDS

    return [kind for kind in KINDS if kind.startswith(incomplete)]


def complete_slot(incomplete: str) -> list[str]:
    """Offer the places of a record that a name may fill."""
    return [
        slot for slot in ("intervention", "condition", "outcome") if slot.startswith(incomplete)
    ]


@app.command()
def find(
    names: list[str] = typer.Argument(..., metavar="NAME...", help="Names as a text has them."),
    slot: str | None = typer.Option(
        None,
        "--as",
        metavar="PLACE",
        autocompletion=complete_slot,
        help="What the name is in a study: intervention, condition or outcome.",
    ),
    terms: list[str] = _TERMS,
    limit: int = typer.Option(5, "--limit", "-n", min=1, help="The most concepts of a name."),
    everything: bool = typer.Option(
        False, "--all", help="Show candidates too that are too uncertain to be linked."
    ),
    as_json: bool = _JSON,
) -> None:
    """Say what names mean, the likeliest concept first.

    A name that may mean several things equally well is linked to none of them in a build; here all are
    shown, with "linked" no.

    \b
    Examples:
      kg terms find "vitamin D3"
      kg terms find "serum 25(OH)D levels" --as outcome
      kg terms find pain WOMAC "type 2 diabetes" --json
    """
    from kg.terminology.phrases import SLOTS

    if slot is not None and slot not in SLOTS:
        raise typer.BadParameter(f"{slot!r} is no place of a name: {', '.join(SLOTS)}")
    grounder = _grounder(terms)
    rows = []
    for name in names:
        grounding = grounder.ground(name, slot)
        shown = [
            item for item in grounding.candidates if everything or item.score >= grounder.threshold
        ]
        for item in shown[:limit]:
            linked = grounding.concept is not None and item.entry.id == grounding.concept.id
            rows.append({
                "query": name, **to_json(item.entry), "score": round(item.score, 3),
                "match": item.match, "matched": item.name, "linked": linked,
            })  # fmt: skip
        if not shown:
            complain(f"{name}: {grounding.reason or 'unknown'}" + _nearest(grounding.candidates))
    if as_json:
        write_json(rows)
        return
    columns = ("query", "id", "label", "kind", "score", "match", "linked", "xrefs")
    write_table(
        columns,
        [[_cell(row[name]) for name in columns] for row in rows],
        Format.table,
        empty="No concept.",
    )


@app.command()
def show(
    identifier: str = typer.Argument(..., metavar="ID", help="A CURIE such as MESH:D014807."),
    terms: list[str] = _TERMS,
    as_json: bool = _JSON,
) -> None:
    """Show a concept: names, ids in other vocabularies, what is broader and narrower.

    \b
    Examples:
      kg terms show MESH:D001172
      kg terms show DOID:7148 --terms doid --json
    """
    from kg.errors import QueryError

    grounder = _grounder(terms)
    entry = grounder.get(identifier)
    if entry is None:
        raise QueryError(
            f"{identifier}: no terminology here has it; kg terms find NAME finds ids,"
            " --terms adds terminologies"
        )
    above = [found for curie in entry.broader if (found := grounder.get(curie)) is not None]
    below = grounder.narrower(entry)
    if as_json:
        write_json({
            **to_json(entry), "broader_labels": {item.id: item.label for item in above},
            "narrower": {item.id: item.label for item in below},
        })  # fmt: skip
        return
    rows: list[tuple[str, str]] = [("id", entry.id), ("label", entry.label), ("kind", entry.kind)]
    rows += [("name", name) for name in entry.names]
    rows += [("abbreviation", name) for name in entry.abbreviations]
    rows += [("xref", curie) for curie in entry.xrefs]
    labels = {item.id: item.label for item in above}
    rows += [("broader", " ".join((curie, labels.get(curie, "")))) for curie in entry.broader]
    rows += [("narrower", f"{item.id} {item.label}") for item in below[:50]]
    rows += [("source", entry.source)]
    write_table(("field", "value"), rows, Format.table)


@app.command()
def add(
    label: str = typer.Argument(..., help="The preferred name."),
    kind: str = typer.Option("other", autocompletion=complete_kind, help="Kind of concept."),
    identifier: str | None = typer.Option(
        None, "--id", metavar="CURIE", help="Default: own: and the label."
    ),
    name: list[str] = typer.Option([], "--name", help="Another name; may be repeated."),
    short: list[str] = typer.Option(
        [], "--short", help="A short form, in its letter case; may be repeated."
    ),
    xref: list[str] = typer.Option(
        [], metavar="CURIE", help="Its id in another vocabulary; may be repeated."
    ),
    broader: list[str] = typer.Option(
        [], metavar="CURIE", help="A concept above it; may be repeated."
    ),
    to: Path | None = typer.Option(
        None, "--to", metavar="FILE", help="Table to add to; default: own.tsv in your data folder."
    ),
) -> None:
    """Add a concept of your own to a table, for --terms.

    The table is plain TSV and can be edited by hand. Its names count before all others.

    \b
    Examples:
      kg terms add "Oslo sun score" --kind instrument --short OSS
      kg terms add "vitamin D3 drops" --kind chemical --id our:12 --broader MESH:D002762 --to our.tsv
      kg build corpus --terms own                then build with what was added
    """
    from kg.errors import QueryError
    from kg.terminology.entry import KINDS, make_entry
    from kg.terminology.layers import add_entry, own_file, own_identifier

    if kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is no kind of concept: {', '.join(KINDS)}")
    file = to or own_file()
    try:
        entry = make_entry(
            identifier or own_identifier(label), label, kind, names=name, abbreviations=short,
            xrefs=xref, broader=broader, source=file.stem,
        )  # fmt: skip
    except ValueError as error:
        raise QueryError(f"{label}: {error}") from error
    known = add_entry(entry, file)
    complain(f"{'changed' if known else 'added'} {entry.id} in {file}")


@app.command()
def verify(
    tables: list[Path] = typer.Argument(
        None, metavar="[TABLE]...", help="Tables to check; default: the packaged lexicon."
    ),
    terms: list[str] = typer.Option(
        ..., "--terms", metavar="FILE|NAME", help="A vocabulary to check against; may be repeated."
    ),
    as_json: bool = _JSON,
) -> None:
    """Check that every id is of the concept whose names it stands beside.

    The vocabularies are asked: an id is right when its vocabulary gives it one of the names, or says
    that it is the same as an id that has one. Exit code 1 when some id is not.

    \b
    Examples:
      kg terms verify --terms mesh --terms doid --terms chebi
      kg terms verify our.tsv --terms mesh
    """
    from collections import Counter

    from kg.terminology.layers import packaged, read_entries, read_sources
    from kg.terminology.verify import WRONG
    from kg.terminology.verify import verify as run

    entries = read_entries(tables) if tables else list(packaged())
    findings = list(run(entries, [read_sources(terms)]))
    counts = Counter(finding.verdict for finding in findings)
    wrong = [
        {"id": f.entry.id, "label": f.entry.label, "curie": f.curie, "verdict": f.verdict, "known_as": f.known_as}
        for f in findings if f.verdict in WRONG
    ]  # fmt: skip
    if as_json:
        write_json({"entries": len(entries), "ids": len(findings), **counts, "wrong": wrong})
    else:
        columns = ("id", "label", "curie", "verdict", "known_as")
        rows = [[row[name] for name in columns] for row in wrong]
        write_table(columns, rows, Format.table, empty="No id is wrong.")
    said = ", ".join(f"{number} {verdict}" for verdict, number in counts.most_common())
    complain(f"{len(entries)} concepts, {len(findings)} ids: {said}")
    if wrong:
        raise typer.Exit(1)


def to_json(entry: ConceptEntry) -> dict[str, Any]:
    """Return an entry as JSON has it."""
    return {
        "id": entry.id, "label": entry.label, "kind": entry.kind, "names": list(entry.names),
        "abbreviations": list(entry.abbreviations), "xrefs": list(entry.xrefs),
        "broader": list(entry.broader), "source": entry.source,
    }  # fmt: skip


def _grounder(terms: Sequence[str]) -> Grounder:
    from kg.terminology.layers import compile_layers, load_grounder

    return load_grounder(compile_layers(terms))


def _nearest(candidates: Sequence[Any]) -> str:
    if not candidates:
        return ""
    best = candidates[0]
    return f"; nearest is {best.entry.id} {best.entry.label} ({best.score:.2f}, --all shows it)"


def _cell(value: Any) -> Any:
    return ", ".join(value[:6]) if isinstance(value, list) else value
