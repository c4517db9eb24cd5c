"""What stores contribute."""

from core.hooks import hookimpl
from core.rules import Rules
from core.stores.rules import StoreRules


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [StoreRules]
