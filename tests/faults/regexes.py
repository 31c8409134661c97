"""Every regular expression of the package against strings made from its own parse tree.

A pattern is slow where it may repeat something in many ways before it fails. So for each repetition
in it a string is made that reaches the repetition, goes through it many times and then fails:
``prefix + pump * k + stop``. Going through 1 MB of it for all matches must end within seconds.

Patterns at the door (:data:`AT_THE_DOOR`) get the string as it is. All others see text that a reader
made, whose gaps and words are bounded (:mod:`kg.readers.bounds`), and get it with these bounds.

    python -m tests.faults.regexes              # strings of 1 MB, all patterns, some 5 minutes
    python -m tests.faults.regexes --length 20000 --seconds 0.2 --only kg.assembly
"""

from __future__ import annotations

import argparse
import ast
import importlib
import itertools
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

import kg
from kg.readers.bounds import bound_text

PACKAGE = Path(kg.__path__[0])
_FUNCTIONS = frozenset(
    {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
)
_ANCHORED = frozenset({"match", "fullmatch", "pattern"})
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
#: Longest repetition that is not attacked: at most this many ways a start.
_SHORT = 12
_PUMPS = 3  # samples of a repetition's body that are tried
_SECONDS = 10.0  # CPU time that one search may take
_FIRST = (2000, 16_000)  # characters tried before the whole length: what explodes does so here
_KEPT = (8, 1)  # kinds of string that are tried at the next length
_SHOWN = 10  # slowest patterns that are printed though they withstand
#: Patterns whose callers show them so many characters and no more.
WITHIN = {
    "kg.assembly.arm_sizes.": 110,  # _REACH on both sides of a name
    "kg.assembly.constructions.FRAMES": 1000,  # _REACH before a number
    "kg.assembly.constructions._REDUCES": 1000,
    "kg.assembly.participant_features.": 8000,  # a clause
    "kg.assembly.settings._FOUND": 40,
    "kg.assembly.side_words.": 1500,  # _REACH of sides: the longest sentence that is looked at
    "kg.assembly.table_cells.": 120,  # _LONGEST; what column heads say is as short
    "kg.assembly.table_grid._STATISTIC": 120,
    "kg.readers.layout._HEADING_TAIL": 40,
    "kg.readers.labels._WHOLE": 90,
    "kg.readers.labels._MARKED": 160,
    "kg.readers.labels._SPACED": 160,
    "kg.readers.labels._GLUED": 160,
    "kg.reference._DOI_": 1000,  # _LONGEST_DOI
    "kg.outcomes.": 4000,  # labels: parts of a sentence
    "kg.combinations.": 4000,
    "kg.terminology.phrases.": 4000,
    "kg.assembly.recommendations.": 4000,  # sentences
}  # fmt: skip
#: Tables of patterns that are only tried at the start of a text.
MATCHED = ("kg.readers.regions.HEADINGS", "kg.readers.regions.OPENINGS")
#: Where text arrives as it is in a file or on a command line, partly in the build's own process.
AT_THE_DOOR = (
    "kg.readers.", "kg.sources", "kg.sparql", "kg.queries", "kg.reference", "kg.cli.", "kg.remote.",
    "kg.terminology.sources",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern, where it stands, and whether it is only ever tried at the start of a text."""

    where: str
    pattern: re.Pattern[str]
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class Worst:
    """The attack that took a pattern longest, and how long it took at what length."""

    found: Found
    text: str
    length: int
    seconds: float

    def __str__(self) -> str:
        pattern = " ".join(self.found.pattern.pattern.split())
        shown = pattern if len(pattern) <= 110 else f"{pattern[:107]}..."
        return (
            f"{self.found.where}: {self.seconds:.2f} s at {self.length} characters"
            f" on {self.text!r}: {shown}"
        )


@cache
@cache
def collect() -> tuple[Found, ...]:
    """Return the text patterns of all modules: objects they hold, and calls in their source."""
    found: dict[tuple[str, int], Found] = {}
    used: dict[tuple[str, int], set[str]] = {}
    calls: dict[str, list[tuple[int, str, re.Pattern[str]]]] = {}
    for module in modules():
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        named = any(isinstance(value, re.Pattern) for value in vars(module).values())
        nodes = list(ast.walk(ast.parse(source))) if named or "import re\n" in source else []
        for key, method in _uses(module, nodes):
            used.setdefault(key, set()).add(method)
        calls[module.__name__] = list(_calls(module, nodes))

    def add(where: str, pattern: object, methods: set[str]) -> None:
        if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
            anchored = bool(methods) and methods <= _ANCHORED
            key = (pattern.pattern, pattern.flags)
            if "compile" in methods and key in found:
                return  # it has a name, by which its uses are known
            if key not in found or (found[key].anchored and not anchored):
                found[key] = Found(where, pattern, anchored)

    for module in modules():
        for name, value in vars(module).items():
            for pattern in _patterns_in(value, module.__name__, set()):
                methods = used.get((pattern.pattern, pattern.flags), set())
                where = f"{module.__name__}.{name}"
                if not isinstance(value, re.Pattern):
                    methods = methods | {"match" if where in MATCHED else ""}
                add(where, pattern, methods)
        for line, method, pattern in calls[module.__name__]:
            add(f"{module.__name__}:{line}", pattern, {method})
    return tuple(sorted(found.values(), key=lambda item: (item.where, item.pattern.pattern)))


def _uses(module: ModuleType, nodes: list[ast.AST]) -> Iterator[tuple[tuple[str, int], str]]:
    """Yield the patterns that a module names with the methods by which they are used; "" for any other use."""
    known = {
        name: (value.pattern, value.flags)
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }
    called = set()
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            called.add(id(node.value))
            if node.value.id in known:
                yield known[node.value.id], node.attr
    for node in nodes:
        loaded = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        if loaded and node.id in known and id(node) not in called:
            yield known[node.id], ""


def modules() -> Iterator[ModuleType]:
    """Import and yield every module of the package."""
    for info in pkgutil.walk_packages([str(PACKAGE)], "kg."):
        yield importlib.import_module(info.name)


def _patterns_in(
    value: Any, module: str, seen: set[int], depth: int = 0
) -> Iterator[re.Pattern[Any]]:
    if id(value) in seen or depth > 6:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for item in itertools.chain(value.keys(), value.values()):
            yield from _patterns_in(item, module, seen, depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _patterns_in(item, module, seen, depth + 1)
    elif isinstance(value, type):
        if value.__module__ == module:
            for item in vars(value).values():
                yield from _patterns_in(item, module, seen, depth + 1)
    elif type(value).__module__.startswith("kg."):
        names = [*getattr(value, "__dict__", {}), *getattr(type(value), "__slots__", ())]
        for name in names:
            yield from _patterns_in(getattr(value, name, None), module, seen, depth + 1)


def _calls(module: ModuleType, nodes: list[ast.AST]) -> Iterator[tuple[int, str, re.Pattern[str]]]:
    """Yield the patterns that a module writes in its calls of ``re``: line, function, pattern."""
    for node in nodes:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        of = node.func.value
        if not isinstance(of, ast.Name) or of.id != "re" or node.func.attr not in _FUNCTIONS:
            continue
        flags = next((k.value for k in node.keywords if k.arg == "flags"), None)
        position = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(node.func.attr, 2)
        if flags is None and len(node.args) > position:
            flags = node.args[position]
        known = dict(vars(module))
        try:
            text = eval(ast.unparse(node.args[0]), known)
            number = 0 if flags is None else eval(ast.unparse(flags), known)
            if isinstance(text, str):
                yield node.lineno, node.func.attr, re.compile(text, number)
        except NameError:  # made of a function's own names: its compiled form is met elsewhere
            continue


# --- strings ------------------------------------------------------------------------------------


def attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (prefix, pump, stop) for each repetition of a pattern that may be long."""
    tree = parser.parse(
        pattern.pattern, pattern.flags & ~re.TEMPLATE if hasattr(re, "TEMPLATE") else pattern.flags
    )
    seen: set[tuple[str, str]] = set()
    for before, body, after in _repetitions(list(tree)):
        prefix = _sample(before, 0)
        pumps = dict.fromkeys(_sample(body, choice) for choice in range(_PUMPS))
        follow = _sample(after, 0)
        mixed = "".join(pumps)
        for pump in [*pumps, mixed]:
            if pump and (prefix, pump) not in seen:
                seen.add((prefix, pump))
                yield prefix, pump, "\x01"
        if follow and pumps:  # what follows, over and over, as the repetition's neighbour
            pump = next(iter(pumps)) + follow
            if (prefix, pump) not in seen:
                seen.add((prefix, pump))
                yield prefix, pump, "\x01"


def _repetitions(
    tree: list[Any], before: tuple[Any, ...] = ()
) -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
    """Yield each long repetition with what must stand before it and what follows."""
    for index, (op, value) in enumerate(tree):
        ahead = [*before, *tree[:index]]
        after = tree[index + 1 :]
        if op in _REPEATS:
            _, most, body = value
            if most is sre.MAXREPEAT or most > _SHORT:
                yield ahead, list(body), after
            yield from _repetitions(list(body), tuple(ahead))
        elif op is sre.BRANCH:
            for branch in value[1]:
                yield from _repetitions(list(branch), tuple(ahead))
        elif op is sre.SUBPATTERN:
            yield from _repetitions(list(value[3]), tuple(ahead))
        elif op is sre.ATOMIC_GROUP:
            yield from _repetitions(list(value), tuple(ahead))
        elif op is sre.ASSERT:
            yield from _repetitions(list(value[1]), tuple(ahead))


def _sample(tree: Any, choice: int) -> str:
    """Return a string that the tree matches, as far as can be told; `choice` varies it."""
    out = []
    for op, value in tree:
        if op is sre.LITERAL:
            out.append(chr(value))
        elif op is sre.NOT_LITERAL:
            out.append(_pick(lambda c, v=value: c != chr(v), choice))
        elif op is sre.ANY:
            out.append("a 1"[choice % 3])
        elif op is sre.IN:
            out.append(_member(value, choice))
        elif op is sre.BRANCH:
            branches = value[1]
            out.append(_sample(branches[choice % len(branches)], choice))
        elif op in _REPEATS:
            least, most, body = value
            count = max(least, min(1, most)) if choice != 1 else least
            out.append(_sample(body, choice) * min(count, 20))
        elif op is sre.SUBPATTERN:
            out.append(_sample(value[3], choice))
        elif op is sre.ATOMIC_GROUP:
            out.append(_sample(value, choice))
    return "".join(out)


_ALPHABET = "a1 .b-,(A\n\t;:/=<>%&'\"_*[]{}|#~^$@!?+)é–·…\u2009"


def _pick(fits: Callable[[str], bool], choice: int) -> str:
    good = [character for character in _ALPHABET if fits(character)]
    return good[choice % len(good)] if good else "a"


def _member(items: Any, choice: int) -> str:
    """Return a character of a set, by asking the engine about each of an alphabet."""
    own = [chr(v) for op, v in items if op is sre.LITERAL]
    own += [chr(v[0]) for op, v in items if op is sre.RANGE]
    negated = bool(items) and items[0][0] is sre.NEGATE
    if own and not negated and choice % 2 == 1:
        return own[choice // 2 % len(own)]
    return _pick(lambda c: _is_in(items, c), choice)


def _is_in(items: Any, character: str) -> bool:
    inside, negated = False, False
    for op, value in items:
        if op is sre.NEGATE:
            negated = True
        elif op is sre.LITERAL:
            inside = inside or ord(character) == value
        elif op is sre.RANGE:
            inside = inside or value[0] <= ord(character) <= value[1]
        elif op is sre.CATEGORY:
            inside = inside or _in_category(value, character)
    return inside is not negated


def _in_category(category: Any, character: str) -> bool:
    name = str(category).rsplit("_", 1)[-1].lower()
    inside = {
        "digit": character.isdecimal(),
        "space": character.isspace(),
        "word": character.isalnum() or character == "_",
    }[name]
    return inside is not ("_NOT_" in str(category))


# --- measuring ----------------------------------------------------------------------------------


class OutOfTime(Exception):
    """A search took longer than it may."""


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Stop what runs inside after that much CPU time; the engine looks for signals while it works."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def cost(found: Found, text: str, seconds: float = _SECONDS) -> float:
    """Return the CPU seconds of going through a text for all matches; at most about `seconds`."""
    start = time.process_time()
    try:
        with limit(seconds):
            if found.anchored:
                found.pattern.match(text)
            else:
                for _ in found.pattern.finditer(text):
                    pass
    except OutOfTime:
        return max(seconds, time.process_time() - start)
    return time.process_time() - start


def within(found: Found) -> int | None:
    """Return how many characters a pattern is shown at most; ``None``: a whole document."""
    return min((n for start, n in WITHIN.items() if found.where.startswith(start)), default=None)


def make_text(found: Found, prefix: str, pump: str, stop: str, length: int) -> str:
    """Return the string of an attack as the pattern may see it, about `length` characters long."""
    length = min(length, within(found) or length)
    text = prefix + pump * (length // len(pump)) + stop
    raw = found.where.startswith(AT_THE_DOOR)
    return text if raw or bound_text(text[: _FIRST[0]]) == text[: _FIRST[0]] else bound_text(text)


def withstand(found: Found, length: int, seconds: float = _SECONDS) -> Worst | None:
    """Return the attack that took a pattern longest, ``None`` for one that repeats nothing.

    All attacks are tried at 2,000 characters, those that took longest at more, and of these the ones that
    took longest there at the whole length. What is out of time ends the search.
    """
    tried = list(attacks(found.pattern))
    worst: Worst | None = None
    for size, kept in zip((*_FIRST, length), (*_KEPT, 0), strict=True):
        results = []
        for attack in tried:
            text = make_text(found, *attack, min(size, length))
            spent = cost(found, text, seconds)
            worst = Worst(found, _shown(attack), len(text), spent)
            if spent >= seconds:
                return worst
            results.append((spent, attack, worst))
        results.sort(key=lambda result: result[0], reverse=True)
        tried = [attack for _, attack, _ in results[:kept]]
        worst = results[0][2] if results else None
    return worst


def _shown(attack: tuple[str, str, str]) -> str:
    return f"{attack[0][:40]}({attack[1][:40]})*"


def main() -> int:
    """Attack all patterns and print those that do not withstand."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--length", type=int, default=1_000_000)
    words.add_argument("--seconds", type=float, default=_SECONDS)
    words.add_argument("--only", default="", help="those whose module's name holds this")
    words.add_argument("--part", default="1/1", help="the second of three parts is 2/3")
    told = words.parse_args()
    part, parts = map(int, told.part.split("/"))
    found = [item for item in collect() if told.only in item.where][part - 1 :: parts]
    strings = 0
    slow, withstood = [], []
    for item in found:
        strings += sum(1 for _ in attacks(item.pattern))
        worst = withstand(item, told.length, told.seconds)
        if worst is None:
            continue
        if worst.seconds >= told.seconds:
            slow.append(worst)
            print(worst, flush=True)
        else:
            withstood.append(worst)
    print(
        f"{len(found)} patterns, {strings} kinds of string, {told.length} characters, {len(slow)} slow;"
        f" {time.process_time():.0f} s of CPU time"
    )
    for worst in sorted(withstood, key=lambda worst: worst.seconds, reverse=True)[:_SHOWN]:
        print(f"  {worst}")
    return bool(slow)


if __name__ == "__main__":
    sys.exit(main())
