"""How well the number grammar reads the numbers of annotated pages, by value.

    python benchmarks/numbers_on_silver.py SHARED [--set gold|silver|all] [--misses N] [--extra N]

``SHARED`` is the folder with ``corpora/``. Only the grammar is measured: markup is blanked out
character for character, and a reading counts where an annotated quote holds it. Prints one JSON
object; `--misses` and `--extra` list values that were not found, and values found inside quotes
that nobody annotated.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.numbers.estimates import find_statistics
from kg.numbers.statistic import Statistic

_MARKUP = re.compile(
    r"</?[a-zA-Z][^<>]{0,300}>|\*\*|__|(?<=\])\((?=[^)\s]{0,20}%20)[^\n]{0,300}?(?<!%20)\)(?=[\s,;.)*<]|$)|~~"
)
_NAMES = {
    "percentage": "percent", "percent change": "percent_change", "fold change": "fold_change",
    "fold": "fold_change", "WMD": "MD", "rho": "r",
}  # fmt: skip


def blank_markup(text: str) -> str:
    """Return `text` with tags, emphasis and self-links as blanks, of equal length."""
    return _MARKUP.sub(lambda m: " " * len(m[0]), text)


def pages(shared: Path, which: str) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Yield name, text and annotated effects of each page."""
    corpora = shared / "corpora"
    sources: list[tuple[Path, list[Path]]] = []
    if which in {"gold", "all"}:
        sources += [(corpora / n, [corpora / n / "gold.jsonl"]) for n in ("seeds", "vitamindwiki")]
    if which in {"silver", "all"}:
        sources.append(
            (corpora / "silver/docs", sorted((corpora / "silver").glob("annotations-*.jsonl")))
        )
    for folder, files in sources:
        for file in files:
            for line in file.read_text(encoding="utf-8").splitlines():
                page = json.loads(line)
                text = (folder / page["doc"]).read_bytes().decode("utf-8", "replace")
                effects = [e for study in page["studies"] for e in study.get("effects", [])]
                yield page["doc"], text, effects


