"""What applies of one stage: all that stack, or the one thing that does not."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.pricing.adjustments import Adjustment, Step
from core.pricing.standing import Standing, refused

_BEATEN = "It does not go together with another offer of its stage, which is worth more."


@dataclass(frozen=True, slots=True)
class Candidate:
    """An adjustment and the plugin that offers it."""

    plugin: str
    adjustment: Adjustment

    @property
    def rank(self) -> tuple[str, ...]:
        """What its turn depends on: all that it is, and nothing of how it came here."""
        one = self.adjustment
        says = (one.source, self.plugin, one.code or "", repr(one.effect), one.label, one.reason, str(one.subject_id))
        meant = (str(one.alone), str(sorted(one.excludes)), str(one.lines and sorted(map(str, one.lines))))
        return (*says, *meant)


@dataclass(frozen=True, slots=True)
class _Choice:
    """Some candidates of a stage, and what comes of them."""

    chosen: Sequence[Candidate]
    standing: Standing
    steps: list[Step]

    @property
    def rank(self) -> tuple[int, tuple[str, ...]]:
        """The smallest is best for the shopper; where it makes no difference, the smaller source."""
        return sum(step.amount for step in self.steps), self.chosen[0].rank


def choose(standing: Standing, candidates: Sequence[Candidate]) -> tuple[Standing, list[Step]]:
    """Apply what is best for the shopper of a stage; the steps tell of the others as well."""
    if len(candidates) == 1:  # as nearly always: there is nothing to choose from
        only = _apply(standing, candidates)
        return only.standing, only.steps
    ordered = sorted(candidates, key=lambda one: one.rank)
    stacking = [one for one in ordered if not one.adjustment.alone]
    choices = [*([stacking] if stacking else []), *([one] for one in ordered if one.adjustment.alone)]
    best = min((_apply(standing, choice) for choice in choices), key=lambda choice: choice.rank)
    beaten = [one for one in ordered if one not in best.chosen]
    return best.standing, [*best.steps, *(refused(one.plugin, one.adjustment, _BEATEN) for one in beaten)]


def _apply(standing: Standing, chosen: Sequence[Candidate]) -> _Choice:
    steps: list[Step] = []
    for one in chosen:
        standing, step = standing.take(one.plugin, one.adjustment)
        steps.append(step)
    return _Choice(chosen, standing, steps)
