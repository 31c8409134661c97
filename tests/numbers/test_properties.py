"""Expressions made from the grammar's own tables are read back exactly; hostile text does no harm."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.numbers.atoms import number_word_value, read_atoms
from kg.numbers.charmap import map_characters
from kg.numbers.estimates import find_statistics
from kg.numbers.tables import SCALE_WORDS, TENS_WORDS, UNITS_WORDS
from kg.numbers.units import AFTER_NUMBER_ONLY, BASE_UNITS, TIME_UNITS, to_ucum
from kg.records import RATIO_MEASURES
from tests.pace import grows_with_length

RATIO_NAMES = [
    ("RR", "RR"), ("OR", "OR"), ("HR", "HR"), ("aOR", "OR"), ("aHR", "HR"), ("IRR", "IRR"),
    ("odds ratio", "OR"), ("hazard ratio", "HR"), ("risk ratio", "RR"), ("relative risk", "RR"),
    ("Rate ratio", "IRR"), ("adjusted odds ratio", "OR"), ("hazard ratio [HR]", "HR"),
    ("odds ratio (OR)", "OR"),
]  # fmt: skip
DIFFERENCE_NAMES = [
    ("MD", "MD"), ("SMD", "SMD"), ("WMD", "WMD"), ("mean difference", "MD"), ("β", "beta"),
    ("standardized mean difference", "SMD"), ("weighted mean difference", "WMD"),
    ("between-group difference", "MD"), ("regression coefficient", "beta"),
]  # fmt: skip
JOINS = [" = ", "=", ", ", ": ", " "]
LABELS = [
    ("95% CI", 95), ("95%CI", 95), ("95 % CI", 95), ("95% confidence interval", 95), ("99% CI", 99),
    ("90% confidence interval (CI)", 90), ("95% CrI", 95), ("CI", None), ("95% C.I.", 95), ("CI95%", 95),
    ("97.5% CI", 97.5),
]  # fmt: skip
LABEL_JOINS = [" ", ": ", ", ", " = ", ":"]
OPENERS = [("(", ")"), ("[", "]"), ("; ", ""), (", ", "")]
SEPARATORS = ["-", "–", " - ", " to ", ", ", "; ", " – "]
MINUS = ["-", "−", "–"]
SPACES = [" ", "\u00a0", "\u2009"]
P_OPERATORS = [("=", "="), ("<", "<"), (" = ", "="), (" < ", "<"), ("≤", "<="), (" > ", ">")]


def printed(value: float, decimals: int, minus: str, point: str) -> str:
    """Print a number as journals do."""
    digits = f"{abs(value):.{decimals}f}".replace(".", point)
    return (minus if value < 0 else "") + digits


@st.composite
def estimates(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """Make one estimate with interval and p, and what must be read."""
    ratio = draw(st.booleans())
    name, measure = draw(st.sampled_from(RATIO_NAMES if ratio else DIFFERENCE_NAMES))
    decimals = draw(st.integers(1, 3))
    step = 10**-decimals
    low = draw(st.integers(1, 900) if ratio else st.integers(-900, 900)) * step
    width, part = draw(st.integers(2, 900)), draw(st.integers(1, 99))
    high = low + width * step
    value = round(low + max(1, width * part // 100) * step, decimals)
    minus, point = draw(st.sampled_from(MINUS)), draw(st.sampled_from([".", "·"]))
    label, level = draw(st.sampled_from(LABELS))
    opener, closer = draw(st.sampled_from(OPENERS))
    separator = draw(st.sampled_from(SEPARATORS))
    if separator.strip() in {"-", "–"} and high < 0:
        separator = " to "
    numbers = [printed(round(x, decimals), decimals, minus, point) for x in (value, low, high)]
    text = (
        f"{name}{draw(st.sampled_from(JOINS))}{numbers[0]} {opener}{label}"
        f"{draw(st.sampled_from(LABEL_JOINS))}{numbers[1]}{separator}{numbers[2]}{closer}"
    )
    expected: dict[str, object] = {
        "measure": measure, "value": value, "ci_level": level, "ci_low": round(low, decimals),
        "ci_high": round(high, decimals),
    }  # fmt: skip
    if draw(st.booleans()):
        sign, operator = draw(st.sampled_from(P_OPERATORS))
        p = draw(st.integers(1, 999)) / 1000
        text += f"{draw(st.sampled_from(['; ', ', ']))}{draw(st.sampled_from('Pp'))}{sign}{p:.3f}".replace(
            ".", point if "·" in text else "."
        )
        expected |= {"p_value": p, "p_operator": operator}
    space = draw(st.sampled_from(SPACES))
    return text.replace(" ", space), expected


@given(estimates())
@settings(max_examples=200, deadline=None)
def test_an_estimate_is_read_back(made: tuple[str, dict[str, object]]) -> None:
    text, expected = made
    statistics, _ = find_statistics(f"It was seen ({text}).")
    assert len(statistics) == 1, text
    for field, value in expected.items():
        read = getattr(statistics[0], field)
        assert read == (pytest.approx(value) if isinstance(value, float) else value), (text, field)


@given(st.lists(estimates(), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_sentences_do_not_mix(made: list[tuple[str, dict[str, object]]]) -> None:
    text = " ".join(f"It was seen ({part})." for part, _ in made)
    statistics, _ = find_statistics(text)
    assert [s.value for s in statistics] == [
        pytest.approx(expected["value"]) for _, expected in made
    ]


CONCENTRATIONS = sorted(
    u
    for u, code in BASE_UNITS.items()
    if code in {"ng", "pg", "nmol", "mmol", "mg"} and u not in AFTER_NUMBER_ONLY
)


@given(
    st.floats(0.1, 999).map(lambda x: round(x, 1)), st.floats(0.1, 99).map(lambda x: round(x, 1)),
    st.sampled_from(CONCENTRATIONS), st.sampled_from(["mL", "L", "dl"]), st.sampled_from(["±", " ± ", " +/- "]),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_mean_with_its_spread_is_read_back(
    value: float, spread: float, mass: str, volume: str, sign: str, paired: bool
) -> None:
    unit = f"{mass}/{volume}"
    text = f"It was {value}{sign}{spread} {unit}"
    if paired:
        text = f"It was {value}{sign}{spread} vs. {spread}{sign}{value} {unit} (p = 0.03)"
    statistics, _ = find_statistics(text)
    assert [(s.value, s.sd) for s in statistics] == (
        [(value, spread), (spread, value)] if paired else [(value, spread)]
    )
    assert {s.unit for s in statistics} == {to_ucum(unit)}
    assert {s.p_value for s in statistics} == ({0.03} if paired else {None})
    assert all(s.measure == "mean" for s in statistics)


@given(st.integers(1, 999_999), st.integers(0, 100_000), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_fraction_is_read_back(events: int, more: int, bracketed: bool) -> None:
    total = events + more
    percent = round(100 * events / total, 1)
    fraction = f"{events:,}/{total:,}"
    text = (
        f"It occurred in {fraction} ({percent}%)"
        if bracketed
        else f"It occurred in {percent}% ({fraction})"
    )
    (statistic,) = find_statistics(text)[0]
    assert (statistic.value, statistic.events, statistic.total) == (percent, events, total)
    assert statistic.measure == "percent"


@given(st.lists(st.floats(0.1, 99).map(lambda x: round(x, 1)), min_size=2, max_size=6))
@settings(max_examples=100, deadline=None)
def test_a_respective_list_is_read_back(values: list[float]) -> None:
    text = "Rates were " + ", ".join(map(str, values[:-1])) + f" and {values[-1]}%, respectively."
    statistics, _ = find_statistics(text)
    assert [s.value for s in statistics] == values
    assert [s.position for s in statistics] == list(range(len(values)))
    assert {(s.group, s.pairing, s.unit) for s in statistics} == {
        (statistics[0].group, "respectively", "%")
    }


def in_words(number: int) -> str:
    """Write a whole number below a million in words."""
    small = {v: k for k, v in (UNITS_WORDS | TENS_WORDS).items() if k != "fourty"}
    if number >= 1000:
        rest = number % 1000
        return f"{in_words(number // 1000)} thousand" + (f" {in_words(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{small[number // 100]} hundred" + (f" and {in_words(rest)}" if rest else "")
    if number in small:
        return small[number]
    return f"{small[number // 10 * 10]}-{small[number % 10]}"


@given(st.integers(2, 999_999))
def test_number_words_are_read_back(number: int) -> None:
    assert number_word_value(in_words(number)) == number
    atoms = [a for a in read_atoms(f"In all {in_words(number)} deaths occurred") if a.kind == "NUM"]
    assert [a.value for a in atoms] == [number]


@given(st.sampled_from(sorted(SCALE_WORDS)), st.integers(1, 99))
def test_magnitudes_in_words(scale: str, number: int) -> None:
    (atom,) = [a for a in read_atoms(f"{number} {scale} units") if a.kind == "NUM"]
    assert atom.value == number * SCALE_WORDS[scale]


@given(
    st.integers(1, 99),
    st.integers(0, 999),
    st.sampled_from(["\u2009", "\u00a0", "?", ",", "\u202f"]),
)
def test_thousands_are_joined(thousands: int, rest: int, mark: str) -> None:
    numbers = [
        a.value for a in read_atoms(f"in {thousands}{mark}{rest:03d} patients") if a.kind == "NUM"
    ]
    assert numbers == [thousands * 1000 + rest]


@given(st.sampled_from(sorted(BASE_UNITS)))
def test_every_unit_is_read_after_a_number(unit: str) -> None:
    kinds = [(a.kind, a.text) for a in read_atoms(f"was 12.5 {unit} here")]
    assert ("UNIT", unit) in kinds or unit in {"D", "iu", "log"}
    assert to_ucum(unit) == BASE_UNITS[unit]


def test_time_units_are_known() -> None:
    assert set(BASE_UNITS.values()) >= TIME_UNITS


TOKENS = st.sampled_from([
    "RR", "OR", "95% CI", "(", ")", "[", "]", "-", "−", "–", "0.5", "1.2", "12", "1,234", "%", "p", "<", "=", "±",
    "to", "and", "vs", ",", ";", ":", "/", "respectively", "mean", "IQR", "SD", "n", "ng/mL", "?", ".", "\n\n",
    "fold", "reduced", "by", "of", "patients", "·", "\u2009", "I2", "e-5", "×", "10", "twelve", "million", "|",
])  # fmt: skip


@given(st.lists(TOKENS | st.text(max_size=4), max_size=60).map(" ".join) | st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_is_survived_and_offsets_hold(text: str) -> None:
    assert len(map_characters(text)) == len(text)
    atoms = read_atoms(text)
    ends = [0, *(a.end for a in atoms)]
    assert all(end <= a.start < a.end <= len(text) for end, a in zip(ends, atoms, strict=False))
    statistics, notices = find_statistics(text)
    for s in statistics:
        assert 0 <= s.start_char < s.end_char <= len(text)
        assert s.value is None or math.isfinite(s.value)
        assert s.p_value is None or 0 <= s.p_value <= 1
        if s.ci_low is not None:
            assert s.ci_high is not None
            assert s.ci_low <= s.ci_high
        if s.measure in RATIO_MEASURES and s.value is not None:
            assert s.value > 0
        if s.value_start is not None:
            assert text[s.value_start : s.value_end] == s.printed_value
    for notice in notices:
        assert 0 <= notice.start_char < notice.end_char <= len(text)
    groups = [(s.group, s.position) for s in statistics if s.group is not None]
    assert len(groups) == len(set(groups))


HOSTILE = [
    "9" * 1_000_000, "1," * 500_000, "1,234" * 200_000, "(" * 1_000_000, "-" * 1_000_000, "1-" * 500_000,
    "0. " * 330_000, "p " * 500_000, "95% CI " * 140_000, " " * 1_000_000, "?1" * 500_000, "1 " * 500_000,
    "RR " * 330_000, "12/" * 330_000, "1 and " * 160_000, "5% and " * 140_000, "(1.2 " * 200_000,
    "reduced by " * 90_000, "p = 0.05, " * 100_000, "a" * 1_000_000, "a1" * 500_000, "1.2 (95% CI 1-2), " * 55_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:10] for text in HOSTILE])
def test_time_grows_with_length_only(text: str) -> None:
    """Ten times the text takes about ten times as long, whatever it is made of."""
    size = len(text) // 250
    assert grows_with_length(find_statistics, text[:size], text[: size * 8])
