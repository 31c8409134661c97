"""The groups that results count: of "16/17 patients in the anastrozole group" the 17."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.records import Arm, Effect, Population, content_id


def find_denominators(
    study: str, effects: Iterable[tuple[Effect, Arm | None]], told: Sequence[Population],
    total: int | None,
) -> list[Population]:  # fmt: skip
    """Return the wholes of which arms' results are parts, as populations named after their arm.

    What the text counts in words of its own is left out, and so is everybody.

    Parameters
    ----------
    study
        The study's identifier.
    effects
        Its effects, each with the arm it is a value of.
    told
        The populations that the text counts.
    total
        How many people are in the study.
    """
    known = {population.n for population in told} | {total}
    found: dict[str, Population] = {}
    for effect, arm in effects:
        if arm is None or effect.total is None or effect.total in known:
            continue
        identifier = content_id("pop", [study, arm.label.casefold(), effect.total])
        number = effect.evidence[-1]
        found.setdefault(
            identifier,
            Population(id=identifier, label=arm.label, n=effect.total, evidence=(number,)),
        )
    return list(found.values())
