"""The build: what it writes, what it does again, what it survives."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest
from fake_extraction import FACTORY

from kg.build import BuildOptions, BuildReport, Progress, build, fingerprint
from kg.errors import BuildError
from kg.output import Records, Workspace
from kg.sources import expand
from kg.store import Store

TESTS = Path(__file__).resolve().parent
TEXTS = {"b.txt": "RR 0.84 and RR 1.20", "a.md": "RR 0.50", "deep/c.txt": "nothing"}


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in TEXTS.items():
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "log"))
    return Path("corpus")


def run(
    *paths: str | Path, out: str = "out", seen: list[Progress] | None = None, **options: object
) -> BuildReport:
    # the code may be edited while its tests run
    with mock.patch("kg.build.fingerprint", return_value="fixed"):
        return build(
            list(paths),
            Path(out),
            BuildOptions(**options),  # type: ignore[arg-type]
            factory=FACTORY,
            on_progress=(seen if seen is not None else []).append,
        )


def done() -> list[str]:
    """Return the documents that were extracted since the last call, sorted."""
    log = Path("log")
    lines = sorted(log.read_text().splitlines()) if log.exists() else []
    log.unlink(missing_ok=True)
    return lines


def contents(folder: str) -> dict[str, bytes]:
    return {
        name: (Path(folder) / name).read_bytes()
        for name in ("records.jsonl", "failures.jsonl", "triples.nt", "graph.ttl")
    }


def failures(folder: str = "out") -> dict[str, tuple[str | None, str]]:
    lines = (Path(folder) / "failures.jsonl").read_text().splitlines()
    return {f["path"]: (f["place"], f["problem"]) for f in map(json.loads, lines)}


def test_only_files_with_something_to_read_are_opened_again(corpus: Path) -> None:
    run(corpus)
    (corpus / "b.txt").write_text("RR 0.85")
    with mock.patch("kg.build.expand", side_effect=expand) as opened:
        run(corpus)
    files = [Path(call.args[0]).name for call in opened.call_args_list]
    assert sorted(files) == ["a.md", "b.txt", "b.txt", "c.txt"]


def test_records_are_sorted_by_path(corpus: Path) -> None:
    seen: list[Progress] = []
    report = run(corpus, seen=seen)
    paths = [record.document.path for record in Records(Path("out"))]
    assert paths == ["corpus/a.md", "corpus/b.txt", "corpus/deep/c.txt"]
    assert report.counts["effects"] == 3
    assert (report.documents, report.read, report.failures) == (3, 3, ())
    assert [p.done for p in seen] == [1, 2, 3]
    assert contents("out")["failures.jsonl"] == b""
    assert not Path(".out.building").exists()


def test_only_the_manifest_holds_times(corpus: Path) -> None:
    run(corpus, out="one")
    time.sleep(1.1)
    run(*sorted(corpus.iterdir(), reverse=True), out="two", jobs=2)
    assert contents("one") == contents("two")
    manifest = json.loads(Path("two/manifest.json").read_text())
    entries = {entry["path"]: entry for entry in manifest["documents"]}
    assert entries["corpus/b.txt"]["status"] == "ok"
    assert entries["corpus/b.txt"]["effects"] == 2
    assert entries["corpus/b.txt"]["seconds"] >= 0
    assert manifest["counts"]["studies"] == 3


def test_only_what_changed_is_read_again(corpus: Path) -> None:
    run(corpus)
    assert len(done()) == 3
    report = run(corpus)
    assert report.up_to_date
    assert (report.read, report.reused, done()) == (0, 3, [])
    (corpus / "b.txt").write_text("RR 0.11")
    (corpus / "a.md").unlink()
    (corpus / "new.txt").write_text("RR 0.22")
    report = run(corpus)
    assert done() == ["corpus/b.txt", "corpus/new.txt"]
    assert (report.read, report.reused, report.dropped) == (2, 1, 1)
    run(corpus, out="fresh")
    assert contents("out") == contents("fresh")


def test_another_base_iri_writes_the_graph_again(corpus: Path) -> None:
    run(corpus)
    done()
    report = run(corpus, base_iri="https://example.org/")
    assert not report.up_to_date
    assert done() == []
    assert b"example.org" in contents("out")["graph.ttl"]


def test_doubtful_effects_are_left_out_on_demand(corpus: Path) -> None:
    run(corpus)
    done()
    assert run(corpus, min_confidence=0.5).counts["effects"] == 2
    assert len(done()) == 3
    values = [e.value for r in Records(Path("out")) for s in r.studies for e in s.effects]
    assert values == [0.5, 0.84]
    assert run(corpus, min_confidence=0.5).up_to_date
    assert run(corpus).counts["effects"] == 3


def test_a_damaged_output_is_mended(corpus: Path) -> None:
    run(corpus, out="fresh")
    run(corpus)
    done()
    records = Path("out/records.jsonl")
    records.write_bytes(records.read_bytes().replace(b"0.84", b"0.48", 1))
    run(corpus)
    assert done() == ["corpus/b.txt"]
    assert contents("out") == contents("fresh")


def test_no_document_stops_a_build(corpus: Path) -> None:
    (corpus / "empty.txt").touch()
    (corpus / "binary.txt").write_bytes(b"abc\0\1")
    (corpus / "report.docx").write_bytes(b"\x00\x01 no text")
    (corpus / "figure.png").write_bytes(b"\x89PNG")
    (corpus / ".hidden.txt").write_text("RR 9.99")
    (corpus / "loop").symlink_to(corpus.resolve())
    (corpus / "self.txt").symlink_to("self.txt")
    (corpus / "nowhere.txt").symlink_to("gone.txt")
    (corpus / "page.md").mkdir()
    os.mkfifo(corpus / "pipe.txt")
    Path(os.fsdecode(b"corpus/caf\xe9.txt")).write_text("RR 0.20")
    with (corpus / "huge.txt").open("wb") as stream:
        stream.truncate(100_000_000)
    for name in ("bug", "crashes", "hangs", "vanishes", "hungry", "incomplete"):
        (corpus / f"{name}.txt").write_text("RR 0.10")
    report = run(corpus, jobs=2, timeout_s=2)
    found = failures()
    assert report.documents == 3
    assert report.skipped == 1
    assert found["corpus/binary.txt"] == ("character 3", "binary, not text")
    expected = {
        "empty.txt": "the file is empty",
        "report.docx": "format not recognised (.docx)",
        "loop": "link leads back",
        "self.txt": "cannot be opened: too many levels of symbolic links",
        "nowhere.txt": "link to nowhere",
        "pipe.txt": "not a regular file",
        "caf\udce9.txt": "name is no valid UTF-8",
        "huge.txt": "100.0 MB is more than the limit of 20 MB (--max-mb)",
        "bug.txt": "please report it: ValueError: an unforeseen problem",
        "crashes.txt": "the worker process ended (SIGKILL)",
        "hangs.txt": "took longer than 2 seconds",
        "vanishes.txt": "does not exist (or was removed",
        "hungry.txt": "needs more memory",
        "incomplete.txt": "please report it: FileNotFoundError",
    }
    for name, problem in expected.items():
        assert problem in found[f"corpus/{name}"][1]
    assert len(found) == len(expected) + 1
    (corpus / "hangs.txt").unlink()
    assert run(corpus).reused == 3, "an odd name does not spoil the manifest"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_a_failure(corpus: Path) -> None:
    (corpus / "b.txt").chmod(0)
    run(corpus)
    assert "permission denied" in failures()["corpus/b.txt"][1]


def test_fail_fast_keeps_the_old_output(corpus: Path) -> None:
    run(corpus)
    before = contents("out")
    (corpus / "a.md").write_text("")
    report = run(corpus, keep_going=False)
    assert not report.complete
    assert contents("out") == before


def test_what_is_not_ours_is_not_replaced(corpus: Path) -> None:
    with pytest.raises(BuildError, match="not an output of kg build"):
        run(corpus, out="corpus")
    Path("file").touch()
    with pytest.raises(BuildError, match="is a file"):
        run(corpus, out="file")
    assert sorted(p.name for p in corpus.iterdir()) == ["a.md", "b.txt", "deep"]


def test_an_output_within_the_sources_is_not_read(corpus: Path) -> None:
    run(corpus, out="corpus/out")
    report = run(corpus, out="corpus/other")
    assert report.documents == 3
    assert report.skipped == 0


def test_exclusion_is_by_name_or_path(corpus: Path) -> None:
    assert run(corpus, exclude=("deep", "a.*")).documents == 1
    (corpus / "drafts").mkdir()
    (corpus / "drafts" / "d.txt").touch()
    assert run(corpus, exclude=("drafts/*",)).documents == 3
    assert run(corpus / "a.md", exclude=("a.*",)).documents == 1, "a named file is always read"


def test_what_is_about_a_folder_is_read_only_when_asked_for(corpus: Path) -> None:
    for name in ("README.md", "Licence-MIT.txt", "CHANGELOG.txt", "readme.de.md"):
        (corpus / name).write_text("About this folder.\n")
    (corpus / "license-fees-of-drugs.txt").write_text("Fees of drugs.\n")
    report = run(corpus)
    assert report.documents == 4
    assert [Path(path).name for path in report.about] == [
        "CHANGELOG.txt", "Licence-MIT.txt", "README.md", "readme.de.md"
    ]  # fmt: skip
    assert run(corpus, include_all=True).documents == 8
    assert run(corpus / "README.md").documents == 1, "a named file is always read"


def test_a_missing_model_is_said_once(corpus: Path) -> None:
    with pytest.raises(BuildError, match="extraction cannot start: OSError: Can't find model"):
        run(corpus, model="missing")
    assert not Path("out").exists()
    assert not Path(".out.building").exists()


def test_a_second_build_into_the_same_folder_waits_its_turn(corpus: Path) -> None:
    workspace = Workspace(Path("out"))
    with pytest.raises(BuildError, match="another kg build"):
        run(corpus)
    workspace.close(keep_journal=False)
    run(corpus)


def test_nothing_to_read_is_an_answer(corpus: Path) -> None:
    Path("nothing").mkdir()
    report = run("nothing")
    assert (report.documents, report.failures) == (0, ())
    assert contents("out")["records.jsonl"] == b""


SCRIPT = """
import sys
from pathlib import Path
sys.path[:0] = {paths!r}
from test_build import run
run("corpus", jobs=1)  # no "if __name__": workers do not import the caller's main module
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_build_loses_nothing(corpus: Path, how: signal.Signals) -> None:
    run(corpus)
    before = contents("out")
    done()
    (corpus / "d.txt").write_text("RR 0.33")
    (corpus / "slow.txt").write_text("RR 0.44")
    script = Path("script.py")
    script.write_text(SCRIPT.format(paths=[str(TESTS), str(TESTS.parent)]))
    process = subprocess.Popen([sys.executable, str(script)], stderr=subprocess.PIPE)
    journal = Path(".out.building/journal.jsonl")
    deadline = time.monotonic() + 120
    while not (journal.exists() and b"d.txt" in journal.read_bytes()):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(how)
    process.communicate(timeout=120)
    assert process.returncode != 0
    assert contents("out") == before
    with journal.open("ab") as stream:
        stream.write(b'{"path": "half a li')
    done()
    run(corpus)
    assert done() == ["corpus/slow.txt"]
    run(corpus, out="fresh")
    assert contents("out") == contents("fresh")


