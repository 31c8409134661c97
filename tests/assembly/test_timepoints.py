"""Each value has the time at which it was measured, where its sentence tells several too."""

from __future__ import annotations

import pytest

from kg.assembly.arms import read_arms
from kg.assembly.evidence import make_context, read_evidence
from kg.assembly.link import Link
from kg.assembly.timepoints import find_timepoints
from kg.pipeline import annotate, make_nlp
from tests.assembly.make_reading import make_reading


def times_of(text: str) -> dict[str, str | None]:
    """Return the time of each printed value; all numbers are taken for results."""
    reading = make_reading(text, "results")
    context = make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))
    links = {k: Link(k, 1.0, measure="mean") for k in range(len(context.statistics))}
    found = find_timepoints(context, links, read_arms(context, links))
    return {s.printed_value or "p": found.get(k) for k, s in enumerate(context.statistics)}


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("At 18 months, pain had resolved in 64% of the yoga group and 41% of controls.", {"64": "18 months", "41": "18 months"}),
        ("Mean pressure was 14.2 mmHg at week 4 and 12.9 mmHg at week 16.", {"14.2": "week 4", "12.9": "week 16"}),
        ("Relapse was rarer with zinc at 3 months (11% vs 19%) and 9 months (23% vs 37%).",
         {"11": "3 months", "19": "3 months", "23": "9 months", "37": "9 months"}),
        ("Weight fell by 2.1 and 3.4 kg in the zinc group and by 0.6 and 0.9 kg in the placebo group after 8 and 20 weeks, respectively.",
         {"2.1": "8 weeks", "3.4": "20 weeks", "0.6": "8 weeks", "0.9": "20 weeks"}),
        ("Three-year survival was 71% and 58%, respectively.", {"71": "Three-year", "58": "Three-year"}),
        ("At the last follow-up visit, 35% of the stent group smoked.", {"35": "last follow-up visit"}),
        ("Within 30 days 4.5% of patients died.", {"4.5": "Within 30 days"}),
        ("The reduction from baseline was 6.1 mmHg with timolol.", {"6.1": None}),
        ("Among those deficient at baseline, the rate was lower (rate ratio 0.57, 95% CI 0.33 to 0.98).", {"0.57": None}),
        ("Mean pressure was 13.7 ± 2.2 mmHg at 3 months, 14.8 ± 3.3 mmHg at 6 months and 14.9 ± 3.0 mmHg at 12 months.",
         {"13.7": "3 months", "14.8": "6 months", "14.9": "12 months"}),
        ("Pressure was lower with zinc at weeks 6 to 15 (12.6 vs 16.4 mmHg) and months 11-13 (11.4 vs 17.2 mmHg).",
         {"12.6": "weeks 6 to 15", "16.4": "weeks 6 to 15", "11.4": "months 11-13", "17.2": "months 11-13"}),
        ("HbA1c fell from 8.3% ± 0.9% at baseline to 7.1% ± 0.8% at week 16 (p<0.001).", {"8.3": "baseline", "7.1": "week 16"}),
        ("Response was seen in 31%, 44% and 58% of the yoga group at weeks 4, 8 and 12.", {"31": "week 4", "44": "week 8", "58": "week 12"}),
        ("Patients aged 12 months or more had a mean score of 7.4.", {"7.4": None}),
    ],
)  # fmt: skip
def test_a_value_has_its_time(text: str, times: dict[str, str | None]) -> None:
    found = times_of(text)
    assert {value: found[value] for value in times} == times
