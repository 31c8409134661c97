"""What a study tests, by its title and its aims."""

from __future__ import annotations

import pytest

from kg.assembly.sentence import Sentence
from kg.assembly.tested import find_tested


def _tested(*texts: str, title: str | None = None) -> str | None:
    sentences, at = [], 0
    for text in texts:
        sentences.append(Sentence(at, at + len(text), text, "body", 0))
        at += len(text) + 1
    place = find_tested(sentences, title or texts[0])
    return None if place is None else " ".join(texts)[place[0] : place[1]]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Effects of weekly choir singing on lung function: a pilot trial", "weekly choir singing"),
        ("The efficacy and safety of honey in adults with cough", "honey"),
        ("Benefits of listening to birdsong after surgery", "listening to birdsong"),
        ("Chronic neck pain treated with dry needling", "dry needling"),
        ("Walking backwards improves balance after stroke", "Walking backwards"),
        ("School gardens for children who eat no vegetables", "School gardens"),
    ],
)
def test_a_title_says_what_is_tested(title: str, name: str) -> None:
    assert _tested(title) == name


@pytest.mark.parametrize(
    "title",
    [
        "Changes for the better in rural hospitals",  # what was found, not what was tested
        "Predictors of falls in old age",
        "Prevalence of asthma among welders",
    ],
)
def test_a_title_may_say_nothing_of_it(title: str) -> None:
    assert _tested(title) is None


def test_an_aim_says_it_where_the_title_does_not() -> None:
    found = _tested(
        "A trial in nine villages",
        "Wells are shallow there.",
        "We examined whether solar water pumps reduce diarrhoea in infants.",
        title="A trial in nine villages",
    )
    assert found == "solar water pumps"


def test_an_aim_is_not_looked_for_in_results() -> None:
    filler = [f"Sentence {n} tells results." for n in range(9)]
    assert _tested("A trial", *filler, "We examined the effect of tea on sleep.") is None
