"""Whatever is asked and whatever goes wrong, compiled execution answers as graphql-core does."""

import asyncio
import os
from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.difference.asking import Engines
from tests.difference.cases import BYTES, Cases
from tests.difference.comparison import Answer, differences, left_open
from tests.difference.fakes import of_all
from tests.difference.marks import CANCELLED

DOCUMENTS = int(os.environ.get("HEXMART_PROOF_DOCUMENTS", "1000"))  #: `make proof` asks for many more
COMPILED, WITH_DATA = 0.7, 0.75  #: below these the others would show little

pytestmark = [*CANCELLED]


@dataclass
class Figures:
    """What a run has seen."""

    documents: int = 0
    answers: int = 0
    with_data: int = 0
    with_errors: int = 0
    left_open: int = 0
    subtrees: Counter[str] = field(default_factory=Counter)

    def take(self, ours: Answer, theirs: Answer) -> None:
        """Count a pair of answers."""
        self.answers += 1
        self.with_data += theirs.data is not None
        self.with_errors += bool(theirs.errors)
        self.left_open += left_open(ours, theirs)

    @property
    def compiled(self) -> float:
        return self.subtrees["compiled"] / self.subtrees.total()

    def __str__(self) -> str:
        others = ", ".join(f"{count} {reason}" for reason, count in self.subtrees.most_common() if reason != "compiled")
        return (
            f"documents={self.documents} answers={self.answers} subtrees={self.subtrees.total()} "
            f"compiled={self.compiled:.1%} ({others}) data={self.with_data / self.answers:.1%} "
            f"errors={self.with_errors / self.answers:.1%} left open={self.left_open}"
        )


def test_both_executions_agree() -> None:
    fakes, figures = of_all(), Figures()
    cases, engines = Cases(fakes), Engines(fakes)

    @settings(max_examples=DOCUMENTS, deadline=None, phases=set(Phase) - {Phase.explain})
    @given(st.binary(min_size=BYTES, max_size=BYTES))
    def agree(decisions: bytes) -> None:
        case = cases.case(decisions)
        figures.documents += 1
        for request in case.requests:
            ours, theirs = runner.run(engines.both(request))
            figures.take(ours, theirs)
            if found := list(differences(ours, theirs, serial=case.serial)):
                pytest.fail(f"{found}\n{request}\n{ours}\n{theirs}")

    with asyncio.Runner() as runner:
        agree()
    figures.subtrees = engines.compiled.tally
    print(figures)  # noqa: T201 - the figures are wanted
    assert figures.documents >= DOCUMENTS
    assert figures.compiled >= COMPILED
    assert figures.with_data >= WITH_DATA * figures.answers
