"""A small graph to ask questions of: seven documents, six reports, two component studies.

The texts are made up; each sentence exists to give some record a place. ``small()`` builds the
records anew, so tests may shuffle and change them.
"""

from __future__ import annotations

import hashlib
from typing import Any

from kg.records import (
    Arm,
    Check,
    Concept,
    Document,
    Dose,
    Effect,
    Intervention,
    Mention,
    Outcome,
    Population,
    Recommendation,
    Record,
    Regimen,
    Repair,
    Span,
    Study,
)
from kg.retraction import note_retraction


def document(path: str, text: str, **fields: Any) -> Document:
    """Make a document whose hash fits its text."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(
        id=f"doc-{digest[:12]}", path=path, sha256=digest, format="text", text=text, **fields
    )


def span(text: str, part: str) -> Span:
    """Find the first place of `part`."""
    start = text.index(part)
    return Span(start_char=start, end_char=start + len(part), text=part)


def spans(text: str, *parts: str) -> tuple[Span, ...]:
    """Find the first place of each part."""
    return tuple(span(text, part) for part in parts)


FALLS = "Vitamin D lowered the risk of falling (RR 0.81, 95% CI 0.70-0.94; P = .006)."


def adler() -> Record:
    """A trial: arms with means before and after, an effect whose significance must be computed."""
    people = "We randomised 400 adults aged 65-85 years to vitamin D or placebo."
    dose = "The active group took 800-1000 IU by mouth every day for 12 months."
    hips = "Hip fractures did not differ much (HR 0.95, 95% CI 0.70-1.30)."
    levels = "Serum 25(OH)D rose from 51.0 (SD 10.0) to 81.0 (12.5) against 52.0 (11.0) nmol/L (P < .001)."
    text = "\n".join(["Vitamin D and falls", people, dose, FALLS, hips, levels])
    mean = {"measure": "mean", "unit": "nmol/L", "outcome": "o2", "contrast": "single_arm"}
    study = Study(
        id="s1", label="Adler 2020", design="randomized controlled trial", year=2020,
        title="Vitamin D and falls", doi="10.1000/adler.2020", registry_ids=("NCT00000001",),
        authors=("Adler A", "Beck B"), journal="J Falls", n_participants=400, countries=("Austria",),
        populations=(
            Population(id="p1", label="older adults", n=400, age_low=65, age_high=85,
                       evidence=spans(text, people)),
        ),
        interventions=(
            Intervention(id="i1", label="vitamin D", role="intervention", concept="MESH:D014807"),
            Intervention(id="i2", label="placebo", role="comparator"),
        ),
        doses=(
            Dose(id="d1", intervention="i1", low=800, high=1000, unit="[iU]", raw_unit="IU",
                 frequency="every day", times_per_day_low=1, times_per_day_high=1, route="oral",
                 duration="for 12 months", duration_days_low=365, duration_days_high=365,
                 per_day_low=800, per_day_high=1000, cumulative_low=292000, cumulative_high=365000,
                 evidence=spans(text, dose)),
        ),
        arms=(
            Arm(id="a1", label="vitamin D", role="experimental", population="p1",
                interventions=("i1",), doses=("d1",), n=201, evidence=spans(text, dose)),
            Arm(id="a2", label="placebo", role="control", population="p1", interventions=("i2",), n=199),
        ),
        outcomes=(
            Outcome(id="o1", label="fall risk"),
            Outcome(id="o2", label="serum 25(OH)D"),
            Outcome(id="o3", label="hip fracture"),
        ),
        effects=(
            Effect(id="e1", intervention="i1", comparator="i2", population="p1", outcome="o1",
                   measure="RR", value=0.81, ci_level=95, ci_low=0.70, ci_high=0.94, p_operator="=",
                   p_value=0.006, contrast="between_groups", arm="a1", direction="decrease",
                   significant=True, confidence=0.9,
                   evidence=spans(text, FALLS, "RR 0.81, 95% CI 0.70-0.94; P = .006")),
            Effect(id="e2", intervention="i1", comparator="i2", population="p1", outcome="o3",
                   measure="HR", value=0.95, ci_level=95, ci_low=0.70, ci_high=1.30,
                   contrast="between_groups", arm="a1", direction="no_difference",
                   evidence=spans(text, hips)),
            Effect(id="e3", intervention="i1", arm="a1", value=51.0, sd=10.0, timepoint="baseline",
                   evidence=spans(text, levels, "51.0 (SD 10.0)"), **mean),
            Effect(id="e4", intervention="i1", comparator="i2", arm="a1", value=81.0, sd=12.5,
                   p_operator="<", p_value=0.001, direction="increase", significant=True,
                   baseline="e3", timepoint="12 months",
                   evidence=spans(text, levels, "81.0 (12.5)"), **mean),
            Effect(id="e5", intervention="i2", comparator="i1", arm="a2", value=52.0, sd=11.0,
                   p_operator="<", p_value=0.001, direction="decrease", significant=True,
                   timepoint="12 months", evidence=spans(text, levels, "52.0 (11.0)"), **mean),
        ),
        evidence=spans(text, people),
    )  # fmt: skip
    place = text.index("Vitamin D lowered")
    return Record(
        document=document("a/adler.txt", text, title="Vitamin D and falls"),
        studies=(study,),
        concepts=(VITAMIN_D,),
        mentions=(
            Mention(kind="intervention", start_char=place, end_char=place + 9, text="Vitamin D",
                    concept="MESH:D014807"),
        ),
    )  # fmt: skip


VITAMIN_D = Concept(
    id="MESH:D014807", label="vitamin D", kind="intervention", xrefs=("CHEBI:27300",)
)


def adler_again() -> Record:
    """The same trial on a web page, told by PMID and DOI, with another number of people."""
    weekly = "Placebo by mouth once a week for 12 months"
    text = f"A page about a trial in 403 people. {FALLS} Falls fell by 19% overall. {weekly}."
    study = Study(
        id="s1", label="ADLER 2020", design="other", year=2020, title="VITAMIN D AND FALLS",
        doi="https://doi.org/10.1000/ADLER.2020", pmid="11111111", n_participants=403,
        populations=(Population(id="p1", label="older adults", n=400, age_low=65, age_high=85),),
        interventions=(
            Intervention(id="i1", label="Vitamin D", role="intervention", concept="MESH:D014807"),
            Intervention(id="i2", label="Placebo", role="comparator"),
        ),
        regimens=(
            Regimen(id="g1", intervention="i2", interval_days_low=7, interval_days_high=7,
                    frequency="once a week", route="oral", duration="12 months",
                    duration_days_low=365, duration_days_high=365, evidence=spans(text, weekly)),
        ),
        arms=(
            Arm(id="a1", label="Vitamin D", role="experimental", n=201, interventions=("i1",)),
            Arm(id="a2", label="placebo", role="control", n=199, interventions=("i2",), regimens=("g1",)),
        ),
        outcomes=(Outcome(id="o1", label="Fall risk"),),
        effects=(
            Effect(id="e1", intervention="i1", comparator="i2", population="p1", outcome="o1",
                   measure="RR", value=0.81, ci_level=95, ci_low=0.70, ci_high=0.94, p_operator="=",
                   p_value=0.006, contrast="between_groups", arm="a1", direction="decrease",
                   significant=True, confidence=0.8, evidence=spans(text, FALLS)),
            Effect(id="e2", intervention="i1", comparator="i2", outcome="o1",
                   measure="percent_change", value=-19.0, unit="%", direction="decrease",
                   evidence=spans(text, "Falls fell by 19% overall.", "19%")),
        ),
        evidence=spans(text, "403 people"),
    )  # fmt: skip
    return Record(
        document=document("b/page.md", text, url="https://example.org/page"),
        studies=(study,),
        concepts=(VITAMIN_D,),
    )


def baker() -> Record:
    """A cohort where a combination does the opposite of its part; findings in words; no DOI."""
    dose = "300,000 IU was injected once every 7-10 days, 4-6 times in total."
    alone = "Vitamin D alone reduced calcification, vitamin D with calcium raised it (P<0.0001)."
    urine = "Urine calcium rose after vitamin D alone."
    text = f"A cohort of 290 patients. {dose} {alone} {urine}"
    finding = {"measure": "direction_only", "evidence": spans(text, alone, "P<0.0001"),
               "p_operator": "<", "p_value": 0.0001, "significant": True, "outcome": "o1",
               "contrast": "between_groups"}  # fmt: skip
    study = Study(
        id="s1", label="Baker 2021", design="cohort", n_participants=290, year=2021,
        interventions=(
            Intervention(id="i1", label="vitamin D alone", role="intervention"),
            Intervention(id="i2", label="vitamin D with calcium", role="intervention"),
            Intervention(id="i3", label="vitamin D", role="co-intervention", concept="MESH:D014807"),
        ),
        doses=(
            Dose(id="d1", intervention="i1", low=300000, high=300000, unit="[iU]", raw_unit="IU",
                 interval_days_low=7, interval_days_high=10, frequency="once every 7-10 days",
                 route="intramuscular", doses_low=4, doses_high=6, per_day_low=30000,
                 per_day_high=42857.1, cumulative_low=1200000, cumulative_high=1800000,
                 evidence=spans(text, dose)),
        ),
        outcomes=(
            Outcome(id="o1", label="vascular calcification"),
            Outcome(id="o2", label="urine calcium"),
        ),
        effects=(
            Effect(id="e1", intervention="i1", comparator="i2", direction="decrease", **finding),
            Effect(id="e2", intervention="i2", comparator="i1", direction="increase", **finding),
            Effect(id="e3", intervention="i1", outcome="o2", measure="direction_only",
                   contrast="before_after", direction="increase", evidence=spans(text, urine)),
        ),
        evidence=spans(text, "A cohort of 290 patients."),
    )  # fmt: skip
    return Record(document=document("c/baker.txt", text), studies=(study,), concepts=(VITAMIN_D,))


def clark() -> Record:
    """A meta-analysis with two component studies, one of them with values before and after."""
    pooled = "Exercise lowered pain (SMD -0.60, 95% CI -0.95 to -0.25; I2 = 40%; P = 0.0008)."
    dorn = "Dorn 2019 20 knee pain exercise before 7.0 (2.0) after 4.0 (1.5)"
    egli = "Egli 2018 30 knee pain exercise MD -1.2"
    text = f"Two studies were pooled. {pooled} Table: {dorn} {egli}"
    mean = {"measure": "mean", "intervention": "i1", "outcome": "o1", "arm": "a1", "n": 20,
            "contrast": "single_arm"}  # fmt: skip
    exercise = Intervention(id="i1", label="exercise", role="intervention")
    pain = Outcome(id="o1", label="pain", instrument="VAS")
    patients = Population(id="p1", label="patients with knee pain", n=20, condition="knee pain")
    studies = (
        Study(
            id="s1", label="Clark 2022", design="meta-analysis", year=2022, doi="10.1000/CLARK",
            n_studies=2, n_participants=50, search_date="2021-05-01", interventions=(exercise,),
            outcomes=(pain,),
            effects=(
                Effect(id="e1", intervention="i1", outcome="o1", measure="SMD", value=-0.60,
                       ci_level=95, ci_low=-0.95, ci_high=-0.25, p_operator="=", p_value=0.0008,
                       i2=40, model="random effects", direction="decrease", contrast="between_groups",
                       checks=(Check(code="ci_p", severity="info", message="p fits the interval"),),
                       evidence=spans(text, pooled, "SMD -0.60")),
            ),
            evidence=spans(text, "Two studies were pooled."),
        ),
        Study(
            id="s2", label="Dorn 2019", kind="component", part_of="s1", year=2019, n_participants=20,
            populations=(patients,), interventions=(exercise,), outcomes=(pain,),
            arms=(Arm(id="a1", label="exercise", role="experimental", population="p1", n=20,
                      interventions=("i1",)),),
            effects=(
                Effect(id="e1", value=7.0, sd=2.0, timepoint="before", **mean,
                       evidence=spans(text, dorn, "7.0 (2.0)")),
                Effect(id="e2", value=4.0, sd=1.5, baseline="e1", direction="decrease", **mean,
                       evidence=spans(text, dorn, "4.0 (1.5)")),
            ),
            evidence=spans(text, dorn),
        ),
        Study(
            id="s3", label="Egli 2018", kind="component", part_of="s1", year=2018, n_participants=30,
            interventions=(exercise,), outcomes=(pain,),
            effects=(
                Effect(id="e1", intervention="i1", outcome="o1", measure="MD", value=-1.2,
                       direction="decrease", contrast="between_groups", significant=False,
                       evidence=spans(text, egli, "MD -1.2"),
                       repairs=(Repair(before="MD 1.2", after="MD -1.2", reason="lost sign"),)),
            ),
            evidence=spans(text, egli),
        ),
    )  # fmt: skip
    return Record(document=document("d/clark.txt", text), studies=studies)


CONDITIONS = (
    Concept(id="DOID:2377", label="multiple sclerosis", kind="condition", xrefs=("MESH:D009103",),
            broader=("DOID:0060039",)),
    Concept(id="DOID:0060039", label="autoimmune disease of the nervous system", kind="condition",
            broader=("DOID:417",)),
    Concept(id="DOID:417", label="autoimmune disease", kind="condition"),
)  # fmt: skip


def fuchs() -> Record:
    """A case-control study: an exposure, a dose response, a hypothesis that is no result."""
    people = "120 patients with multiple sclerosis and 240 controls took part."
    odds = "Vitamin D deficiency went with multiple sclerosis (OR 2.40, 95% CI 1.30-4.43)."
    each = "Each 20 nmol/L more went with lower odds (OR 0.86 per 20 nmol/L; p = 0.02)."
    doubt = "Deficiency might also hasten relapse."
    text = f"{people} {odds} {each} {doubt}"
    study = Study(
        id="s1", label="Fuchs 2019", design="case-control", year=2019, pmid="22222222",
        n_participants=360,
        populations=(
            Population(id="p1", label="patients with multiple sclerosis", n=120,
                       condition="DOID:2377", evidence=spans(text, people)),
            Population(id="p2", label="controls", n=240, evidence=spans(text, people)),
        ),
        interventions=(
            Intervention(id="i1", label="vitamin D deficiency", role="exposure"),
            Intervention(id="i2", label="serum 25(OH)D", role="exposure"),
        ),
        outcomes=(Outcome(id="o1", label="multiple sclerosis"), Outcome(id="o2", label="relapse")),
        effects=(
            Effect(id="e1", intervention="i1", population="p1", outcome="o1", measure="OR", value=2.4,
                   ci_level=95, ci_low=1.30, ci_high=4.43, contrast="association",
                   direction="increase", evidence=spans(text, odds, "OR 2.40, 95% CI 1.30-4.43")),
            Effect(id="e2", intervention="i2", population="p1", outcome="o1", measure="OR", value=0.86,
                   p_operator="=", p_value=0.02, per="per 20 nmol/L", contrast="association",
                   direction="decrease", adjusted=True, evidence=spans(text, each, "OR 0.86")),
            Effect(id="e3", intervention="i1", outcome="o2", measure="direction_only",
                   contrast="association", direction="increase", reported_as="hypothesis",
                   evidence=spans(text, doubt)),
        ),
        evidence=spans(text, people),
    )  # fmt: skip
    return Record(document=document("e/fuchs.txt", text), studies=(study,), concepts=CONDITIONS)


def gruber() -> Record:
    """A trial that contradicts another: one large dose a year raises the risk."""
    dose = "500,000 IU once a year by mouth"
    falls = "Falls became more frequent (RR 1.26, 95% CI 1.00 to 1.59; P = 0.047)."
    text = f"We gave {dose} to 2256 women aged 70 or older. {falls}"
    study = Study(
        id="s1", label="Gruber 2023", design="randomized controlled trial", year=2023,
        doi="10.1002/(sici)1097<1::aid-x>3.0.co;2-#", n_participants=2256,
        populations=(Population(id="p1", label="women aged 70 or older", n=2256, age_low=70,
                                female_percent=100, evidence=spans(text, "women aged 70 or older")),),
        interventions=(Intervention(id="i1", label="high-dose vitamin D", role="intervention"),),
        doses=(
            Dose(id="d1", intervention="i1", low=500000, high=500000, unit="[iU]", raw_unit="IU",
                 interval_days_low=365, interval_days_high=365, frequency="once a year", route="oral",
                 per_day_low=1369.86, per_day_high=1369.86, evidence=spans(text, dose)),
        ),
        outcomes=(Outcome(id="o1", label="fall risk"),),
        effects=(
            Effect(id="e1", intervention="i1", population="p1", outcome="o1", measure="RR", value=1.26,
                   ci_level=95, ci_low=1.0, ci_high=1.59, p_operator="=", p_value=0.047,
                   contrast="between_groups", direction="increase",
                   evidence=spans(text, falls, "RR 1.26")),
        ),
    )  # fmt: skip
    return Record(document=document("f/gruber.txt", text), studies=(study,), concepts=(VITAMIN_D,))


def guide() -> Record:
    """A guideline, taken back since: advice with a dose, and a result of others as background."""
    advice = "Adults over 75 should take vitamin D 800 IU daily if their level is below 50 nmol/L."
    known = "Earlier work found fewer deaths with vitamin D."
    text = f"{known} {advice}"
    study = Study(
        id="s1", label="Guide 2024", design="guideline", year=2024,
        populations=(Population(id="p1", label="adults over 75", age_low=75),),
        interventions=(
            Intervention(id="i1", label="vitamin D", role="intervention", concept="MESH:D014807"),
        ),
        doses=(
            Dose(id="d1", intervention="i1", low=800, high=800, unit="[iU]", raw_unit="IU",
                 frequency="daily", per_day_low=800, per_day_high=800,
                 evidence=spans(text, "800 IU daily")),
        ),
        outcomes=(Outcome(id="o1", label="mortality"),),
        effects=(
            Effect(id="e1", intervention="i1", outcome="o1", measure="direction_only",
                   direction="decrease", reported_as="background", evidence=spans(text, known)),
        ),
        recommendations=(
            Recommendation(id="r1", intervention="i1", dose="d1", population="p1",
                           condition="level is below 50 nmol/L", target="50 nmol/L",
                           strength="should", evidence=spans(text, advice)),
        ),
    )  # fmt: skip
    record = Record(document=document("g/guide.txt", text), studies=(study,), concepts=(VITAMIN_D,))
    return note_retraction(record)


def small() -> list[Record]:
    """Return the records of the small graph."""
    return [adler(), adler_again(), baker(), clark(), fuchs(), gruber(), guide()]
