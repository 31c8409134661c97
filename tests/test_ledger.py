"""What is kept between and within builds: the ledger, the manifest, copied records."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kg.ledger import OUTPUT, Ledger, Stored
from kg.manifest import read_entries, read_head, read_manifest, write_manifest
from kg.output import RECORDS, Workspace, write_records


def stored(path: str, key: str, origin: int = OUTPUT, block: int | None = None) -> Stored:
    return Stored(origin, 0, 1, block, block, block, {"path": path, "key": key})


def test_a_ledger_tells_what_is_new_gone_and_unread(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    for path, key in (("a", "1"), ("b", "2"), ("gone", "3")):
        ledger.had({"path": path, "key": key})
        ledger.know(stored(path, key))
    for path, key in (("a", "1"), ("b", "20"), ("new", "4"), ("bad\udce9", "5")):
        ledger.plan(path, key)
    assert ledger.count_unknown() == 3
    assert [path for path in ("a", "b", "new", "else") if ledger.is_to_read(path)] == ["b", "new"]
    ledger.know(stored("b", "20", origin=1, block=7))
    ledger.know(stored("new", "4", origin=1, block=8))
    ledger.give_up("bad\udce9")
    ledger.forget_unread()
    assert [item.entry["path"] for item in ledger.kept()] == ["a", "b", "new"]
    assert [item.entry["path"] for item in ledger.added()] == ["b", "new"]
    assert [item.entry["key"] for item in ledger.gone()] == ["2", "3"]
    assert [item.entry["path"] for item in ledger.without_triples()] == ["a"]
    assert ledger.count_dropped(["gone"]) == 0
    assert not ledger.is_as_before()
    ledger.know(stored("a", "1", origin=1, block=9))
    [first, *_] = ledger.kept()
    assert (first.origin, first.block_at) == (OUTPUT, 9), "the record stays where it is"
    ledger.close()


values = (
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["]", '],\n "x"', "\x85"])
)
entries = st.lists(st.dictionaries(st.text(max_size=5), values, min_size=1), max_size=5)


@given(st.dictionaries(st.text(max_size=5), values, min_size=1), entries)
def test_a_manifest_is_json_and_can_be_read_line_by_line(
    tmp_path_factory: Any, head: dict[str, Any], documents: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("manifest")
    head.pop("documents", None)
    head["tool"] = "clinev"
    write_manifest(folder / "manifest.json", head, documents)
    assert read_manifest(folder) == {**head, "documents": documents}
    assert read_head(folder) == head
    assert list(read_entries(folder)) == documents


def test_what_is_no_manifest_says_nothing(tmp_path: Path) -> None:
    for text in ("", "[]", '{"tool": "clinev"', '{\n "documents": [\n  {'):
        (tmp_path / "manifest.json").write_text(text)
        assert read_head(tmp_path) in ({}, {"": None})
        assert list(read_entries(tmp_path)) == []


def test_records_are_copied_from_wherever_they_lie(tmp_path: Path) -> None:
    rng = random.Random(1)
    files = [tmp_path / "one", tmp_path / "other"]
    lines = [str(number).encode() * rng.randrange(1, 4) for number in range(40)]
    places: list[Stored] = []
    for origin, file in enumerate(files):
        with file.open("wb") as stream:
            for line in lines:
                if rng.random() < 0.3:
                    stream.write(b"a header\n")
                places.append(Stored(origin, stream.tell(), len(line), None, None, None, {}))
                stream.write(line + b"\n")
    chosen = [places[index + (40 if rng.random() < 0.3 else 0)] for index in range(40)]
    write_records(chosen, files, tmp_path / RECORDS)
    assert (tmp_path / RECORDS).read_bytes() == b"".join(line + b"\n" for line in lines)


def test_a_shard_keeps_its_number(tmp_path: Path) -> None:
    shards = tmp_path / ".out.building" / "shards"
    shards.mkdir(parents=True)
    (shards / "m.jsonl").write_text("")
    (shards / ".half.jsonl.1").write_text(json.dumps({"path": "half"}))
    workspace = Workspace(tmp_path / "out")
    assert [file.name for file in workspace.files] == [RECORDS, "journal.jsonl", "m.jsonl"]
    assert workspace.add_shard(shards / "a.jsonl") == 3
    assert workspace.add_shard(shards / "m.jsonl") == 2
    workspace.close(keep_journal=False)
