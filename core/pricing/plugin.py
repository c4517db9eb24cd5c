"""What pricing contributes."""

from core.hooks import hookimpl
from core.permission import Permission
from core.pricing.permissions import EXPLAIN
from core.pricing.rules import PricingRules
from core.rules import Rules


@hookimpl
def register_permissions() -> list[Permission]:
    return [EXPLAIN]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [PricingRules]
