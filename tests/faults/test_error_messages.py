"""Every error of ours tells a person which file, where in it, what is wrong and what to do.

A new class of error fails the last test here until it has a row.
"""

from __future__ import annotations

import ast
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fake_extraction import FACTORY

from kg.build import BuildOptions, build
from kg.cli import main
from kg.errors import KgError
from kg.output import Records
from kg.queries import load
from kg.readers import read, read_bytes
from kg.sparql import vet
from tests.faults.regexes import modules

PACKAGE = Path(__file__).resolve().parents[2] / "kg"


@dataclass(frozen=True, slots=True)
class Case:
    """How an error comes about, and the words in which its message tells of it, in their order.

    ``place`` is ``None`` where the whole file, folder or question is what is wrong.
    """

    raised: str
    cause: Callable[[Path], object]
    file: str
    place: str | None
    problem: str
    remedy: str


def _write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _other_folder(folder: Path) -> object:
    _write(folder / "mine.txt", "x")
    return build([folder], folder, BuildOptions(), factory=FACTORY)


def _poor_figures(folder: Path) -> object:
    from types import SimpleNamespace

    from kg.cli.evaluation import _require

    poor = SimpleNamespace(value=lambda name: 0.5)
    return _require(poor, ["numbers_recall=0.9"])  # type: ignore[arg-type]


def _broken_terms(folder: Path) -> object:
    from kg.terminology.sources import read_terms

    return list(read_terms(_write(folder / "mine.tsv", "code\tprice\nA:1\t2\n")))


def _no_amount(folder: Path) -> object:
    from kg.statistics.amounts import convert

    return convert(5.0, "mg", "mm[Hg]")


def _login_in_address(folder: Path) -> object:
    from kg.remote.login import find_login

    return find_login("http://me:secret@store.example/data")


def _no_picture(folder: Path) -> object:
    from kg.plots.style import save

    return save(lambda: None, folder / "forest.gif")  # type: ignore[arg-type,return-value]


CASES = (
    Case("DocumentError", lambda f: read(_write(f / "a.txt", b"RR\0 0.8")), "a.txt", "character 2",
         "holds NUL characters", "save it as UTF-8"),
    Case("DocumentError", lambda f: read_bytes(b"<article>\n<p></article>", "a.nxml", "jats"),
        "a.nxml", "line 2",
         "no well-formed XML", "repair it"),
    Case("QueryError", lambda f: load("efects"), "efects", None, "no query is called", "did you mean effects"),
    Case("QueryError", lambda f: vet("SELECT * {\n ?s ?p"), "", "line:2", "cannot be read", "Expected"),
    Case("BuildError", _other_folder, "", None, "not an output of kg build", "name another folder with -o"),
    Case("BuildError", lambda f: list(Records(_write(f / "records.jsonl", '{"a": 1}\n'))), "records.jsonl", "line 1",
         "Field required", "run kg build again"),
    Case("TerminologyError", _broken_terms, "mine.tsv", "line 1", "has no column", "name the columns in the first line"),
    Case("PoolError", _no_picture, "forest.gif", None, "is written as", ".svg or .png"),
    Case("AmountError", _no_amount, "mm[Hg]", None, "measure different things", ""),
    Case("StoreError", _login_in_address, "store.example", None, "no login belongs into an address", "--user"),
    Case("ValidationFailed", _poor_figures, "numbers", None, "too low", "0.9"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.raised}: {case.problem}")
def test_a_message_names_file_place_problem_and_remedy(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KgError) as caught:
        case.cause(tmp_path)
    error = caught.value
    assert type(error).__name__ == case.raised
    said = str(error)
    for word in (case.file, case.place, case.problem, case.remedy):
        assert (word or "").lower() in said.lower(), said
    again = pickle.loads(pickle.dumps(error))  # it crosses from a worker whole
    assert (type(again), str(again)) == (type(error), said)

    def fail() -> None:
        raise error

    monkeypatch.setattr("kg.cli.app", fail)
    monkeypatch.setattr(sys, "argv", ["kg"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (1, 2)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("kg: ")
    assert "Traceback" not in shown.err


def error_classes() -> set[str]:
    """Return the names of all subclasses of our errors, wherever in the package they stand."""
    list(modules())
    found: set[str] = set()
    waiting: list[type[KgError]] = [KgError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind.__module__.startswith("kg."):
                found.add(kind.__name__)
                waiting.append(kind)
    return found


def test_every_class_of_error_has_a_message_that_is_tested() -> None:
    assert error_classes() == {case.raised for case in CASES}, "add a Case for each new class"


def test_the_base_is_never_raised() -> None:
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                assert ast.unparse(node.exc.func) != "KgError", (
                    f"{file}:{node.lineno}: name what failed"
                )
