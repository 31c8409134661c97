"""What a plain sentence says is read right, whatever is tested: sentence frames filled with several trials' names.

After Ribeiro et al., *Beyond Accuracy: Behavioral Testing of NLP Models with CheckList* (ACL 2020): a frame holds
the numbers with whose they are and what of, "{12.3|A|O}"; every name set must be read right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import pytest

from kg.extract import make_extractor
from kg.readers import read_bytes
from kg.records import Effect, Record, Study


class Trial(NamedTuple):
    tested: str
    control: str
    people: str
    outcomes: tuple[str, str, str]


TRIALS = (
    Trial("zinc", "placebo", "children with diarrhoea", ("stool frequency", "vomiting", "weight")),
    Trial("cognitive behavioural therapy", "usual care", "adults with depression", ("depression score", "remission", "quality of life")),
    Trial("laparoscopic surgery", "open surgery", "patients with colon cancer", ("blood loss", "wound infection", "pain")),
)  # fmt: skip
_PAGE = (
    "Background: We compared {A} with {B} in {people}. Methods: In this trial, 200 {people} were randomly assigned to {A} "
    "(n=100) or {B} (n=100) for 12 weeks. Results: {said}"
)
_MARK = re.compile(r"<(?P<number>-?[\d.]+)\|(?P<arm>[AB-])\|(?P<outcome>[OPQ])>")

FRAMES = (
    "{O} was <12.3|A|O> with {A} and <15.1|B|O> with {B} (p=0.03).",
    "{O} was <12.3|A|O> ± 2.1 in the {A} group versus <15.1|B|O> ± 2.4 in the {B} group (P<0.01).",
    "{P} occurred in <12|A|P>% of patients receiving {A} and <23|B|P>% of those receiving {B}.",
    "{P} was reported by <12|A|P>% and <23|B|P>% of patients in the {A} and {B} groups, respectively.",
    "{P} was less common in the {A} group (<12|A|P>%) than in the {B} group (<23|B|P>%).",
    "{O} and {Q} were <12.3|A|O> and <71.2|A|Q> with {A} and <15.1|B|O> and <74.6|B|Q> with {B}.",
    "There was no difference between {A} and {B} in {O} (<12.3|A|O> v <15.1|B|O>, p=0.6) or {Q} (<71.2|A|Q> v <74.6|B|Q>, p=0.5).",
    "In the {A} group, {O} fell from <20.4|A|O> to <12.3|A|O>, whereas in the {B} group it fell from <20.2|B|O> to <15.1|B|O>.",
    "{O} improved by <4.2|A|O> points with {A} and by <1.1|B|O> points with {B} (difference <3.1|-|O>, 95% CI 1.2 to 5.0).",
    "The risk of {P} was lower with {A} than with {B} (RR <0.62|-|P>, 95% CI 0.41 to 0.93).",
    "Twelve (<12|A|P>%) patients on {A} and 23 (<23|B|P>%) on {B} had {P}.",
    "{P} was seen in 12/100 (<12|A|P>%) {A} patients vs 23/100 (<23|B|P>%) {B} patients.",
    "Median {O} was <12|A|O> (IQR 8-15) in the {A} arm and <15|B|O> (IQR 11-19) in the {B} arm.",
    "{O} was <12.3|A|O> for {A} and <15.1|B|O> for {B}.",
    "{O} was higher in the {B} group (<12.3|A|O> in the {A} group, <15.1|B|O> in the {B} group, p = 0.002).",
    "{P} was more common in those who received {B} than in those administered {A} during the trial (<23|B|P>% vs <12|A|P>%).",
    "In the {A} group, {Q} improved, but {O} was unchanged (<12.3|A|O>, P = 0.9).",
    "{A} was more effective than {B} in reducing {P} (OR <0.62|-|P>, 95% CI 0.41 to 0.93).",
    "No {P} was seen in the {A} group, in contrast to the {B} group, in which <7|B|P> patients had {P}.",
    "The addition of {A} to {B} increased {O} by <5.8|A|O>%.",
)  # fmt: skip


@cache
def _extract() -> Callable[..., Record]:
    return make_extractor()


def _study(trial: Trial, frame: str) -> Study:
    o, p, q = trial.outcomes
    said = frame.format(A=trial.tested, B=trial.control, O=o, P=p, Q=q)
    said = _MARK.sub(r"\g<number>", said[0].upper() + said[1:])
    page = _PAGE.format(A=trial.tested, B=trial.control, people=trial.people, said=said)
    (study,) = _extract()(read_bytes(page.encode(), "a.txt")).studies
    return study


def _alike(label: str | None, name: str) -> bool:
    return label is not None and name.lower().rstrip("s") in label.lower()


def _wrong(trial: Trial, frame: str, study: Study) -> Iterator[str]:
    """Yield what of a sentence was not read, or read wrong."""
    given = {i.id: i.label for i in study.interventions}
    measured = {o.id: o.label for o in study.outcomes}
    arms = {a.id: a.label for a in study.arms}
    names = {"A": trial.tested, "B": trial.control, "-": trial.tested}
    outcomes = dict(zip("OPQ", trial.outcomes, strict=True))
    for mark in _MARK.finditer(frame):
        found = [
            e
            for e in study.effects
            if e.value is not None and abs(e.value) == float(mark["number"])
        ]
        if not found:
            yield f"{mark[0]} was not found"
            continue
        effect, name = found[0], names[mark["arm"]]
        if not _alike(given.get(effect.intervention or ""), name):
            yield f"{mark[0]} is of {given.get(effect.intervention or '')}"
        if not _alike(measured.get(effect.outcome or ""), outcomes[mark["outcome"]]):
            yield f"{mark[0]} measures {measured.get(effect.outcome or '')}"
        if mark["arm"] != "-" and not _alike(arms.get(effect.arm or ""), name):
            yield f"{mark[0]} is in {arms.get(effect.arm or '')}"


@pytest.mark.parametrize("trial", TRIALS, ids=[trial.tested for trial in TRIALS])
@pytest.mark.parametrize("frame", FRAMES)
def test_numbers_are_of_the_arm_and_the_outcome_that_the_sentence_says(
    trial: Trial, frame: str
) -> None:
    assert list(_wrong(trial, frame, _study(trial, frame))) == []


TOLD = (
    ("no_difference", "{P} did not differ between groups."),
    ("no_difference", "{A} had no effect on {P}."),
    ("no_difference", "{A} did not affect {P}."),
    ("no_difference", "We found no evidence of an effect of {A} on {P}."),
    ("no_difference", "There were no between-group differences in {P}."),
    ("no_difference", "{P} was comparable between {A} and {B}."),
    ("decrease", "{A} significantly reduced {P} compared with {B}."),
    ("decrease", "{P} was significantly lower in the {A} group than in the {B} group."),
    ("decrease", "{P} was significantly reduced by {A}."),
    ("decrease", "A significant decrease in {P} was observed with {A} (p<0.01)."),
    ("increase", "{A} significantly increased {P} compared with {B}."),
    ("increase", "The {A} group had significantly greater {P} (P=0.01)."),
)


@pytest.mark.parametrize("trial", TRIALS, ids=[trial.tested for trial in TRIALS])
@pytest.mark.parametrize(("direction", "frame"), TOLD)
def test_what_words_alone_tell_is_of_what_was_tested(
    trial: Trial, direction: str, frame: str
) -> None:
    study = _study(trial, frame)
    given = {i.id: i.label for i in study.interventions}
    measured = {o.id: o.label for o in study.outcomes}
    told = [
        (effect.direction, given.get(effect.intervention or ""))
        for effect in study.effects
        if _alike(measured.get(effect.outcome or ""), trial.outcomes[1])
    ]
    assert any(way == direction and _alike(name, trial.tested) for way, name in told), told


ARMS = (
    (
        "Patients received candesartan 8 mg, candesartan 16 mg or placebo once daily for 12 weeks.",
        "Blood pressure fell by <5.2> mmHg with 8 mg, <8.1> mmHg with 16 mg and <1.3> mmHg with placebo.",
        ("candesartan 8 mg", "candesartan 16 mg", "placebo"),
    ),
    (
        "Group A (n = 40) received acupuncture, group B (n = 41) received massage and group C (n = 39) stayed on a waiting list.",
        "Response rates were <51>%, <44>% and <15>% in groups A, B and C.",
        ("acupuncture", "massage", "waiting list"),
    ),
    (
        "Smokers were randomized to an intervention group that used the app or a control group that received a leaflet.",
        "At 6 months <18>% of the intervention group and <11>% of controls had quit (p=0.02).",
        ("app", "leaflet"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("methods", "results", "names"), ARMS)
def test_arms_are_those_that_people_received_stayed_on_or_used(
    methods: str, results: str, names: tuple[str, ...]
) -> None:
    numbers = [float(n) for n in re.findall(r"<([\d.]+)>", results)]
    page = f"Background: Little is known. Methods: {methods} Results: {re.sub('[<>]', '', results)}"
    (study,) = _extract()(read_bytes(page.encode(), "a.txt")).studies
    arms = {a.id: a.label for a in study.arms}
    placed: dict[float, Effect] = {abs(e.value): e for e in study.effects if e.value is not None}
    assert [
        _alike(arms.get(placed[n].arm or ""), name) for n, name in zip(numbers, names, strict=True)
    ] == [True] * len(names)
