"""What the attack gives to what points are about."""

from collections.abc import Mapping
from typing import Any

from tests.security.attack.sources import CART, CURSOR, KEY, Of

SOURCES: Mapping[str, Mapping[str, Any]] = {
    "Query.pointsStatement": {"memberId": Of("member"), "first": 5, "after": CURSOR},
    "CartPointsInput": {"cartId": CART, "points": 1},
    "PointsAdjustInput": {"memberId": Of("member"), "points": 5, "reason": "an apology", "idempotencyKey": KEY},
}
