"""What fulfilment contributes."""

from core.fulfilment.service import PICKUP_CODE, hand_over
from core.hooks import hookimpl
from core.verification.handler import CodeKind


@hookimpl
def register_codes() -> list[CodeKind]:
    return [CodeKind(PICKUP_CODE, hand_over)]
