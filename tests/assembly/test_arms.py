"""One arm table a document, and every value in its arm, through the real pipeline."""

from __future__ import annotations

import pytest

from kg.assembly.arm_links import ArmOpinion, load_arm_model, place_values
from kg.assembly.arm_names import find_arm_names
from kg.assembly.arm_scene import ArmScene
from kg.assembly.arm_sizes import arm_size, size_of_each
from kg.assembly.arms import ArmTable, arm_values, read_arms
from kg.assembly.context import Context
from kg.assembly.evidence import make_context, read_evidence
from kg.assembly.link import link_all
from kg.extract import make_extractor
from kg.pipeline import annotate, make_nlp
from kg.readers import read
from tests.assembly.make_reading import make_reading

METHODS = "Methods: Sixty adults were randomly assigned to receive metformin (n = 31) or placebo (n = 29). "


def context_of(text: str) -> Context:
    """Return the context of a text of one section."""
    reading = make_reading(text, "results")
    return make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))


def table_of(text: str) -> tuple[Context, ArmTable]:
    """Return a text's arms."""
    context = context_of(text)
    return context, read_arms(context, link_all(context))


def sides(text: str) -> dict[str, str]:
    """Return for each printed value the part of its arm."""
    context, table = table_of(text)
    found = {}
    for k, statistic in enumerate(context.statistics):
        arm = table.arm_of(k)
        if arm is not None:
            found[statistic.printed_value or ""] = "control" if arm.control else "tested"
    return found


@pytest.mark.parametrize(
    ("result", "tested", "control"),
    [
        ("Nausea occurred in 21% of the metformin group and 8% of the placebo group.", "21", "8"),
        ("Nausea occurred in 8% of the placebo group and 21% of the metformin group.", "21", "8"),
        ("Response rates were 64% and 41% in the metformin and placebo groups, respectively.", "64", "41"),
        ("Response rates were 41% and 64% in the placebo and metformin groups, respectively.", "64", "41"),
        ("Mean weight was lower in the metformin group than in the placebo group (71.2 vs. 74.9 kg).", "71.2", "74.9"),
        ("Nausea (metformin: 9.2%, placebo: 21.4%; P = 0.02) was more frequent in the placebo group.", "9.2", "21.4"),
        ("There was no difference in relapse between the placebo and metformin groups (15.1% vs 13.4%).", "13.4", "15.1"),
        ("Relapse was seen in 25 of 121 metformin recipients (20.7%) and 44 of 119 placebo recipients (37.0%).", "20.7", "37.0"),
    ],
)  # fmt: skip
def test_values_go_to_the_arm_that_the_words_name(result, tested, control):
    found = sides(METHODS + result)
    assert found[tested] == "tested"
    assert found[control] == "control"


def test_all_values_of_a_sentence_that_opens_with_an_arm_and_names_no_other_are_its_own():
    found = sides(
        METHODS + "In the metformin group, 31% had grade 1, 52% grade 2 and 17% grade 3 reactions."
        " In the placebo group, 12% had grade 1, 29% had grade 2, 43% had grade 3 and 16% had grade 4 reactions."
    )
    assert {value for value, side in found.items() if side == "tested"} >= {"31", "52", "17"}
    assert {value for value, side in found.items() if side == "control"} >= {"12", "29", "43", "16"}


@pytest.mark.parametrize(
    ("result", "tested", "control"),
    [
        ("Metformin led to a rise of 1.6 points (95% CI 0.8 to 2.4), and there was a fall of 1.1 points (95% CI 0.4 to 1.7) in the placebo group.",
         {"1.6"}, {"1.1"}),
    ],
)  # fmt: skip
def test_a_value_said_to_be_of_a_group_is_its_own(result, tested, control):
    found = sides(METHODS + result)
    assert {value for value in tested | control if found[value] == "tested"} == tested
    assert {value for value in tested | control if found[value] == "control"} == control


def test_two_values_of_one_comparison_never_land_in_one_arm():
    context, table = table_of(METHODS + "Relapse was seen in 12% versus 31% of patients.")
    pair = [
        table.arm_of(k) for k, s in enumerate(context.statistics) if s.printed_value in ("12", "31")
    ]
    assert len(pair) == 2
    assert pair[0] is not pair[1]


