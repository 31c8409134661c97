"""Designs from words."""

from __future__ import annotations

import re

import pytest

from kg.assembly.cue import Cue, needles_of
from kg.assembly.design_cues import CUES, DESIGNS, INDEX, PRIOR
from kg.assembly.designs import classify_design, design_features
from kg.assembly.linear import load_weights

BODY = {
    "randomized controlled trial": "Sixty adults were randomly assigned to drug or placebo in a double-blind trial. P = 0.03.",
    "cohort": "In this prospective cohort study 900 adults were followed up for 5 years. The hazard ratio of death was 1.4 (95% CI 1.1-1.8).",
    "case-control": "In this case-control study 100 cases were compared with 200 matched controls. OR 2.1 (95% CI 1.2-3.0).",
    "cross-sectional": "This cross-sectional survey of 500 adults measured the prevalence of deficiency. P < 0.01.",
    "meta-analysis": "We searched MEDLINE and Embase. Twelve studies were included in the meta-analysis. The pooled estimate with a random-effects model was 0.8 (95% CI 0.7-0.9).",
    "systematic review": "In this systematic review we searched PubMed and Scopus. Nine studies were included and described.",
    "animal study": "Male Wistar rats were fed a diet with vitamin D. The rats received 1000 IU. Rats were killed after 8 weeks, P < 0.05.",
    "protocol": "Patients will be randomised to drug or placebo. Outcomes will be assessed at 12 weeks. Data will be analysed by intention to treat. Blood will be collected.",
    "non-randomized trial": "In this single-arm pilot study forty patients were given the drug; scores were measured before and after treatment. P = 0.02.",
    "case report": "We report a case of hypercalcaemia. A 54-year-old man presented with nausea.",
}  # fmt: skip


@pytest.mark.parametrize("design", sorted(BODY))
def test_plain_words_tell_the_design(design):
    text = BODY[design]
    assert classify_design(design_features(text, None, [(0, len(text))])) == design


@pytest.mark.parametrize(
    ("title", "body", "design"),
    [
        ("Red meat and colorectal cancer: a dose-response meta-analysis of prospective cohorts", "Twenty-six cohort studies were combined; together they followed 1 432 577 adults. Relative risks were pooled by random effects.", "meta-analysis"),
        ("Coffee and health: umbrella review of meta-analyses of observational studies", "Umbrella review of meta-analyses of cohort and case-control studies. AMSTAR 2 was applied to each.", "systematic review"),
        ("Zinc and ginger for sickness", "In all 166 women took part. By the toss of a coin, 84 of them got ginger and 82 got dummy capsules, P = 0.03.", "randomized controlled trial"),
        ("Diet replacement in practice: a non-randomised controlled study", "Four practices offered the programme and four continued usual care. Patients were given the diet and seen after 12 months, P = 0.02.", "non-randomized trial"),
        ("Endoscopic myotomy for achalasia: experience with the first 64 patients", "From 2013 to 2018, 64 consecutive patients underwent myotomy at our institution, and all were followed. P = 0.03.", "case series"),
    ],
)  # fmt: skip
def test_a_title_names_the_design_before_those_of_what_it_includes(title, body, design):
    text = f"{title}\n{body} {'What came out is told below, in words that say nothing of how it was planned. ' * 4}"
    features = design_features(text, (0, len(title)), [(len(title) + 1, len(text))])
    assert classify_design(features) == design


def test_a_title_without_text_has_no_design_of_its_own():
    title = "Estimation of the lifetime risk of hip fracture for women and men"
    assert classify_design(design_features(title, (0, len(title)), [])) == "other"


def test_declared_and_trained_weights_name_known_designs_and_cues():
    combined = {"bias", "no text", "results", "no results"}
    trained = load_weights("designs")
    assert set(PRIOR) == set(DESIGNS) == set(trained)
    for cues in PRIOR.values():
        for name in cues:
            place, _, cue = name.partition(":")
            if place in ("title", "text", "lead", "headline", "often") and cue:
                assert cue in CUES or cue == "imperative", name
            else:
                assert (
                    name in combined
                    or name.startswith("first:")
                    or " " in name
                    or name == "synthesis"
                )


def test_the_packaged_weights_are_small():
    assert sum(len(w) for w in load_weights("designs").values()) < 2000


@pytest.mark.parametrize(
    ("pattern", "needles"),
    [
        (r"cohorts?\b", ("cohort",)),
        (r"meta-?\s?analy|meta-?\s?regression", ("analy", "regression")),
        (r"\bhrs?\b", ("hr",)),
        (r"[ab]x?|dummy", None),
        (r"(?:double|single)[- ]blind|dummy", ("double", "single", "dummy")),
    ],
)
def test_needles_are_what_every_match_holds(pattern, needles):
    found = needles_of(pattern)
    if needles is None:
        assert found is None
    else:
        assert found is not None
        assert all(n.strip() in {f.strip() for f in found} for n in needles)


@pytest.mark.parametrize(
    "source",
    [
        r"cohorts?\b",
        r"(?:double|single|[a-z]+er)[- ](?:blind|mask)|blinded\b",
        r"an overview|(?:is|are) reviewed|\breview",
        r"a?typical|a \d+-year",
        r"(?:(?:in|of) )?rats|mice",
    ],
)
def test_a_cue_is_found_where_a_word_begins(source):
    text = (
        "overview: an overview; doubleblind, double-blind observer mask and unblinded, blinded atypical "
        "typical cohorts subcohort are reviewed preview review in rats of mice dormice a 3-year"
    )
    cue, plain = Cue.of(source), re.compile(rf"\b(?:{source})")
    assert [m.span() for m in cue.pattern.finditer(text)] == [
        m.span() for m in plain.finditer(text)
    ]
    assert cue.count(text) == len(plain.findall(text)) > 0


def test_skipping_by_needles_loses_no_match(shared):
    checked = 0
    for path in sorted((shared / "corpora" / "silver" / "docs").iterdir())[::12]:
        text = path.read_text(encoding="utf-8", errors="replace").lower()
        held = INDEX.find(text)
        for name, cue in CUES.items():
            found = bool(cue.pattern.search(text))
            assert bool(cue.search(text)) == found, (path.name, cue.needles)
            assert name in held or not found, (path.name, name)
        checked += 1
    assert checked > 40
