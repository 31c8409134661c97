"""How long the texts are that the code shows each of its patterns: what :data:`WITHIN` claims of them.

A pattern that is shown a window of a text, a sentence or a cell need not be linear in the length of a
document, but only if the code really cuts the window. So every pattern of the package is replaced by
one that notes what it is shown while hostile documents are read and extracted, whose sentences, cells,
titles and words have no end.

    python -m tests.faults.windows                    # the longest text that each pattern was shown
    python -m tests.faults.windows --only kg.numbers
"""

from __future__ import annotations

import argparse
import dataclasses
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.faults.regexes import collect, modules, within

Key = tuple[str, int]  # a pattern's text and flags
_SEARCHES = frozenset({"search", "match", "fullmatch", "finditer", "findall", "split"})
_CHANGES = frozenset({"sub", "subn"})


@dataclasses.dataclass(slots=True)
class Shown:
    """What a pattern was shown: the length of the longest text, and by which methods."""

    longest: int = 0
    methods: set[str] = dataclasses.field(default_factory=set)


class Spy:
    """A pattern that notes what it is shown."""

    def __init__(self, pattern: re.Pattern[str], shown: dict[Key, Shown]) -> None:
        self._pattern, self._shown = pattern, shown

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._pattern, name)
        if name in _SEARCHES:
            return lambda string, *rest, **named: (
                self._note(
                    name,
                    string,
                    *(rest if name != "split" else ()),
                    **(named if name != "split" else {}),
                ),
                method(string, *rest, **named),
            )[1]
        if name in _CHANGES:
            return lambda repl, string, *rest, **named: (
                self._note(name, string),
                method(repl, string, *rest, **named),
            )[1]
        return method

    def _note(self, method: str, text: str, pos: int = 0, endpos: int | None = None) -> None:
        end = len(text) if endpos is None else min(endpos, len(text))
        shown = self._shown.setdefault((self._pattern.pattern, self._pattern.flags), Shown())
        shown.longest = max(shown.longest, end - max(pos, 0))
        shown.methods.add(method)


class SpyModule:
    """The module ``re`` for one that writes patterns in its calls."""

    def __init__(self, shown: dict[Key, Shown]) -> None:
        self._shown = shown

    def __getattr__(self, name: str) -> Any:
        function = getattr(re, name)
        if name not in _SEARCHES | _CHANGES:
            return function

        def called(pattern: Any, *rest: Any, **named: Any) -> Any:
            if isinstance(pattern, Spy):
                return getattr(pattern, name)(*rest, **named)
            compiled = re.compile(pattern, named.pop("flags", 0))
            if (name in _SEARCHES and name != "split" and len(rest) > 1) or len(rest) > 3:
                *rest_, flags = rest
                compiled, rest = re.compile(pattern, flags), tuple(rest_)
            return getattr(Spy(compiled, self._shown), name)(*rest, **named)

        return called


@contextmanager
def watching() -> Iterator[dict[Key, Shown]]:
    """Note the longest text that each pattern is shown, in code points."""
    shown: dict[Key, Shown] = {}
    undo: list[Callable[[], None]] = []
    try:
        for module in list(modules()):
            for name, value in list(vars(module).items()):
                spied = (
                    SpyModule(shown) if value is re else _spied(value, module, shown, undo, depth=0)
                )
                if spied is not value:
                    undo.append(lambda m=module, n=name, v=value: setattr(m, n, v))  # type: ignore[misc]
                    setattr(module, name, spied)
        yield shown
    finally:
        for step in reversed(undo):
            step()


def _spied(
    value: Any,
    module: ModuleType,
    shown: dict[Key, Shown],
    undo: list[Callable[[], None]],
    depth: int,
) -> Any:
    """Return a value with its patterns replaced; itself where it holds none."""
    if isinstance(value, re.Pattern):
        return Spy(value, shown) if isinstance(value.pattern, str) else value
    if depth > 5:
        return value

    def inner(item: Any) -> Any:
        return _spied(item, module, shown, undo, depth + 1)

    if type(value) in (tuple, list) or (isinstance(value, tuple) and hasattr(value, "_make")):
        items = [inner(item) for item in value]
        if all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return type(value)._make(items) if hasattr(value, "_make") else type(value)(items)
    if type(value) is dict:
        made = {inner(key): inner(item) for key, item in value.items()}
        return value if all(made.get(k) is v for k, v in value.items()) else made
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            old = getattr(value, field.name, None)
            if (new := inner(old)) is not old:
                undo.append(lambda v=value, n=field.name, o=old: object.__setattr__(v, n, o))  # type: ignore[misc]
                object.__setattr__(value, field.name, new)
    return value


