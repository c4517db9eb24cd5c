"""What one person may do reaches as far as what another may, or does not."""

from uuid import UUID

import pytest

from core.access import Grants, covers

A, B = UUID(int=1), UUID(int=2)
BOTH = frozenset({A, B})
JUST_A, NOWHERE = frozenset({A}), frozenset[UUID]()


@pytest.mark.parametrize(
    ("held", "wanted", "enough"),
    [
        ({}, {}, True),
        ({"a.b": None}, {}, True),
        ({}, {"a.b": None}, False),
        ({}, {"a.b": NOWHERE}, False),
        ({"a.b": None}, {"a.b": None}, True),
        ({"a.b": None}, {"a.b": BOTH}, True),
        ({"a.b": BOTH}, {"a.b": None}, False),
        ({"a.b": BOTH}, {"a.b": JUST_A}, True),
        ({"a.b": JUST_A}, {"a.b": BOTH}, False),
        ({"a.b": JUST_A}, {"a.b": NOWHERE}, True),
        ({"a.b": None}, {"a.b": None, "c.d": JUST_A}, False),
        ({"*": None}, {"a.b": None, "*": None, "off.plugin": JUST_A}, True),
        ({"*": JUST_A}, {"a.b": JUST_A, "*": JUST_A}, True),
        ({"*": JUST_A}, {"a.b": BOTH}, False),
        ({"*": JUST_A, "a.b": frozenset({B})}, {"a.b": BOTH}, True),
        ({"*": JUST_A, "a.b": frozenset({B})}, {"*": BOTH}, False),
        ({"a.b": None, "c.d": None}, {"*": JUST_A}, False),
    ],
)
def test_all_of_it_has_to_be_held_in_all_places(held: Grants, wanted: Grants, enough: bool) -> None:
    assert covers(held, wanted) is enough