def test_a_swap_cut_short_is_undone(corpus: Path) -> None:
    run(corpus)
    before = contents("out")
    Path(".out.building").mkdir()
    Path("out").rename(".out.building/old")
    Workspace(Path("out")).close(keep_journal=False)
    assert contents("out") == before


def test_the_fingerprint_follows_the_code(tmp_path: Path) -> None:
    (tmp_path / "numbers").mkdir()
    (tmp_path / "numbers" / "grammar.py").write_text("A = 1")
    first = fingerprint(["numbers"], tmp_path)
    (tmp_path / "numbers" / "grammar.py").write_text("A = 2")
    assert fingerprint(["numbers"], tmp_path) != first


def test_a_study_that_several_documents_tell_of_changes_with_them(corpus: Path) -> None:
    (corpus / "b.txt").write_text("RR 0.84 and RR 1.20 DOI 10.1000/one")
    run(corpus)
    for name, text in (
        ("d.txt", "RR 0.84 and RR 1.20 told again DOI 10.1000/one"),
        ("e.txt", "RR 0.84 and RR 1.20 and again DOI 10.1000/one"),
        ("d.txt", "RR 0.33 DOI 10.1000/other"),
        ("e.txt", None),
    ):
        if text is None:
            (corpus / name).unlink()
        else:
            (corpus / name).write_text(text)
        run(corpus)
        shutil.rmtree("fresh", ignore_errors=True)
        run(corpus, out="fresh")
        assert contents("out") == contents("fresh")
        graph = [set(Store.open(Path(folder) / "store")) for folder in ("out", "fresh")]
        assert graph[0] == graph[1]
        if name == "e.txt" and text is not None:
            studies = re.findall(rb"\ba ce:Study\b", contents("out")["graph.ttl"])
            assert len(studies) == 3, "five documents, three of them of one study"
