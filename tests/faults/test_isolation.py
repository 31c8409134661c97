"""What a build may not do: reach for a network, run what a file says."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "kg"

#: Loads that run code of the file they load, or may; ``yaml`` and ``numpy`` are judged by arguments.
_LOADERS = frozenset({
    "pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "torch",
    "jsonpickle", "pandas.read_pickle", "xml.etree.ElementTree", "xml.dom.minidom", "xml.sax",
})  # fmt: skip
_BUILTINS = frozenset({"eval", "exec", "compile", "__import__"})


def judge(file: Path) -> tuple[int, list[str]]:
    """Return how many calls a module holds, and what in it could run the code of a file it loads."""
    count, found = 0, []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        elif isinstance(node, ast.Call):
            count += 1
            called = ast.unparse(node.func)
            told = {k.arg: ast.unparse(k.value) for k in node.keywords}
            bad = called in _BUILTINS or "read_pickle" in called
            bad |= called in ("np.load", "numpy.load") and told.get("allow_pickle") != "False"
            bad |= called in ("yaml.load", "yaml.load_all") and "Safe" not in told.get("Loader", "")
            names = [called] if bad else []
            found += [f"{file.name}:{node.lineno}: {name}" for name in names]
            continue
        found += [f"{file.name}:{node.lineno}: {name}" for name in names if name in _LOADERS]
    return count, found


def test_nothing_is_loaded_that_could_run() -> None:
    judged = [judge(file) for file in sorted(PACKAGE.rglob("*.py"))]
    assert sum(count for count, _ in judged) > 3000
    assert [name for _, names in judged for name in names] == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle", "from joblib import load", "import numpy as np\nnp.load('a')",
        "np.load('a', allow_pickle=True)", "eval('1')", "yaml.load(text, Loader=yaml.Loader)",
        "pd.read_pickle('a')", "import xml.etree.ElementTree",
    ],
)  # fmt: skip
def test_the_scan_sees_what_it_looks_for(tmp_path: Path, code: str) -> None:
    (tmp_path / "bad.py").write_text(code)
    assert len(judge(tmp_path / "bad.py")[1]) == 1


#: Writes down, in every process of a build, each attempt to reach another machine.
_WATCH = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
                 "socket.sendmsg", "socket.bind", "urllib.Request", "ftplib.connect", "os.system"):
        with open(os.environ["WATCHED"], "a") as stream:
            stream.write(f"{event} {arguments}\\n")
sys.addaudithook(watch)
with open(os.environ["WATCHED"], "a") as stream:
    stream.write(f"started {os.getpid()}\\n")
"""
PAGE = """---
title: A trial
url: http://127.0.0.1:9/page
---
<img src="http://127.0.0.1:9/pixel.png"><script src="http://127.0.0.1:9/a.js"></script>
<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/e">]> See https://127.0.0.1:9/x, doi: 10.1234/abcd.5.

Vitamin D lowered the risk of falls (RR 0.81, 95% CI 0.70 to 0.94).
"""


def run_isolated(
    folder: Path, *arguments: str
) -> tuple[subprocess.CompletedProcess[str], list[str], bool]:
    """Run ``kg``, without a network where that is allowed; return what the watch wrote, and whether."""
    (folder / "watch").mkdir(exist_ok=True)
    (folder / "watch" / "sitecustomize.py").write_text(_WATCH)
    watched = folder / "watched"
    watched.write_text("")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder / "watch"), str(REPOSITORY)]),
        "WATCHED": str(watched),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-c", "from kg.cli import main; main()", *arguments]
    bare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--net"]
    can = (
        shutil.which("unshare")
        and not subprocess.run([*bare, "true"], capture_output=True).returncode
    )
    done = subprocess.run(
        [*bare, *command] if can else command, env=environment, cwd=folder, capture_output=True, text=True,
        timeout=200, check=False,
    )  # fmt: skip
    return done, watched.read_text().splitlines(), bool(can)


def test_a_build_reaches_for_no_network(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "page.md").write_text(PAGE)
    done, seen, _ = run_isolated(
        tmp_path, "build", "corpus", "-o", "out", "--model", "fast", "--json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["documents"] == 1
    assert sum(line.startswith("started") for line in seen) >= 2, "the command and its worker"
    # importing urllib3 binds a port of this machine to learn whether it knows IPv6: nothing is sent
    asked = [line for line in seen if "socket.bind" not in line or "'::1', 0" not in line]
    assert [line for line in asked if not line.startswith("started")] == []


def test_the_watch_sees_a_connection(tmp_path: Path) -> None:
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(_WATCH)
    code = "import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('127.0.0.1', 9))"
    watched = tmp_path / "watched"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "watch"), "WATCHED": str(watched)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)
    assert "socket.connect" in watched.read_text()
