"""Simulated studies, analysed as is usual and printed with honest rounding."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import stats

from kg.records import Document, Effect, Outcome, Printed, Record, Span, Study


def make_record(
    sentence: str,
    effects: list[dict[str, Any]],
    study: dict[str, Any] | None = None,
    title: str | None = None,
    text: str | None = None,
) -> Record:
    """Return a record of one sentence; each effect names its own expression with ``number``."""
    text = text or sentence
    start = text.index(sentence)
    outcomes: dict[str, Outcome] = {}
    made = []
    for k, fields in enumerate(effects):
        fields = dict(fields)
        number = fields.pop("number")
        label = fields.pop("outcome", None)
        if label is not None:
            outcomes.setdefault(label, Outcome(id=f"outcome-{len(outcomes)}", label=label))
            fields["outcome"] = outcomes[label].id
        at = start + sentence.index(number)
        evidence = (
            Span(start_char=start, end_char=start + len(sentence), text=sentence),
            Span(start_char=at, end_char=at + len(number), text=number),
        )
        printed = fields.pop("printed", {})
        made.append(
            Effect(id=f"effect-{k}", evidence=evidence, printed=Printed(**printed), **fields)
        )
    own = {"id": "study-1", "label": "a study", "design": "randomized controlled trial"} | (
        study or {}
    )
    return Record(
        document=Document(
            id="doc-1", path="page.txt", sha256=hashlib.sha256(text.encode()).hexdigest(),
            format="text", text=text, title=title,
        ),
        studies=(Study(**own, outcomes=tuple(outcomes.values()), effects=tuple(made)),),
    )  # fmt: skip


def estimate(
    measure: str,
    value: str,
    low: str,
    high: str,
    p: str | None = None,
    template: str | None = None,
    **rest: Any,
) -> tuple[str, dict[str, Any]]:
    """Return a sentence that prints an estimate and the effect that a reader makes of it."""
    shown = f"{measure} {value} (95% CI {low} to {high}" + (f"; P {p})" if p else ")")
    fields: dict[str, Any] = {
        "number": shown, "measure": measure, "value": float(value), "ci_low": float(low), "ci_high": float(high),
        "ci_level": 95.0, "printed": {"value": value, "ci_low": low, "ci_high": high}, "outcome": "pain score",
    }  # fmt: skip
    if p is not None:
        operator = p[0] if p[0] in "<>=" else "="
        digits = p.lstrip("<>= ")
        fields |= {"p_operator": operator, "p_value": float(digits)}
        fields["printed"]["p"] = digits if operator == "=" else operator + digits
    sentence = (template or "The result was a difference with {shown}.").format(shown=shown)
    return sentence, fields | rest


def print_p(p: float, places: int) -> str:
    """Print a p value as reports do."""
    if p < 0.001:
        return "< 0.001" if places <= 3 else "< 0.0001" if p < 1e-4 else f"= {p:.4f}"
    if p < 0.5 * 10.0**-places:
        return f"< {10.0**-places:.{places}f}"
    return f"= {p:.{places}f}"


def simulate(rng: np.random.Generator) -> Iterator[Record]:
    """Yield one study of each kind."""
    yield _difference(rng)
    yield _ratio(rng)
    yield _synthesis(rng)
    yield _share(rng)
    yield _mean_of_counts(rng)
    yield _test(rng)
    yield _heterogeneity(rng)
    yield _percent_and_ratio(rng)
    yield _course(rng)
    yield _shares_and_ratio(rng)


def _difference(rng: np.random.Generator) -> Record:
    """Simulate two groups; their means compared by t, n told or not."""
    n = int(rng.choice([3, 4, 5, 8, 12, 20, 50, 200]))
    sd = float(10 ** rng.uniform(-1, 2))
    a, b = rng.normal(rng.normal(0, sd), sd, n), rng.normal(0, sd, n)
    test = stats.ttest_ind(a, b)
    low, high = test.confidence_interval(0.95)
    places = int(rng.integers(0, 4))
    told = {"n_participants": 2 * n} if rng.random() < 0.5 else {}
    measure = str(rng.choice(["MD", "SMD", "beta"]))
    names = {"MD": "mean difference", "SMD": "standardized mean difference", "beta": "coefficient"}
    value = float(a.mean() - b.mean())
    says = "significantly different" if test.pvalue < 0.05 else "not significantly different"
    if measure == "MD" and test.pvalue < 0.01:
        says = "significantly higher" if value > 0 else "significantly lower"
    sentence, fields = estimate(
        measure, f"{value:.{places}f}", f"{low:.{places}f}", f"{high:.{places}f}",
        print_p(float(test.pvalue), int(rng.integers(2, 5))),
        template=f"The groups were {says} ({names[measure]}, {{shown}}).",
    )  # fmt: skip
    return make_record(sentence, [fields], told)


def _ratio(rng: np.random.Generator) -> Record:
    """Simulate a Wald interval of a log ratio."""
    measure = str(rng.choice(["RR", "OR", "HR", "IRR"]))
    error = float(10 ** rng.uniform(-1.5, 0))
    log = float(rng.normal(0, 2 * error))
    places = int(rng.integers(1, 4))
    p = float(2 * stats.norm.sf(abs(log) / error))
    value, low, high = (math.exp(log + k * 1.959964 * error) for k in (0, -1, 1))
    sentence, fields = estimate(
        measure, f"{value:.{places}f}", f"{low:.{places}f}", f"{high:.{places}f}",
        print_p(p, int(rng.integers(2, 5))), template="Death was compared by {shown}.",
    )  # fmt: skip
    return make_record(sentence, [fields], {"n_participants": 500} if rng.random() < 0.5 else {})


def _synthesis(rng: np.random.Generator) -> Record:
    """Simulate a pooled estimate, with Hartung and Knapp's t interval half of the time."""
    k = int(rng.integers(3, 15))
    error = float(10 ** rng.uniform(-1.5, 0.5))
    value = float(rng.normal(0, 2 * error))
    distribution = stats.t(k - 1) if rng.random() < 0.5 else stats.norm()
    half = float(distribution.ppf(0.975)) * error
    p = float(2 * distribution.sf(abs(value) / error))
    places = int(rng.integers(1, 4))
    sentence, fields = estimate(
        "SMD", f"{value:.{places}f}", f"{value - half:.{places}f}", f"{value + half:.{places}f}",
        print_p(p, int(rng.integers(2, 5))), template="The pooled standardized difference was {shown}.",
    )  # fmt: skip
    return make_record(sentence, [fields], {"design": "meta-analysis", "n_studies": k})


