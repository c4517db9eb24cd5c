"""Everything that can be called, called with what belongs to another brand."""

from collections.abc import Sequence

import pytest
from graphql import GraphQLSchema

from tests.security.attack.brands import Theatre
from tests.security.attack.cases import Case
from tests.security.attack.coverage import needless, uncovered

pytestmark = pytest.mark.anyio
READ = "*"


async def test_nothing_of_another_brand_is_seen_or_changed(
    theatre: Theatre, calls: Sequence[Case], schema: GraphQLSchema
) -> None:
    report = await theatre.siege.lay(calls)
    missed = uncovered(report, calls, schema)
    print(f"{report} uncovered={missed}")  # noqa: T201 - the figure is wanted
    assert not report.leaks, "\n".join(report.leaks)
    assert not missed, "make a scene in which they are reached, or give a reason in coverage.py"
    assert not needless(report, calls, schema), "reasons in coverage.py for what is reached"


async def test_no_answer_depends_on_whether_other_brands_are_there(theatre: Theatre) -> None:
    changed = [call for call, answer in theatre.alone.items() if theatre.beside[call] != answer]
    answered = [answer for answer in theatre.alone.values() if not answer.get("errors")]
    print(f"readings={len(theatre.alone)} answered={len(answered)} changed={len(changed)}")  # noqa: T201 - wanted
    assert not changed
    assert len(answered) > 100
