"""Sentences that hold numbers and state no result must yield nothing."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers
from kg.numbers.estimates import find_statistics

NOTHING = [
    "Each rise of 10 ng/mL in 25-hydroxyvitamin D was examined.",
    "The model was refitted per 20 nmol/L of the exposure.",
    "Review Postgrad Med . 2024 Feb 29. doi: 10.1080/00325481.2024.2325335",
    "Author One 1 2 3, Second Author 1, Third Author 4, Fourth Author 5",
    "Published 12 March 2012; 23(4):285-291. Epub 2022 Feb 15.",
    "Last updated: November 2, 2025",
    "PMID: 22250141, PMCID: PMC3523612, NCT01234567, ISRCTN12345678",
    "A cohort of patients with type 2 diabetes in a phase 3 trial",
    "CD4, IL-2, IL-6, TNF-α, HbA1c, COVID-19, B12, SF-36, omega-3 and 25(OH)D3 were measured.",
    "Serum 25-hydroxyvitamin D, 1,25(OH)2D3 and 24,25-dihydroxyvitamin D were assayed.",
    "See Table 1, Figure 2 and Appendix 3.",
    "Blood was drawn on day 28, at week 12, and 6 and 12 months after birth.",
    "Samples were taken on d -43, -13, 46, and 89.",
    "Statistical significance was set at p < 0.05.",
    "A p value <0.05 was considered statistically significant.",
    "P values less than .05 were considered to indicate statistical significance.",
    "The significance level was defined as P < 0.01.",
    "Vitamin D deficiency (<30 ng/mL) and insufficiency (<40 ng/mL)",
    "levels ≥50 nmol/L or 30 ng/mL or greater",
    "patients aged 18-75 years",
    "women older than 65 years",
    "Statistical analysis was performed with RevMan 5.4 and Stata15.",
    "Mean differences and risk ratios with 95% confidence intervals were pooled.",
    "Risk ratios (RR) and 95% confidence intervals (CI) were calculated.",
    "300,000 IU once every 7-10 days, 4-6 times in total",
    "400, 800, 1600 or 2400 IU daily",
    "It may reduce inflammation in autoimmune conditions 1, 3",
    "Recheck levels at least 3 months after the start, as response varies 1, 5",
    "allocated 1:1 and followed for 5 years",
    "A 12-week, 5-arm, 10-site trial of a 20-item questionnaire",
    "Call +1 555 123 4567 or write to name@example.org",
    "between 2004 and 2008",
    "in the 2004-2008 survey",
    "Group 1 to group 4 were compared at visits 2, 3 and 5.",
    "twice daily for 3 weeks, three times per week",
    "chapter 5, pages 12-34, volume 7",
    "the null hypothesis of 5% significance level",
    "the 95th percentile and the 1st quartile",
    "grade 3 or 4, stage 2, class 1",
    "a 7.5% NaCl solution or 0.2% lidocaine gel",
    "at 10:30 on 3/4/2012",
    "HPV16 or 18 and ACR20/50/70",
    "version 2.0.1 of the software",
    "Grade 3 or 4 neutropenia was seen in both arms.",
    "Stools of types 1, 2 and 3 were counted apart.",
    "Costs did not differ between the two groups (95% CI -120; 340).",
    "Of the 48 patients who relapsed, most were young.",
    "Among these 48 eligible women, adherence was good.",
    "",
    "no digits at all",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_no_statistic(text: str) -> None:
    statistics, _ = find_statistics(text)
    assert [(s.measure, s.value, text[s.start_char : s.end_char]) for s in statistics] == []


def test_a_difference_between_groups_is_no_value_of_theirs() -> None:
    found = find_statistics("The scores differed among the three groups (P = 0.02).")[0]
    assert [(s.value, s.p_value) for s in found] == [(None, 0.02)]


def test_the_parts_of_those_told_of_are_read() -> None:
    text = "Of the 48 patients who relapsed, 17 took the drug and 31 took placebo."
    assert [s.value for s in find_statistics(text)[0]] == [17, 31]


def test_a_percentage_with_a_comparator_is_a_bound() -> None:
    (statistic,) = find_statistics(">80% of participants in both groups achieved sufficiency")[0]
    assert (statistic.value, statistic.comparator_bound) == (80, ">")


def test_an_interval_without_its_value_is_noticed() -> None:
    statistics, notices = find_statistics("It rose (95% CI 1.2 to 3.4).")
    assert statistics == []
    assert [n.code for n in notices] == ["interval_without_value"]


def test_a_count_in_words_takes_no_percent_sign_from_its_neighbour() -> None:
    text = "two under vitamin D3 (2/148, 1.4%) against eight under placebo (8/99, 8.1%)"
    found = read_numbers(text).statistics
    assert [s.unit for s in found if s.printed_value == "eight"] == [None]
    assert [s.value for s in found if s.unit == "%"] == [1.4, 8.1]
