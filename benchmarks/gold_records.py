"""Records made of annotated pages, so that checks can be judged apart from the extraction."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from kg.records import Document, Effect, Measure, Outcome, Printed, Record, Span, Study

Json = dict[str, Any]
_MEASURES = {
    "percentage": "percent",
    "percent change": "percent_change",
    "fold change": "fold_change",
}
_DIRECTIONS: dict[str, Any] = {
    "increase": "increase",
    "decrease": "decrease",
    "no difference": "no_difference",
}
_NUMBER = re.compile(r"[-−–?]?\s?\d+(?:[.·‧∙]\d+)?(?!\d)|[-−–]?[.·]\d+")


_P_BEFORE = re.compile(r"[Pp]\W{0,4}(?:values?\W{0,3})?[<>=≤≥]?\s?$")


def read_gold(files: list[Path], texts: Path) -> Iterator[tuple[Record, list[Json]]]:
    """Yield the record that each annotated page makes, with the page's oddities."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            source = texts / page["doc"]
            text = source.read_bytes().decode("utf-8", "replace")
            oddities = [
                odd if isinstance(odd, dict) else {"quote": "", "problem": odd}
                for study in page["studies"]
                for odd in study.get("oddities", ())
            ]
            yield to_record(page, source.name, text), oddities


def to_record(page: Json, name: str, text: str) -> Record:
    """Return the record of an annotated page; an effect whose quote is not found is left out."""
    sha = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Record(
        document=Document(id=f"doc-{sha[:12]}", path=name, sha256=sha, format="text", text=text),
        studies=tuple(_study(study, k, text) for k, study in enumerate(page["studies"])),
    )


def _study(study: Json, k: int, text: str) -> Study:
    outcomes = {o["id"]: Outcome(id=f"{k}-{o['id']}", label=o.get("name") or o.get("text", "?")) for o in study.get("outcomes", ())}  # fmt: skip
    effects = [
        made
        for n, effect in enumerate(study.get("effects", ()))
        if (made := _effect(effect, f"{k}-{n}", text, outcomes)) is not None
    ]
    return Study(
        id=f"study-{k}", label=study.get("title") or study["id"], design=_design(study.get("design")),
        n_studies=_whole(study.get("n_studies")), n_participants=_whole(study.get("sample_size")),
        outcomes=tuple(outcomes.values()), effects=tuple(effects),
    )  # fmt: skip


def _design(name: str | None) -> Any:
    from kg.records import Design

    return name if name in get_args(Design) else "other"


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _effect(effect: Json, name: str, text: str, outcomes: dict[str, Outcome]) -> Effect | None:
    quote = effect.get("quote") or ""
    at = text.find(quote)
    if not quote or at < 0:
        return None
    numbers = {n: effect.get(n) for n in ("value", "ci_low", "ci_high")}
    p = _p(effect.get("p"))
    if p is not None:
        numbers["p"] = p[1]
    place, printed = _locate(quote, numbers, "" if p is None else p[0])
    start = max(text.rfind(". ", 0, at) + 2, text.rfind("\n", 0, at) + 1)
    stop = re.compile(r"[.](?=\s)|\n|$").search(text, at + len(quote) - 1)
    end = stop.end() if stop is not None else at + len(quote)
    measure: Any = _MEASURES.get(effect["measure"], effect["measure"])
    if measure not in get_args(Measure):
        measure = "direction_only"
    outcome = outcomes.get(effect.get("outcome") or "")
    return Effect(
        id=f"effect-{name}", measure=measure, value=numbers["value"], ci_low=numbers["ci_low"], ci_high=numbers["ci_high"],
        ci_level=effect.get("ci_level"), p_operator=None if p is None else p[0], p_value=None if p is None else p[1],
        printed=Printed(**printed), sd=effect.get("sd"), unit=effect.get("unit"), n=_whole(effect.get("n")),
        events=_whole(effect.get("count")), total=_whole(effect.get("denominator")),
        outcome=None if outcome is None else outcome.id,
        direction=_DIRECTIONS.get(effect.get("direction") or "", "unclear"),
        evidence=(_span(text, start, end), _span(text, at + place[0], at + place[1])),
    )  # fmt: skip


def _span(text: str, start: int, end: int) -> Span:
    return Span(start_char=start, end_char=end, text=text[start:end])


def _p(printed: Any) -> tuple[Any, float] | None:
    found = re.fullmatch(r"([<>=≤≥]*)\s?0?[.·,]?(\d*)", str(printed or "").strip())
    digits = re.search(r"\d*[.·,]?\d+", str(printed or ""))
    if printed is None or digits is None or (found is None and str(printed)[0] not in "<>=≤≥.0123456789"):  # fmt: skip
        return None
    operator = {"<": "<", ">": ">", "≤": "<=", "≥": ">="}.get(str(printed)[0], "=")
    value = float(re.sub("[·,]", ".", digits[0]))
    return (operator, value) if 0 <= value <= 1 else None


def _locate(quote: str, numbers: Json, operator: str) -> tuple[tuple[int, int], dict[str, str]]:
    """Return where the number expression stands in a quote, and each number as it is printed there.

    Of all places where the first number stands, the one is taken that has most of the others behind
    it, and then the shortest.
    """
    names = [n for n in ("value", "ci_low", "ci_high", "p") if numbers.get(n) is not None]
    found = list(_NUMBER.finditer(quote))
    best: list[tuple[str, re.Match[str]]] = []
    for first in range(len(found)):
        chain: list[tuple[str, re.Match[str]]] = []
        for name in names:
            after = chain[-1][1].end() if chain else found[first].start()
            fitting = (
                m for m in found
                if m.start() >= after and _is(m[0], numbers[name])
                and (name != "p" or _is_p(quote[: m.start()], operator))
            )  # fmt: skip
            match = next(fitting, None)
            if match is not None and (not chain or match.start() - chain[0][1].start() < 120):
                chain.append((name, match))
        if (len(chain), -_length(chain)) > (len(best), -_length(best)):
            best = chain
    if not best:
        return (0, len(quote)), {}
    printed = {}
    for name, match in best:
        digits = match[0].strip()
        printed[name] = digits.lstrip("-−–") if numbers[name] >= 0 else digits
    start, end = best[0][1].start(), best[-1][1].end()
    label = re.search(r"(?:\b(?!vs)[A-Za-z]{1,4}\s?[=:,]?\s?)?[<>=≤≥]?\s?$", quote[:start])
    tail = re.match(r"\s?[%)\]]*(?:/\d+)?", quote[end:])
    return (start - len(label[0] if label else ""), end + len(tail[0] if tail else "")), printed


def _length(chain: list[tuple[str, re.Match[str]]]) -> int:
    return chain[-1][1].end() - chain[0][1].start() if chain else 0


def _is_p(before: str, operator: str) -> bool:
    """Tell whether a number after these words is a p value with this operator."""
    sign = before.rstrip()[-1:]
    return _P_BEFORE.search(before) is not None and (operator in "<>") == (sign in "<>") and (operator not in "<>" or sign == operator)  # fmt: skip


def _is(printed: str, wanted: float) -> bool:
    digits = re.sub(r"[^\d.]", "", printed.replace("·", ".").replace("‧", ".").replace("∙", "."))
    try:
        return abs(float(digits) - abs(wanted)) < 1e-9
    except ValueError:
        return False
