"""What carts contribute."""

from core.carts.rules import CartRules
from core.hooks import hookimpl
from core.rules import Rules


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [CartRules]
