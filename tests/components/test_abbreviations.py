"""Short forms: found in brackets of every kind, resolved by position."""

from __future__ import annotations

import pytest

from kg.assembly.annotation import Annotation
from kg.components.abbreviations.component import find_definitions, resolve


@pytest.mark.parametrize(
    ("sentence", "pairs"),
    [
        ("effects on bone mineral density(BMD)", {"BMD": "bone mineral density"}),
        ("serum 25-hydroxyvitamin D [25(OH)D] levels", {"25(OH)D": "25-hydroxyvitamin D"}),
        ("interleukin-6 (IL-6) and pain", {"IL-6": "interleukin-6"}),
        ("the role of vitamin D (Vit D) in", {"Vit D": "vitamin D"}),
        ("calorie restriction (CR, 25%) and fasting (ADF; n = 3)", {"CR": "calorie restriction"}),
        (
            "We used IIM (idiopathic inflammatory myopathies) data",
            {"IIM": "idiopathic inflammatory myopathies"},
        ),
        (
            "positron emission tomography (PET)/computed tomography (CT)",
            {"PET": "positron emission tomography", "CT": "computed tomography"},
        ),
        ("measuring both 25(OH)D2 and 25(OH)D3 forms", {}),
        ("in 100 patients (SES) and women (n = 20)", {}),
        ("Pain fell (Table 1) in both groups (P < 0.05)", {}),
    ],
)
def test_definitions_are_found(sentence: str, pairs: dict[str, str]) -> None:
    found = find_definitions(sentence)
    assert {short: long for short, long, _ in found} == pairs
    assert all(sentence[at:].startswith(short) for short, _, at in found)


def test_a_short_form_means_what_it_last_stood_for() -> None:
    text = "autoimmune (AI) disease. AI. aromatase inhibitor (AI) therapy. AI"
    items = resolve([("AI", "autoimmune", 12), ("AI", "aromatase inhibitor", 50)], text)
    annotation = Annotation((), (), (), (), items)
    assert annotation.expand("AI", 2) == "autoimmune"
    assert annotation.expand("AI", 25) == "autoimmune"
    assert annotation.expand("AI", len(text) - 1) == "aromatase inhibitor"
    assert annotation.expand("AIs", 2) is None


def test_plurals_and_chains_are_undone() -> None:
    text = "mean differences (MDs). The MD. idiopathic inflammatory myopathy (IIM). low risk of IIM (LRI)"
    items = resolve(
        [
            ("MDs", "mean differences", 18),
            ("IIM", "idiopathic inflammatory myopathy", 66),
            ("LRI", "low risk of IIM", 90),
        ],
        text,
    )
    longs = {item.short: item.long for item in items}
    assert longs["MD"] == "mean difference"
    assert longs["LRI"] == "low risk of idiopathic inflammatory myopathy"
