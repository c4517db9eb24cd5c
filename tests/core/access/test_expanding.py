"""What one person may do, worked out of their roles."""

from uuid import UUID

import pytest

from core.access import EVERYWHERE, Policy, Scope, expand

IN, OUT, NORTH = UUID(int=1), UUID(int=2), UUID(int=3)
PERMISSIONS = frozenset({("clerk", "orders.read"), ("manager", "stock.adjust"), ("owner", "*")})
VOCABULARY = frozenset({"orders.read", "stock.adjust", "apps.manage"})


def policy(*assignments: tuple[str, Scope], inside: UUID = IN) -> Policy:
    """Somebody with these roles, where one store lies in the region."""
    return Policy(
        tenant="1",
        permissions=PERMISSIONS,
        assignments=frozenset(("", role, scope.name) for role, scope in assignments),
        regions=frozenset({(Scope(region_id=NORTH).name, inside)}),
        vocabulary=VOCABULARY,
    )


@pytest.mark.parametrize(("inside", "outside"), [(IN, OUT), (OUT, IN)])
def test_a_store_in_a_region_is_not_asked_for_one_outside(inside: UUID, outside: UUID) -> None:
    both = [("clerk", Scope(store_id=inside)), ("clerk", Scope(store_id=outside))]
    found = expand(policy(*both, ("manager", Scope(region_id=NORTH)), inside=inside))
    assert found == {"orders.read": frozenset({inside, outside}), "stock.adjust": frozenset({inside})}


def test_stores_with_the_same_roles_are_all_reached() -> None:
    stores = [UUID(int=number) for number in range(10, 20)]
    found = expand(policy(*[("clerk", Scope(store_id=store)) for store in stores], ("manager", Scope(store_id=OUT))))
    assert found == {"orders.read": frozenset(stores), "stock.adjust": frozenset({OUT})}


def test_everywhere_is_more_than_every_store() -> None:
    found = expand(policy(("clerk", EVERYWHERE), ("clerk", Scope(store_id=IN)), ("manager", Scope(store_id=OUT))))
    assert found == {"orders.read": None, "stock.adjust": frozenset({OUT})}


def test_who_may_do_everything_may_do_what_there_is_and_that_alone() -> None:
    found = expand(policy(("owner", Scope(store_id=IN))))
    assert found == dict.fromkeys([*VOCABULARY, "*"], frozenset({IN}))
    assert expand(policy()) == {}
