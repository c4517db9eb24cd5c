"""What carts contribute."""

from collections.abc import Sequence

from core.carts.personal_data import PERSONAL_DATA
from core.carts.rules import CartRules
from core.hooks import hookimpl
from core.personal import PersonalData
from core.rules import Rules


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [CartRules]


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
