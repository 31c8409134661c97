"""What ``kg pool`` and ``kg plot`` are both asked: which studies, and how they are pooled."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from kg.cli.answers import complete_intervention
from kg.cli.console import DEFAULT_OUT, BuiltFolder
from kg.errors import PoolError

if TYPE_CHECKING:
    from kg.synthesis.analysis import Model, Synthesis
    from kg.synthesis.question import Question


class MethodName(StrEnum):
    """How estimates are pooled."""

    IV = "IV"
    MH = "MH"
    Peto = "Peto"
    DL = "DL"
    PM = "PM"
    REML = "REML"


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """A question to the graph, or a table of studies, and the model that pools what answers it."""

    intervention: Annotated[
        str | None,
        Argument(
            help="Intervention, or how a word of its name begins.",
            autocompletion=complete_intervention,
        ),
    ] = None
    outcome: Annotated[str | None, Argument(help="The same for the outcome.")] = None
    table: Annotated[
        Path | None,
        Option("--from", metavar="FILE.csv", help="Studies from a table instead of the graph."),
    ] = None
    measure: Annotated[
        str | None,
        Option(
            "--measure",
            "-m",
            help="RR, OR, HR, IRR, RD, MD, SMD, ROM, r; default: what most report.",
        ),
    ] = None
    unit: Annotated[
        str, Option(help="UCUM unit of mean differences; others are converted.")
    ] = ""  # fmt: skip
    method: Annotated[
        MethodName,
        Option(help="IV, MH, Peto: one common effect; DL, PM, REML: random effects."),
    ] = MethodName.REML
    knapp: Annotated[
        bool, Option("--knapp", help="Hartung-Knapp interval of a random-effects mean.")
    ] = False
    level: Annotated[float, Option(min=50, max=99.99, help="Of intervals, in percent.")] = 95.0
    by: Annotated[
        str, Option(help="Subgroups: design, dose, comparator ..., or a table's column.")
    ] = ""
    bands: Annotated[
        str,
        Option(
            metavar="EDGE,EDGE", help="Edges of daily doses for --by dose; default: their median."
        ),
    ] = ""
    contrast: Annotated[
        str,
        Option(
            help="between_groups, association, before_after or any; default: the first there is."
        ),
    ] = ""
    design: Annotated[str, Option(help="Only studies of a design, e.g. randomized.")] = ""
    against: Annotated[str, Option(help="Only against a comparator, e.g. placebo.")] = ""
    without: Annotated[
        list[str], Option(help="Pass over an effect (its id) or a study (its label).")
    ] = field(default_factory=list)
    subgroups: Annotated[
        bool, Option("--subgroups", help="Take results of subgroups of people too.")
    ] = False
    combinations: Annotated[
        bool, Option("--combinations", help="Take what was given together with others.")
    ] = False
    syntheses: Annotated[
        bool, Option("--syntheses", help="Take meta-analyses too: people may count twice.")
    ] = False
    convert: Annotated[
        bool, Option("--convert", help="Turn SMD into OR, or OR into SMD, as --measure says.")
    ] = False
    baseline_risk: Annotated[
        float | None,
        Option(min=0, max=1, help="Turns OR into RR at this risk without the intervention."),
    ] = None
    min_confidence: Annotated[float, Option(min=0, max=1, help="Of an effect's links.")] = 0.0
    out: BuiltFolder = DEFAULT_OUT

    @property
    def model(self) -> Model:
        """How to pool."""
        from kg.synthesis.analysis import Model

        return Model(self.method.value, self.knapp, self.level, self.by.strip())

    @property
    def question(self) -> Question | None:
        """What the graph is asked, ``None`` where a table is pooled instead.

        Raises
        ------
        PoolError
            If something is missing, unknown or goes ill with the rest; the message names the remedy.
        """
        from kg.synthesis.candidates import POOLABLE
        from kg.synthesis.question import Question
        from kg.vocabulary import CONTRASTS

        if self.table is not None:
            return None
        if not self.intervention or not self.outcome:
            raise PoolError(
                "name an intervention and an outcome, or a table with --from; see kg pool --help"
            )
        if self.measure is not None and self.measure not in POOLABLE:
            raise PoolError(f"{self.measure} is not pooled: there are {', '.join(POOLABLE)}")
        if self.contrast not in ("", "any", *CONTRASTS):
            raise PoolError(
                f"no contrast is called {self.contrast!r}: there are {', '.join(CONTRASTS)}, any"
            )
        if self.convert and self.measure not in ("SMD", "OR"):
            raise PoolError("--convert turns SMD into OR or OR into SMD: add --measure OR or SMD")
        if self.baseline_risk is not None and (
            self.measure != "RR" or not 0 < self.baseline_risk < 1
        ):
            raise PoolError("--baseline-risk, between 0 and 1, turns OR into RR: add --measure RR")
        return Question(
            self.intervention, self.outcome, POOLABLE.get(self.measure or ""), self.unit,
            self.contrast, self.design, self.against, tuple(self.without), self.subgroups,
            self.combinations, self.syntheses, self.convert, self.baseline_risk, self.min_confidence,
        )  # fmt: skip

    def synthesize(self) -> Synthesis:
        """Select what answers the question, or read the table, and pool it."""
        from kg.synthesis.analysis import synthesize

        question, model = self.question, self.model
        if question is None:
            from kg.synthesis.study_table import read_studies

            assert self.table is not None
            rows, usual = read_studies(self.table, self.measure)
            title = self.table.stem.replace("-", " ")
            return synthesize(rows, self.measure or usual, model, title)
        from kg.output import STORE
        from kg.store import Store
        from kg.synthesis.doses import band
        from kg.synthesis.selection import select_effects

        selection = select_effects(Store.open(self.out / STORE), question)
        contributions = selection.contributions
        if model.by == "dose":
            contributions = tuple(band(contributions, _edges(self.bands)))
            model = replace(model, by="dose band")
        return synthesize(
            contributions, selection.measure, model, question.title, selection.left_out
        )


def _edges(bands: str) -> list[float]:
    try:
        return [float(edge) for edge in bands.split(",") if edge.strip()]
    except ValueError as error:
        raise PoolError(f"--bands {bands}: write numbers with commas, e.g. 10,20") from error
