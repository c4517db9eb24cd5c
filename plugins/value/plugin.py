"""Stored value: paid in beforehand, spent as a way to pay."""

from collections.abc import Sequence
from types import ModuleType

from core.books import Invariant
from core.extensions import Plugin
from core.hooks import hookimpl
from core.payments.provider import AnyProvider
from core.payments.purposes import Purpose
from core.permission import Permission
from core.personal import PersonalData
from core.rules import Rules
from plugins.value.invariants import INVARIANTS
from plugins.value.permissions import REFUND
from plugins.value.personal_data import PERSONAL_DATA
from plugins.value.provider import StoredValue
from plugins.value.rules import ValueRules
from plugins.value.schema import holding, paying_in
from plugins.value.topping_up import TopUps

PLUGIN = Plugin(
    name="value",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    core_revision="0038",
    summary="Members pay in beforehand, with a bonus where the brand gives one, and pay orders with what they have.",
)


@hookimpl
def payment_provider() -> AnyProvider:
    return StoredValue()


@hookimpl
def payment_purpose() -> Purpose:
    return TopUps()


@hookimpl
def register_permissions() -> list[Permission]:
    return [REFUND]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [ValueRules]


@hookimpl
def register_graphql() -> list[ModuleType]:
    return [holding, paying_in]


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA


@hookimpl
def register_invariants() -> Sequence[Invariant]:
    return INVARIANTS