@pytest.mark.parametrize(
    ("chance", "parts"), [(0.95, ["experimental", "control"]), (0.2, ["control", "experimental"])]
)
def test_what_is_said_of_every_value_tells_the_parts_of_two_drugs(chance, parts):
    context = context_of(
        "Sixty women were given docetaxel (TC arm) or doxorubicin (AC arm). Survival was 86% in the AC arm and 80% in"
        " the TC arm. Response rates were 51% in the AC arm and 44% in the TC arm. Nausea was seen in 30% of the AC arm"
        " and 20% of the TC arm."
    )
    links = link_all(context)
    names, mentions = find_arm_names(context)
    scene = ArmScene(context, names, mentions, arm_values(context, links), links)
    told = {k: ArmOpinion(1 - chance if n % 2 else chance) for n, k in enumerate(scene.values)}
    chosen, _ = place_values(scene, load_arm_model(), told)
    assert [chosen[k].side for k in scene.values] == 3 * parts


@pytest.mark.parametrize(
    ("result", "whole"),
    [
        ("Overall, 37 strokes occurred: 13 in the metformin group and 24 in the placebo group.", "37"),
        ("Of 37 deaths (13 on metformin, 24 on placebo), most were sudden.", "37"),
        ("Nausea was seen in 35.0% of all patients (9/31 with metformin and 12/29 with placebo).", "35.0"),
    ],
)  # fmt: skip
def test_what_the_arms_add_up_to_is_no_arms_value(result, whole):
    context, table = table_of(METHODS + result)
    printed = {k: s.printed_value for k, s in enumerate(context.statistics)}
    assert [printed[k] for k in table.wholes] == [whole]
    assert {table.arm_of(k) is None for k in table.wholes} == {True}
    assert len({id(table.arm_of(k)) for k in printed if k not in table.wholes}) == 2


@pytest.mark.parametrize(
    "result",
    [
        "In the metformin group 7 reactions were seen (3 in men, 4 in women), and none in the placebo group.",
        "Responses were 9/72 (12.5%) with metformin and 6/69 (8.7%) with placebo; three with metformin lasted.",
    ],
)
def test_counts_within_an_arm_make_no_whole(result):
    assert table_of(METHODS + result)[1].wholes == frozenset()


def test_a_text_without_arms_has_none():
    context, table = table_of("Deficiency was found in 45% of the adults of the region.")
    assert all(table.arm_of(k) is None for k in range(len(context.statistics)))


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("Patients received FAC alone or FAC plus paclitaxel. Fever was rarer with FAC alone than with FAC plus paclitaxel.",
         "FAC alone", "FAC plus paclitaxel"),
        ("The MRI group had more biopsies than the no MRI group.", "MRI", "no MRI"),
    ],
)  # fmt: skip
def test_names_that_are_compared_stay_apart(text, one, other):
    context = context_of(text)
    _, mentions = find_arm_names(context)
    source = context.reading.view.text
    at_one, at_other = source.index(one), source.rindex(other.split()[-1])
    names = [
        {m.name for m in mentions if m.phrase.start_char <= at < m.phrase.end_char}
        for at in (at_one + len(one.split()[0]) - 1, at_other)
    ]
    assert names[0]
    assert names[0].isdisjoint(names[1])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Thirty (61.2%) of the infections were seen in patients treated with FOLX and 19 (38.8%) in those treated with FL.", (61.2, 38.8)),
        ("Mean pressure was similar at noon in the treatment groups (brinzolamide-timolol 19.4 mmHg; timolol 22.0 mmHg).", (19.4, 22)),
    ],
)  # fmt: skip
def test_names_with_values_in_one_sentence_are_two_arms(text, values, tmp_path):
    (tmp_path / "page.txt").write_text(f"Results: {text}", encoding="utf-8")
    record = make_extractor()(read(tmp_path / "page.txt"))
    arms = [e.arm for s in record.studies for e in s.effects if e.value in values]
    assert len(arms) == 2
    assert None not in arms
    assert arms[0] != arms[1]


