"""What pricing contributes."""

from core.hooks import hookimpl
from core.pricing.rules import PricingRules
from core.rules import Rules


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [PricingRules]
