"""Every root field says who may call it, in words that roles can grant."""

import pytest
from graphql import FieldDefinitionNode, ObjectTypeDefinitionNode, StringValueNode, parse

from core.access import OPERATOR, ROLES
from core.access.roles import EVERYTHING
from core.hookset import HookSet
from hexmart.plugins import plugin_manager
from hexmart.plugins.domains import CORE
from schema.compose import ComposedSchema

OPEN = {None, "member", "staff", "signed-in"}  #: what is asked of a caller without a permission
NOTHING = "(nothing)"


def accesses(sdl: str) -> dict[str, str | None]:
    """What each root field asks for; None: it is open to anyone."""
    kinds = [node for node in parse(sdl).definitions if isinstance(node, ObjectTypeDefinitionNode)]
    roots = [kind for kind in kinds if kind.name.value in {"Query", "Mutation", "Subscription"}]
    return {field.name.value: _access(field) for kind in roots for field in kind.fields or ()}


def _access(field: FieldDefinitionNode) -> str | None:
    for directive in field.directives or ():
        if directive.name.value == "access":
            values = [argument.value for argument in directive.arguments or () if argument.name.value == "permission"]
            return values[0].value if values and isinstance(values[0], StringValueNode) else None
    return NOTHING


@pytest.fixture(scope="module")
def vocabulary() -> set[str]:
    """Every permission that core's domains and the installed plugins register."""
    manager = plugin_manager()
    every = frozenset(name for name, _ in manager.list_name_plugin()) - set(CORE)
    return set(HookSet(manager, every).permissions)


def test_every_root_field_says_who_may_call_it(surface: ComposedSchema, vocabulary: set[str]) -> None:
    found = accesses(surface.as_str())
    assert {"orders", "couponsGrant", "groupBuyCampaignEnd"} <= set(found)
    assert not {name: asks for name, asks in found.items() if asks not in {*OPEN, *vocabulary}}


def test_a_root_field_without_access_would_be_found() -> None:
    sdl = 'type Query { a: Int @access(permission: "a.b") b: Int c: Int @access d: Int @access(permission: null) }'
    assert accesses(sdl) == {"a": "a.b", "b": NOTHING, "c": None, "d": None}


def test_every_permission_that_is_asked_for_or_granted_is_one_of_the_vocabulary(
    surface: ComposedSchema, vocabulary: set[str]
) -> None:
    granted = {name for role in (OPERATOR, *ROLES.values()) for name in role.permissions} - {EVERYTHING}
    assert granted <= vocabulary, "a role grants what nobody asks for by that name"
    asked = {asks for asks in accesses(surface.as_str()).values() if asks not in OPEN}
    assert asked <= vocabulary, "the owner's role covers the vocabulary"


def test_every_permission_is_named_domain_dot_verb(vocabulary: set[str]) -> None:
    assert not [
        name for name in vocabulary if name.count(".") != 1 or not name.replace(".", "").replace("_", "").isalpha()
    ]
