"""What the attack gives for what is followed."""

from collections.abc import Mapping
from typing import Any

from tests.security.attack.sources import ORDER, STORE

SOURCES: Mapping[str, Mapping[str, Any]] = {
    "Subscription.orderUpdated": {"id": ORDER},
    "Subscription.storeOrders": {"storeId": STORE},
}
