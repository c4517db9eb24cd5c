"""The machines' tables are whole: every state is reached, those that end end, and what they name exists."""

import pytest

from core.fulfilment.machine import ENDED, FULFILMENT
from core.machine import BUYER, CLOCK, EVERY_KIND, PLUGIN, PROVIDER, RULE, Machine
from core.orders.machine import ORDER, STANDS, summary
from core.payments.machine import PAYMENT, REFUNDING
from core.returns.machine import ENDED as OVER
from core.returns.machine import EVERY_RETURN, RETURNING
from hexmart.plugins import plugin_manager
from schema import enums
from tests.architecture.surface import graphql_of, served

SYSTEM = {BUYER, PROVIDER, CLOCK, PLUGIN, RULE}
MACHINES = (ORDER, FULFILMENT, PAYMENT, REFUNDING, RETURNING)
#: by the parts that it has
SUMMARIES = {
    ("WAITING",): "PAID",
    ("READY", "ACCEPTED"): "ACCEPTED",
    ("DISPATCHED", "DONE"): "DISPATCHED",
    ("DONE", "DONE"): "COMPLETED",
    ("REJECTED", "PREPARING"): "PREPARING",
}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_whatever_a_transition_leads_away_from_is_led_to(machine: Machine) -> None:
    followed = set(STANDS.values()) if machine is ORDER else set()
    assert {state for one in machine.transitions for state in one.after} <= {*machine.states, *followed}
    assert any(not one.after for one in machine.transitions)


def test_the_states_are_those_of_the_schema() -> None:
    assert {*ORDER.states, *STANDS.values()} == {one.value for one in enums.OrderStatus}
    assert set(FULFILMENT.states) == {one.value for one in enums.FulfilmentStatus} == {*STANDS, *ENDED}
    assert set(RETURNING.states) == {one.value for one in enums.ReturnStatus}
    assert set(EVERY_RETURN) == {one.value for one in enums.ReturnKind}
    assert set(PAYMENT.states) <= {one.value for one in enums.PaymentStatus}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_hand_is_known_and_every_action_is_a_mutation(machine: Machine) -> None:
    manager = plugin_manager()
    permissions = {one.name for some in manager.hook.register_permissions() for one in some}
    assert set(machine.hands) <= SYSTEM | permissions
    declared = graphql_of(served()).mutation_type
    assert declared is not None
    assert {one.action for one in machine.transitions if one.called} <= set(declared.fields)


@pytest.mark.parametrize(("parts", "status"), SUMMARIES.items())
def test_an_order_stands_where_the_least_advanced_of_its_parts_does(parts: tuple[str, ...], status: str) -> None:
    assert summary(parts) == status


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_nothing_follows_an_end(kind: str) -> None:
    for state in ("DONE", *ENDED):
        assert FULFILMENT.open_to(state, kind, FULFILMENT.hands, held=False) == []
    for state in ("CANCELLED", "REFUNDED"):
        assert ORDER.open_to(state, kind, ORDER.hands, held=False) == []


@pytest.mark.parametrize("kind", EVERY_RETURN)
def test_nothing_follows_the_end_of_a_return_and_every_other_state_has_one(kind: str) -> None:
    reached = [state for state in RETURNING.states if state not in OVER]
    assert all(RETURNING.open_to(state, kind, RETURNING.hands, held=False) == [] for state in OVER)
    within = {one.to for one in RETURNING.transitions if kind in one.kinds and one.to in reached}
    assert all(RETURNING.open_to(state, kind, RETURNING.hands, held=False) for state in within)
