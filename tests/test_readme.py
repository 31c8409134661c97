"""The README is true: its commands print what it shows, what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from readme import README, REPOSITORY, Example, Place, find_examples, run_anew, same

TEXT = README.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("readme"))


def test_every_command_prints_what_is_shown(place: Place) -> None:
    # in their order, in one place: later ones answer from what earlier ones built
    examples = [example for block in find_examples(TEXT) for example in block]
    assert len(examples) >= 10
    changed = []
    for example in examples:
        output, code = place.run(example.command)
        assert code == 0, f"$ {example.command}\n{output}"
        if not same(output, example.output):
            changed.append(str(Example(example.command, output)))
    assert changed == [], "run: make golden ACCEPT=1"


def test_links_lead_to_files() -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)|<img src=\"([^\"]+)\"", TEXT)
    targets = [one or other for one, other in links]
    local = [target for target in targets if not target.startswith(("http://", "https://"))]
    assert len(local) >= 5
    assert [target for target in local if not (REPOSITORY / target).exists()] == []


def test_every_command_and_question_is_told() -> None:
    from kg.cli import app

    for command in app.registered_commands:
        assert f"kg {command.name}" in TEXT
    for query in sorted((REPOSITORY / "queries").glob("*.rq")):
        assert query.stem in TEXT, f"the README does not name the question {query.stem}"


def test_no_figure_is_left_open() -> None:
    assert re.findall(r"TODO|TBD|XXX|\?\?\?", TEXT) == []


def test_accepting_keeps_what_is_right_and_renews_ids(tmp_path: Path) -> None:
    class Fake(Place):
        def __init__(self) -> None: ...

        def run(self, command: str) -> tuple[str, int]:
            if command == "list":
                return "effect-abcdefghijkl in 2.5 s\n", 0
            return f"ran {command}\n", 0

    shown = "Text.\n```console\n$ list\neffect-abcdefghijkl in 1.0 s\n$ explain effect-zzzzzzzzzzzz\nold\n```\nEnd.\n"
    assert run_anew(shown, Fake()) == shown.replace("zzzzzzzzzzzz", "abcdefghijkl").replace(
        "old", "ran explain effect-abcdefghijkl"
    )