def _share(rng: np.random.Generator) -> Record:
    total = int(rng.integers(2, 900))
    events = int(rng.integers(0, total + 1))
    places = int(rng.integers(0, 3))
    share = 100 * events / total
    digits = f"{share:.{places}f}"
    if rng.random() < 0.3:  # rounded down, as some do
        digits = f"{math.floor(share * 10**places) / 10**places:.{places}f}"
    number = f"{events}/{total} ({digits}%)"
    return make_record(
        f"Relief was seen in {number} of those treated.",
        [{"number": number, "measure": "percent", "value": float(digits), "events": events, "total": total,
          "printed": {"value": digits}, "outcome": "relief"}],
    )  # fmt: skip


def _mean_of_counts(rng: np.random.Generator) -> Record:
    n = int(rng.integers(2, 120))
    counts = rng.negative_binomial(rng.uniform(0.5, 5), 0.3, n)
    places = int(rng.integers(1, 4))
    digits, spread = f"{counts.mean():.{places}f}", f"{counts.std(ddof=1):.{places}f}"
    number = f"{digits} ± {spread} (n = {n})"
    return make_record(
        f"The number of attacks was {number} in all.",
        [{"number": number, "measure": "mean", "value": float(digits), "sd": float(spread), "n": n,
          "printed": {"value": digits}, "outcome": "number of attacks"}],
    )  # fmt: skip


