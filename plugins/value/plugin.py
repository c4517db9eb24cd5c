"""Stored value: paid in beforehand, spent as a way to pay."""

from collections.abc import Sequence
from types import ModuleType

from core.books import Invariant
from core.extensions import Plugin
from core.hooks import hookimpl
from core.payments.provider import AnyProvider
from plugins.value.invariants import INVARIANTS
from plugins.value.provider import StoredValue
from plugins.value.schema import holding

PLUGIN = Plugin(
    name="value",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    core_revision="0043",
    summary="Members pay in beforehand, with a bonus where the brand gives one, and pay orders with what they have.",
)


@hookimpl
def payment_provider() -> AnyProvider:
    return StoredValue()


@hookimpl
def register_graphql() -> list[ModuleType]:
    return [holding]


@hookimpl
def register_invariants() -> Sequence[Invariant]:
    return INVARIANTS
