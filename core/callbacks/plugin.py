"""What callbacks contribute."""

from core.callbacks.rules import CallbackRules
from core.hooks import hookimpl
from core.rules import Rules


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [CallbackRules]
