"""What the schema gains and the attack does not know of stops it, with a sentence that says what to add."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest
from graphql import GraphQLSchema

from tests.security.attack import cases, tables
from tests.security.attack.brands import Theatre
from tests.security.attack.cases import Case, Unsourced
from tests.security.attack.coverage import REASONS, uncovered
from tests.security.attack.sides import Scene
from tests.security.attack.siege import Report
from tests.security.attack.tables import NODES, SOURCES
from tests.security.attack.things import things_for

pytestmark = pytest.mark.anyio


def without(table: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """A table that lacks an entry."""
    first, *rest = names
    below = {first: without(table[first], *rest)} if rest else {}
    return MappingProxyType({name: value for name, value in table.items() if name != first} | below)


@pytest.mark.parametrize(
    "names",
    [
        ("Query.cart", "id"),
        ("CartCreateInput", "storeId"),
        ("ProductVariant.stock", "storeId"),
        ("CouponsGiveInput", "couponId"),
    ],
)
def test_an_argument_without_a_source_is_named(
    schema: GraphQLSchema, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str]
) -> None:
    monkeypatch.setattr(cases, "SOURCES", without(SOURCES, *names))
    with pytest.raises(Unsourced, match=rf"^{'.'.join(names)} has no source: say in SOURCES"):
        cases.cases(schema)


def test_a_node_without_a_kind_is_named(schema: GraphQLSchema, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "NODES", without(NODES, "Order"))
    with pytest.raises(Unsourced, match=r"^Order is a node: say in NODES .* which kind of thing it is"):
        cases.cases(schema)


async def test_a_kind_that_no_scene_makes_is_named(
    theatre: Theatre, calls: Sequence[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_side: object, _caller: str) -> dict[str, Any]:
        return {}

    monkeypatch.setitem(tables.SCENES, "cartLineAdd", Scene(nothing))
    case = next(one for one in calls if one.root == "cartLineAdd")
    with pytest.raises(Unsourced, match=r"^cartLineAdd is given something of the kind 'cart', which no scene makes"):
        await things_for(theatre.siege.ours, case, "guest", case.slots)


def test_what_no_call_reaches_is_uncovered(schema: GraphQLSchema) -> None:
    missed = uncovered(Report(), cases.cases(schema), schema)
    assert {"cart", "cart id", "orderPlace input.cartId", "Order.lines", "CartPayload.warnings"} <= set(missed)
    assert not set(missed) & REASONS.keys()