def _test(rng: np.random.Generator) -> Record:
    kind = str(rng.choice(["t", "F", "chi2", "z", "r"]))
    df = int(rng.integers(1, 200))
    value, p, shown = 0.0, 1.0, ""
    match kind:
        case "t":
            value = float(stats.t(df).rvs(random_state=rng)) * 1.5
            p, shown = float(2 * stats.t(df).sf(abs(value))), f"t({df})"
        case "F":
            other = int(rng.integers(1, 6))
            value = float(stats.f(other, df).rvs(random_state=rng)) * 1.5
            p, shown = float(stats.f(other, df).sf(value)), f"F({other}, {df})"
        case "chi2":
            df = int(rng.integers(1, 9))
            value = float(stats.chi2(df).rvs(random_state=rng)) * 1.5
            p = float(stats.chi2(df).sf(value))
            shown = f"χ²({df})" if rng.random() < 0.7 else "χ²"
        case "z":
            value = float(rng.normal(0, 1.5))
            p, shown = float(2 * stats.norm.sf(abs(value))), "z"
        case _:
            df = max(3, df)
            value = float(np.tanh(rng.normal(0, 1.5 / math.sqrt(df))))
            p = float(2 * stats.t(df).sf(abs(value) * math.sqrt(df / (1 - value * value))))
            shown = f"r({df})"
    places = int(rng.integers(1, 4))
    printed = print_p(p, int(rng.integers(2, 5)))
    number = f"{shown} = {value:.{places}f}, p {printed}"
    digits = printed.split()[1]
    return make_record(
        f"The groups differed ({number}).",
        [{"number": number, "measure": "test_statistic", "value": None, "p_operator": printed[0],
          "p_value": float(digits), "printed": {"p": digits}, "outcome": "mood"}],
    )  # fmt: skip


def _heterogeneity(rng: np.random.Generator) -> Record:
    df = int(rng.integers(1, 30))
    q = float(stats.chi2(df).rvs(random_state=rng)) * float(rng.uniform(0.5, 3))
    i2 = 100 * max(0.0, 1 - df / q)
    number = f"RR 0.80 (95% CI 0.64 to 1.00); Q = {q:.2f}, df = {df}, I² = {i2:.{int(rng.integers(0, 2))}f}%"
    return make_record(
        f"Pooling gave {number}.",
        [{"number": number, "measure": "RR", "value": 0.8, "ci_low": 0.64, "ci_high": 1.0, "ci_level": 95.0,
          "printed": {"value": "0.80", "ci_low": "0.64", "ci_high": "1.00"}, "outcome": "death", "i2": i2}],
    )  # fmt: skip


def _percent_and_ratio(rng: np.random.Generator) -> Record:
    ratio = float(rng.uniform(0.3, 0.97))
    percent = f"{100 * (1 - ratio):.{int(rng.integers(0, 2))}f}"
    digits = f"{ratio:.{int(rng.integers(2, 4))}f}"
    one, two = f"{percent}%", f"RR {digits}"
    return make_record(
        f"Treatment reduced falls by {one} ({two}).",
        [{"number": one, "measure": "percent_change", "value": -float(percent), "printed": {"value": percent},
          "outcome": "falls"},
         {"number": two, "measure": "RR", "value": float(digits), "printed": {"value": digits}, "outcome": "falls"}],
    )  # fmt: skip


def _course(rng: np.random.Generator) -> Record:
    before = float(rng.uniform(5, 500))
    after = before * float(rng.uniform(1.02, 3))
    places = int(rng.integers(0, 3))
    a, b = f"{before:.{places}f}", f"{after:.{places}f}"
    percent = f"{100 * (after / before - 1):.{int(rng.integers(0, 2))}f}"
    return make_record(
        f"The distance increased {percent}% in the group (from {a} to {b} m).",
        [{"number": f"{percent}%", "measure": "percent_change", "value": float(percent),
          "printed": {"value": percent}, "outcome": "distance"}],
    )  # fmt: skip


def _shares_and_ratio(rng: np.random.Generator) -> Record:
    a, b = (float(rng.uniform(0.02, 0.98)) for _ in range(2))
    measure = str(rng.choice(["OR", "RR"]))
    ratio = a / b if measure == "RR" else a / (1 - a) / (b / (1 - b))
    one, two, three = f"{100 * a:.1f}%", f"{100 * b:.1f}%", f"{measure} {ratio:.2f}"
    effects = [
        {"number": number, "measure": kind, "value": float(number.strip("%").split()[-1]),
         "printed": {"value": number.strip("%").split()[-1]}, "outcome": "relapse"}
        for number, kind in ((one, "percent"), (two, "percent"), (three, measure))
    ]  # fmt: skip
    return make_record(f"Relapse was seen in {one} versus {two} ({three}).", effects)