def test_a_code_is_the_arm_that_its_definition_names():
    context = context_of(
        "Women received letrozole (group A) or tamoxifen (group B). Response was 60% in group A and 48% in group B."
    )
    names, mentions = find_arm_names(context)
    of = {m.phrase.raw.lower(): m.name for m in mentions}
    assert of["group a"] == of["letrozole"]
    assert of["group b"] == of["tamoxifen"]
    assert of["group a"] != of["group b"]
    assert len(names) >= 2


def test_a_short_form_in_brackets_is_the_arm_before_them():
    context = context_of(
        "Women received vinorelbine plus capecitabine (NX) or docetaxel plus capecitabine (TX)."
    )
    short = {p for p in context.phrases if p.raw in ("NX", "TX")}
    of = {m.phrase.raw: m.name for m in find_arm_names(context, short)[1]}
    assert of["NX"] == of["vinorelbine plus capecitabine"]
    assert of["TX"] == of["docetaxel plus capecitabine"]
    assert of["NX"] != of["TX"]


def test_what_a_value_is_said_to_go_with_names_an_arm():
    context = context_of("The rate was 1.7% in the relaxation condition and 5.3% with placebo.")
    phrase = next(p for p in context.phrases if p.raw == "relaxation condition")
    without = {m.phrase.raw for m in find_arm_names(context)[1]}
    pointed = {m.phrase.raw for m in find_arm_names(context, {phrase})[1]}
    assert pointed - without == {"relaxation condition"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Response was better in the 50-mg group than in the 20-mg group.", 2),
        ("Patients were observed before and after treatment, without a control group.", 0),
        ("There was no difference in scores between treatment groups.", 0),
    ],
)
def test_numbers_tell_names_apart_and_what_was_missing_is_none(text, names):
    context = context_of(text)
    assert len(find_arm_names(context)[0]) == names


def test_a_name_is_found_again_where_nothing_marks_it():
    context = context_of(
        "Patients were randomized to capecitabine or S-1. Diarrhoea was frequent in the S-1 group (S-1: 9.2%, capecitabine: 1.4%)."
    )
    _, mentions = find_arm_names(context)
    text = context.reading.view.text
    at = text.index("S-1: 9.2")
    assert any(m.phrase.start_char == at for m in mentions)


@pytest.mark.parametrize(
    ("text", "name", "n"),
    [
        ("Adults were assigned to metformin (n = 31) or placebo (n = 29).", "metformin", 31),
        ("Adults were assigned to metformin (n = 31) or placebo (n = 29).", "placebo", 29),
        ("We allocated women to trolamine (128 patients) or calendula (126 patients).", "calendula", 126),
        ("Of these, 1,201 were assigned to aspirin and 1,198 to placebo.", "aspirin", 1201),
        ("Of these, 1,201 were assigned to aspirin and 1,198 to placebo.", "placebo", 1198),
        ("There were 43 patients in the drainage group.", "drainage", 43),
        ("Pain fell by 12% with aspirin.", "aspirin", None),
        ("We randomized 47 children to aspirin or placebo.", "aspirin", None),
        ("In all 300 adults were assigned to metformin, aspirin or placebo.", "aspirin", None),
        ("A total of 120 received aspirin and 118 placebo.", "aspirin", 120),
    ],
)  # fmt: skip
def test_an_arm_has_the_size_printed_beside_its_name(text, name, n):
    others = [
        (text.index(o), text.index(o) + len(o))
        for o in ("metformin", "placebo", "trolamine", "calendula", "aspirin")
        if o in text and o != name
    ]
    start = text.index(name)
    assert arm_size(text, [(start, start + len(name))], others) == n


@pytest.mark.parametrize(
    ("text", "groups", "size"),
    [
        ("Patients were randomly allocated to two groups of 40. Group R received zinc.", 2, 40),
        ("Adults got zinc or placebo (92 per group) for a year.", 2, 92),
        ("Mice got zinc, iron or saline (n = 15 each).", 3, 15),
        ("There were three groups; each group comprised 50 children.", 3, 50),
        ("Patients were randomly allocated to two groups of 40.", 3, None),
        ("A sample of 40 patients in each group was required to detect a difference.", 2, None),
        ("They were randomised 1:1 into two groups, 53 patients receiving zinc.", 2, None),
    ],
)
def test_groups_of_one_size_have_it_told_once(text, groups, size):
    assert size_of_each(text, groups) == size
