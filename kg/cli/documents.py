"""``kg show`` and ``kg explain``: back to the text that something came from."""

from __future__ import annotations

import difflib
import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kg.cli.console import DEFAULT_OUT, BuiltFolder, complain, draw, write_json
from kg.errors import QueryError
from kg.printable import escape_json

if TYPE_CHECKING:
    from kg.explain import Found
    from kg.records import Record


def complete_document(incomplete: str) -> list[str]:
    """Offer the documents of the default output."""
    from kg.manifest import read_manifest

    entries = read_manifest(DEFAULT_OUT).get("documents", [])
    paths = [entry["path"] for entry in entries if entry.get("status") == "ok"]
    return [path for path in paths if incomplete in path]


def show(
    document: str = typer.Argument(
        ..., help="Path, file name or part of it.", autocompletion=complete_document
    ),
    out: BuiltFolder = DEFAULT_OUT,
    html: Path | None = typer.Option(
        None, metavar="FILE", help="Write a page for a browser; - is stdout."
    ),
    as_json: bool = typer.Option(False, "--json", help="Write the document's record as JSON."),
) -> None:
    """Show a text with everything marked that was read from it.

    A document that is not in OUT is read now, without building anything. In the HTML page, resting
    on a mark shows the record; nothing in the page loads anything from anywhere.

    \b
    Examples:
      kg show corpus/asthma-vida-trial.html
      kg show vida --html vida-marked.html
      kg show new-page.md --json | jq '.studies[].effects'
    """
    record = find_document(document, out)
    if as_json:
        typer.echo(escape_json(record.model_dump_json(indent=1)))
    elif html is not None:
        from kg.show.html import render_document as render_page

        page = render_page(record)
        if str(html) == "-":
            sys.stdout.write(page)
        else:
            html.write_text(page, encoding="utf-8", errors="surrogateescape")
            complain(f"wrote {html}")
    else:
        from kg.show.terminal import render_document

        draw(render_document(record))


def find_document(wanted: str, out: Path) -> Record:
    """Return the record of a document from the output, or read it now."""
    from kg.manifest import read_manifest
    from kg.output import Records, is_output

    entries = read_manifest(out).get("documents", []) if is_output(out) else []
    known = [entry["path"] for entry in entries if entry.get("status") == "ok"]
    full = os.path.abspath(wanted)
    matches = [path for path in known if wanted == Path(path).name or os.path.abspath(path) == full]
    if not matches and not Path(wanted).exists():
        matches = [path for path in known if wanted.lower() in path.lower()]
    if len(matches) > 1:
        shown = ", ".join(matches[:5])
        raise QueryError(f"{wanted}: {len(matches)} documents are called so: {shown}")
    if matches and not _has_changed(matches[0], entries):
        return next(record for record in Records(out) if record.document.path == matches[0])
    place = matches[0] if matches else wanted
    from kg.readers import divide, read

    if divide(Path(place))[0].is_file():
        from kg.extract import make_extractor

        return make_extractor(None)(read(Path(place)))
    close = difflib.get_close_matches(
        wanted, [*known, *(Path(path).name for path in known)], 3, 0.5
    )
    hint = (
        f"; did you mean {' or '.join(close)}?"
        if close
        else f": it is neither a file nor a document of {out}"
    )
    raise QueryError(f"{wanted}: no such document{hint}")


def _has_changed(path: str, entries: list[dict[str, Any]]) -> bool:
    """Whether a file is no longer what was built."""
    known = str(next(entry["sha256"] for entry in entries if entry["path"] == path))
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest() != known
    except OSError:
        return False


def explain(
    wanted: str = typer.Argument(
        ...,
        metavar="ID",
        help="Id, IRI or CURIE of an effect, dose, outcome …; its start is enough.",
    ),
    out: BuiltFolder = DEFAULT_OUT,
    as_json: bool = typer.Option(False, "--json", help="Write what is known as JSON."),
) -> None:
    """Say where something came from: file, line, sentence, and every field of its record.

    Ids stand in records.jsonl, in kg show and in the answers of kg query; an IRI of the graph is
    followed to the records behind it.

    \b
    Examples:
      kg explain effect-mfrggzdfmztwq2lk
      kg explain https://w3id.org/clinev/id/effect-mfrggzdfmztwq2lk
    """
    from kg.explain import find_items, find_record_ids
    from kg.output import Records

    found = find_items(Records(out), wanted)
    told: list[tuple[str, str]] = []
    if not found:
        ids, told = find_record_ids(out, wanted)
        found = [match for identifier in ids for match in find_items(Records(out), identifier)]
    if not found and not told:
        raise QueryError(f"{wanted}: nothing in {out} has this id; kg show DOCUMENT lists them")
    if as_json:
        write_json({
            "records": [_to_json(match) for match in found],
            "triples": [list(pair) for pair in told],
        })  # fmt: skip
        return
    from rich.text import Text

    from kg.show.terminal import render_item

    for match in found:
        draw(render_item(match.item, match.record))
    if not found:
        from kg.prefixes import shorten

        for predicate, value in told:
            draw(Text.assemble((f"{shorten(predicate)}  ", "dim"), shorten(value)))


def _to_json(match: Found) -> dict[str, object]:
    return {
        "kind": match.item.kind,
        "document": match.record.document.path,
        "study": match.item.study.id,
        "record": match.item.record.model_dump(mode="json"),
    }