#: A sentence of a report, to be repeated without an end.
#: The sample corpus, as texts.
_PAGES = Path(__file__).resolve().parents[2] / "corpus"
_CLAUSE = (
    "vitamin D 800 IU daily for 12 weeks lowered the risk of falls in 120 of 1,200 women (RR 0.84, 95% CI 0.70 to 0.94; P = 0.006)"
    " versus placebo (n = 60) and metformin-treated patients with type 2 diabetes had a mean (SD) of 12.3 (4.5) mg/dL, "
)


def _endless() -> str:
    """Return the sample pages as one sentence: words that patterns look for, and no end of it."""
    pages = [path.read_text(encoding="utf-8") for path in sorted(_PAGES.glob("*.txt"))]
    return re.sub(r"\s+", " ", re.sub(r"[.;:!?|#]+(?=\s)", ",", " ".join(pages)))


def documents() -> dict[str, str]:
    """Return hostile documents by name: nothing in them ends where prose would."""
    words = "vitamin supplementation of participants with osteoporosis and " * 80
    cell = "Mean (SD) change of systolic blood pressure from baseline, n (%) " * 70
    long = _CLAUSE * 17
    report = f"Background: {_CLAUSE}.\n\nMethods: {_CLAUSE}.\n\nResults: {_CLAUSE}"
    return {
        "sentence.txt": f"A trial of {words}\n\nResults: {long}",
        "names.txt": f"A title\n\nResults: {words} lowered {words} (RR 0.8). Patients should take {words} 800 IU daily.",
        "words.txt": f"A title\n\n{'vitamin-' * 700} {'a' * 6000} {'1,2.3-' * 900} RR 0.84",
        "gaps.txt": f"A title\n\nResults:{' ' * 6000}RR{' ' * 6000}0.84{' , ' * 2000}(n = 12)",
        "table.md": f"# {words}\n\n| {cell} | Vitamin D (n = 60) | Placebo (n = 61) |\n|---|---|---|\n"
        f"| {cell} | {'12.3 (4.5) ' * 40} | {cell[:400]} |\n",
        "table.html": f"<h1>{words}</h1><p>{report}</p><table><caption>{cell}</caption><tr><th>{cell}</th><th>{words}</th></tr>"
        f"<tr><td>{words}</td><td>12 (24.0)</td></tr></table><p><b>{words}</b></p>",
        "article.nxml": f"<article><front><article-meta><title-group><article-title>{words}</article-title></title-group></article-meta>"
        f"</front><body><sec><title>{words}</title><p>{report}.</p></sec></body></article>",
        "export.ris": f"TY  - JOUR\nTI  - {words}\nAU  - {words}\nPY  - 2020\nAB  - {report}\nKW  - {words}\nER  - \n",
        "endless.txt": f"A title\n\nResults: {_endless()}",
        "abstract.txt": f"1. J Test. 2000 Jan;1(1):1-2.\n\n{words}\n\nSmith J(1), {words}.\n\n{report}.\n\nPMID: 1\n",
    }  # fmt: skip


def extract_all(texts: dict[str, str]) -> None:
    """Read documents and extract their records as a build does."""
    from kg.extract import Extractor
    from kg.readers import read_bytes

    extract = Extractor(model="fast")
    for name, text in texts.items():
        extract(read_bytes(text.encode(), name))


def main() -> None:
    """Print what each pattern was shown, the longest first."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--only", default="")
    told = words.parse_args()
    with watching() as shown:
        extract_all(documents())
    rows = []
    for found in collect():
        seen = shown.get((found.pattern.pattern, found.pattern.flags))
        if told.only in found.where and seen is not None:
            rows.append((seen.longest, within(found) or 0, found.where))
    for longest, claim, where in sorted(rows, reverse=True):
        print(f"{longest:8} {claim or '':6} {where}")


if __name__ == "__main__":
    main()