def occurrences(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield every place of `quote` in `text`."""
    at = text.find(quote)
    while at >= 0:
        yield at, at + len(quote)
        at = text.find(quote, at + 1)


def equal(one: object, two: object) -> bool:
    """Whether two numbers, or two absences, are the same."""
    if one is None or two is None:
        return one is None and two is None
    return math.isclose(float(str(one)), float(str(two)), rel_tol=1e-6, abs_tol=1e-9)


def annotated_p(effect: dict[str, Any]) -> float | None:
    """Return the annotated p as a number."""
    text = (effect.get("p") or "").replace(" ", "").replace("·", ".").replace(",", ".")
    match = re.search(r"(?:0?\.\d+|\d+(?:\.\d+)?)(?:[eE]-?\d+)?", text)
    return float(match[0]) if match else None


def p_alone(statistics: list[Statistic], spans: list[tuple[int, int]], p: float) -> bool:
    """Whether some reading inside the spans has this p value."""
    return any(
        equal(s.p_value, p) and any(a <= (s.p_start or 0) < b for a, b in spans) for s in statistics
    )


def measure_pages(shared: Path, which: str) -> tuple[dict[str, Any], list[str], list[str]]:
    """Return the figures, the misses and the extra readings."""
    count: Counter[str] = Counter()
    misses: list[str] = []
    extras: list[str] = []
    for name, text, effects in pages(shared, which):
        statistics, _ = find_statistics(blank_markup(text))
        used: set[int] = set()
        regions: list[tuple[int, int]] = []
        for effect in effects:
            quotes = [effect.get("quote") or ""]
            spans = [span for q in quotes if q for span in occurrences(text, q)]
            if not effect.get("table"):
                regions += spans
            p = annotated_p(effect)
            value = effect.get("value")
            if value is None:
                if p is not None:
                    count["p_alone"] += 1
                    count["p_alone_hit"] += p_alone(statistics, spans, p)
                continue
            if effect.get("table"):
                continue
            count["values"] += 1
            inside = [
                n for n, s in enumerate(statistics)
                if n not in used and equal(s.value, value)
                and any(a <= (s.value_start or 0) and (s.value_end or 0) <= b for a, b in spans)
            ]  # fmt: skip
            wanted = _NAMES.get(effect["measure"], effect["measure"])
            inside.sort(key=lambda n, w=wanted, e=effect, q=p: -(
                4 * equal(statistics[n].ci_low, e.get("ci_low")) + 2 * equal(statistics[n].p_value, q)
                + 3 * (_NAMES.get(statistics[n].measure or "", statistics[n].measure) == w)
            ))  # type: ignore[misc]  # fmt: skip
            if not inside:
                near = any(
                    s.value is not None
                    and equal(abs(s.value), abs(value))
                    and any(a <= (s.value_start or 0) < b for a, b in spans)
                    for s in statistics
                )
                twice = any(
                    equal(s.value, value) and any(a <= (s.value_start or 0) < b for a, b in spans)
                    for s in statistics
                )
                count["twice"] += twice
                count["sign"] += near and not twice
                count["zero"] += value == 0 and not near
                count["counts"] += effect["measure"] == "count" and value != 0 and not near
                mark = "SIGN of " if near and not twice else ""
                misses.append(
                    f"{name}\t{mark}{effect['measure']} {value}\t{(effect.get('quote') or '')[:300]!r}"
                )
                continue
            used.add(inside[0])
            s = statistics[inside[0]]
            count["hit"] += 1
            measure = _NAMES.get(s.measure or "", s.measure)
            count["measure"] += 1
            good = measure == wanted or (measure is None and wanted in {"mean", "median"})
            count["measure_hit"] += good
            if not good:
                misses.append(
                    f"{name}\tMEASURE {measure} for {wanted} {value}\t{(effect.get('quote') or '')[:260]!r}"
                )
            if effect.get("ci_low") is not None:
                count["interval"] += 1
                good = equal(s.ci_low, effect["ci_low"]) and equal(s.ci_high, effect["ci_high"])
                count["interval_hit"] += good
                if not good:
                    misses.append(
                        f"{name}\tCI {s.ci_low}..{s.ci_high} for {effect['ci_low']}..{effect['ci_high']}\t{(effect.get('quote') or '')[:260]!r}"
                    )
            elif s.ci_low is not None:
                count["interval_invented"] += 1
                misses.append(
                    f"{name}\tCI INVENTED {s.value} {s.ci_low}..{s.ci_high}\t{(effect.get('quote') or '')[:260]!r}"
                )
            if p is not None:
                count["p"] += 1
                count["p_hit"] += equal(s.p_value, p)
                if not equal(s.p_value, p):
                    misses.append(
                        f"{name}\tP {s.p_value} for {p} at {value}\t{(effect.get('quote') or '')[:300]!r}"
                    )
            elif s.p_value is not None:
                count["p_invented"] += 1
                misses.append(
                    f"{name}\tP INVENTED {s.p_value} at {value}\t{(effect.get('quote') or '')[:300]!r}"
                )
            if effect.get("sd") is not None:
                count["sd"] += 1
                count["sd_hit"] += equal(s.sd, effect["sd"]) or equal(s.se, effect["sd"])
        for n, s in enumerate(statistics):
            if (
                s.value is None
                or s.comparator_bound
                or not any(
                    a <= (s.value_start or 0) and (s.value_end or 0) <= b for a, b in regions
                )
            ):
                continue
            count["inside"] += 1
            count["inside_hit"] += n in used
            if n not in used:
                around = text[max(0, s.start_char - 70) : s.end_char + 50].replace("\n", " ")
                extras.append(f"{name}\t{s.measure} {s.value} {s.unit or ''}\t{around!r}")

    def rate(part: str, whole: str) -> float | None:
        return round(count[part] / count[whole], 4) if count[whole] else None

    figures = {
        "values": count["values"], "value_recall": rate("hit", "values"),
        "missed_by_sign_only": count["sign"], "printed_once_annotated_twice": count["twice"], "missed_none_in_words": count["zero"], "missed_counts": count["counts"],
        "precision_in_quotes": rate("inside_hit", "inside"), "inside": count["inside"],
        "measure_ok": rate("measure_hit", "measure"), "interval_ok": rate("interval_hit", "interval"),
        "interval_invented": count["interval_invented"], "p_ok": rate("p_hit", "p"),
        "p_invented": count["p_invented"], "p_alone_recall": rate("p_alone_hit", "p_alone"),
        "sd_ok": rate("sd_hit", "sd"),
    }  # fmt: skip
    return figures, misses, extras


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--set", choices=["gold", "silver", "all"], default="all")
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("--extra", type=int, default=0)
    options = parser.parse_args()
    figures, misses, extras = measure_pages(options.shared, options.set)
    print(json.dumps(figures, indent=1))
    for line in misses[: options.misses]:
        print("MISS\t" + line)
    for line in extras[: options.extra]:
        print("EXTRA\t" + line)


if __name__ == "__main__":
    main()
