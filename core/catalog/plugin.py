"""What the catalog contributes."""

from core.catalog.rules import CatalogRules
from core.hooks import hookimpl
from core.rules import Rules


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [CatalogRules]
