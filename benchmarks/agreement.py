"""Pooled results beside those that others have published for the same studies.

``python -m benchmarks.agreement`` prints the table; ``--write`` puts it into docs/pooling.md. Exit code 1 if a
figure differs in the digits that were printed.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kg.statistics.bias import egger
from kg.statistics.estimate import Estimate
from kg.statistics.pooling import Pooled
from kg.statistics.two_groups import compare_means
from kg.synthesis.analysis import Model, Synthesis, synthesize
from kg.synthesis.contributions import Contribution, estimates_of
from kg.synthesis.study_table import read_studies

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDER = REPOSITORY / "docs" / "pooling"
PAGE = REPOSITORY / "docs" / "pooling.md"
_START, _END = "<!-- agreement -->\n", "<!-- /agreement -->"
_METAFOR = "metafor 4.7, examples"
_METAN = "Stata metan, in metafor's tests"

Figure = Callable[[Synthesis], float]


@dataclass(frozen=True, slots=True)
class Row:
    """A set and a model, with each published figure as it was printed."""

    name: str
    table: str
    measure: str
    model: Model
    published: tuple[tuple[str, str], ...]
    source: str
    chosen: tuple[int, ...] = ()


def _bound(index: int, log: bool) -> Figure:
    def read(found: Synthesis) -> float:
        value = (found.pooled.low, found.pooled.high)[index]
        return math.log(value) if log else value

    return read


def _prediction(index: int) -> Figure:
    def read(found: Synthesis) -> float:
        assert found.pooled.prediction is not None
        return found.pooled.prediction[index]

    return read


def _pooled(read: Callable[[Pooled], float]) -> Figure:
    return lambda found: read(found.pooled)


FIGURES: dict[str, Figure] = {
    "estimate": _pooled(lambda p: p.value), "low": _bound(0, False), "high": _bound(1, False),
    "log": _pooled(lambda p: p.point), "log low": _bound(0, True), "log high": _bound(1, True),
    "SE": _pooled(lambda p: p.error), "z": _pooled(lambda p: p.statistic), "t": _pooled(lambda p: p.statistic),
    "p": _pooled(lambda p: p.p), "Q": _pooled(lambda p: p.heterogeneity.q),
    "I²": _pooled(lambda p: p.heterogeneity.i2), "τ²": _pooled(lambda p: p.heterogeneity.tau2),
    "τ": _pooled(lambda p: math.sqrt(p.heterogeneity.tau2)), "PI low": _prediction(0), "PI high": _prediction(1),
    "Egger t": lambda found: egger(estimates_of(found.contributions)).t,
    "Egger p": lambda found: egger(estimates_of(found.contributions)).p,
    "limit": lambda found: egger(estimates_of(found.contributions)).limit,
}  # fmt: skip


def _row(
    name: str,
    table: str,
    measure: str,
    model: Model,
    told: str,
    source: str,
    chosen: tuple[int, ...] = (),
) -> Row:
    pairs = tuple(tuple(part.strip().rsplit(" ", 1)) for part in told.split(","))
    return Row(name, table, measure, model, pairs, source, chosen)  # type: ignore[arg-type]


ROWS = (
    _row("BCG vaccine", "bcg", "RR", Model("IV"), "log -0.4303, log low -0.5097, log high -0.3509, z -10.6247, Q 152.2330", _METAN),
    _row("BCG vaccine", "bcg", "RR", Model("DL"), "log -0.7141, log low -1.0644, log high -0.3638, z -3.9952, τ² 0.3088, I² 92.12", _METAN),
    _row("BCG vaccine", "bcg", "RR", Model("REML"), "estimate 0.4894, low 0.3441, high 0.6962, z -3.9744, τ² 0.3132, I² 92.22", _METAFOR),
    _row("BCG vaccine", "bcg", "RR", Model("REML", True), "log -0.7145, SE 0.1808, t -3.9522, p 0.0019, low 0.33, high 0.73, PI low 0.14, PI high 1.76", _METAFOR),
    _row("BCG vaccine", "bcg", "RR", Model("MH"), "log -0.4537, log low -0.5308, log high -0.3766, z -11.5338, Q 152.5676", _METAN),
    _row("BCG vaccine", "bcg", "OR", Model("DL"), "log -0.7474, log low -1.1242, log high -0.3706, z -3.8873, τ² 0.3663, I² 92.65", _METAN),
    _row("BCG vaccine", "bcg", "OR", Model("MH"), "log -0.4734, log low -0.5538, log high -0.3930, Q 163.9426", _METAN),
    _row("BCG vaccine", "bcg", "OR", Model("Peto"), "log -0.4744, log low -0.5541, log high -0.3948, z -11.6689, Q 167.7302", _METAN),
    _row("BCG vaccine", "bcg", "RD", Model("DL"), "estimate -0.0071, low -0.0101, high -0.0040, z -4.5128", _METAN),
    _row("Magnesium, trials 1–7", "magnesium", "OR", Model("Peto"), "log -0.80, SE 0.24, estimate 0.45, low 0.28, high 0.71, Q 7.61, I² 21.13", "metadat 1.1, as in Teo 1991", tuple(range(7))),
    _row("Magnesium, with LIMIT-2", "magnesium", "OR", Model("Peto"), "log -0.44, estimate 0.65, low 0.51, high 0.82, Q 10.89, I² 35.71", "metadat 1.1, as in Yusuf 1993", (*range(7), 13)),
    _row("Magnesium, without ISIS-4", "magnesium", "OR", Model("Peto"), "log -0.60, estimate 0.55, low 0.44, high 0.68, Q 21.99, I² 36.34", "metadat 1.1", tuple(range(15))),
    _row("Magnesium, all", "magnesium", "OR", Model("Peto"), "log 0.01, estimate 1.01, low 0.95, high 1.07, Q 55.80, I² 73.12", "metadat 1.1"),
    _row("Magnesium, without ISIS-4", "magnesium", "OR", Model("REML"), "Egger t -3.1783, Egger p 0.0073, limit -0.1512", _METAFOR, tuple(range(15))),
    _row("Aspirin after infarction", "aspirin-infarction", "OR", Model("MH"), "estimate 0.8969, low 0.8405, high 0.9570, z -3.29, I² 39.7", "meta 8.5, Fleiss1993bin"),
    _row("Aspirin after infarction", "aspirin-infarction", "OR", Model("DL"), "estimate 0.8763, low 0.7743, high 0.9917, z -2.09, τ² 0.0096, Q 9.95", "meta 8.5, Fleiss1993bin"),
    _row("Aspirin in pregnancy (CLASP)", "aspirin-pregnancy", "OR", Model("PM"), "τ 0.3681, log -0.3811, SE 0.2060", "DerSimonian & Kacker 2007"),
    _row("Aspirin in pregnancy (CLASP)", "aspirin-pregnancy", "OR", Model("DL"), "τ 0.2323, log -0.3240, SE 0.1540", "DerSimonian & Kacker 2007"),
    _row("Aspirin in pregnancy (CLASP)", "aspirin-pregnancy", "OR", Model("REML"), "τ 0.1843, log -0.2980, SE 0.1343", "DerSimonian & Kacker 2007"),
    _row("Beta-blockers (short term)", "beta-blockers", "OR", Model("Peto"), "estimate 0.93, low 0.74, high 1.18", "Yusuf et al. 1985"),
    _row("Open education (Hedges & Olkin)", "open-education", "SMD", Model("DL"), "τ² 0.277, I² 80.44", "Viechtbauer 2005"),
    _row("Open education (Hedges & Olkin)", "open-education", "SMD", Model("REML"), "τ² 0.223, I² 76.84", "Viechtbauer 2005"),
    _row("Stay after stroke, pooled SDs", "stroke-stay", "MD", Model("IV"), "estimate -3.49, low -5.03, high -1.96", "Normand 1999"),
    _row("Stay after stroke, pooled SDs", "stroke-stay", "MD", Model("DL"), "estimate -14.10, low -24.45, high -3.75, τ² 218.72", "Normand 1999"),
    _row("Stay after stroke, pooled SDs", "stroke-stay", "MD", Model("REML"), "estimate -15.12, low -32.67, high 2.43, τ² 685.20", "Normand 1999"),
    _row("Lidocaine", "lidocaine", "RD", Model("DL"), "estimate 0.0294, low 0.004, high 0.055", "Normand 1999"),
)  # fmt: skip


def compute(row: Row) -> list[tuple[str, str, str]]:
    """Return name, published figure and ours, rounded to as many digits."""
    studies = read_studies(FOLDER / f"{row.table}.csv", row.measure)[0]
    if row.chosen:
        studies = [studies[index] for index in row.chosen]
    if row.table == "stroke-stay":
        studies = [Contribution(item.label, _one_sd(item)) for item in studies]
    found = synthesize(studies, row.measure, row.model)
    result = []
    for name, published in row.published:
        digits = len(published.partition(".")[2])
        result.append((name, published, f"{FIGURES[name](found):.{digits}f}"))
    return result


def _one_sd(item: Contribution) -> Estimate:
    assert item.means is not None
    return compare_means(item.means, "MD", pooled=True)


def table() -> tuple[str, int]:
    """Return the table in Markdown, and how many figures differ."""
    lines = [
        "| studies | measure | model | published = ours | by |",
        "| --- | --- | --- | --- | --- |",
    ]
    wrong = 0
    for row in ROWS:
        cells = []
        for name, published, ours in compute(row):
            wrong += published != ours
            told = (
                f"{name} {published}"
                if published == ours
                else f"**{name} {published}, here {ours}**"
            )
            cells.append(told.replace("-", "−"))
        model = row.model.method + (", Hartung-Knapp" if row.model.hartung_knapp else "")
        lines.append(
            f"| {row.name} | {row.measure} | {model} | {'; '.join(cells)} | {row.source} |"
        )
    return "\n".join(lines) + "\n", wrong


def main() -> int:
    """Print the table, or write it into the page."""
    text, wrong = table()
    figures = sum(len(row.published) for row in ROWS)
    text += f"\n{figures - wrong} of {figures} published figures agree in every printed digit.\n"
    if "--write" in sys.argv:
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(_START)
        _, _, after = rest.partition(_END)
        PAGE.write_text(before + _START + text + _END + after, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
