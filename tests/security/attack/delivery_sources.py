"""What the attack gives to calls that are about shipments."""

from collections.abc import Mapping
from typing import Any

from tests.security.attack.sources import KEY, Of

SHIPMENT = Of("shipment")
PARTS: Mapping[str, Of] = {"Shipment": SHIPMENT}
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "Query.deliveryQuotes": {"orderId": Of("order.delivered"), "fulfilmentId": Of("fulfilment.delivered")},
    "ShipmentCancelInput": {"shipmentId": SHIPMENT, "reason": "no courier"},
    "ShipmentTipInput": {"shipmentId": SHIPMENT, "amount": "1.00", "idempotencyKey": KEY},
}
