"""How long a trial lasted, and what its words say of its design."""

from __future__ import annotations

import pytest

from kg.assembly.designs import classify_design, design_features
from kg.assembly.settings import find_follow_up


def follow_up(text, *, trial=True):
    return find_follow_up(text, [(0, len(text))], trial=trial)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("A 24-week, multicenter, randomized, double-blind study of a drug.", "24-week"),
        ("Three-month, randomized, parallel group, evaluator-masked trial.", "Three-month"),
        (
            "They were randomized to drug or placebo for 24 weeks after an 8-week run-in.",
            "24 weeks",
        ),
        ("After 4 weeks of treatment, all subjects came to a visit.", "4 weeks"),
        ("Patients were treated for 6 weeks and followed up for 12 months.", "12 months"),
        ("One group was treated for 6 weeks. The other was treated for 8 weeks.", None),
        ("Treatment was a 7-week titration followed by a 9-week maintenance phase.", None),
    ],
)
def test_a_trials_length_is_the_one_that_its_text_states(text, length):
    assert follow_up(text) == length


def test_only_a_trial_lasts_as_long_as_its_treatment():
    assert follow_up("Patients were treated for 6 weeks.", trial=False) is None


@pytest.mark.parametrize(
    ("title", "body", "design"),
    [
        (
            "Herbs in colds: a prospective observational study",
            "Following a published, randomised, placebo controlled trial, an observational study was "
            "conducted in pharmacies. Patients were followed for 7 days (P = 0.02).",
            "cohort",
        ),
        (
            "Vitrectomy for detachment",
            "Retrospective, consecutive, single-surgeon case series of 28 eyes. The success rate was 85.2%.",
            "case series",
        ),
    ],
)  # fmt: skip
def test_a_text_that_names_its_design_is_believed(title, body, design):
    text = f"{title}\n\n{body}"
    features = design_features(text, (0, len(title)), [(len(title) + 2, len(text))])
    assert classify_design(features) == design
