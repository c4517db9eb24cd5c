"""What can be wrong with the books of core, and who finds it."""

from typing import NamedTuple


class Fault(NamedTuple):
    """What was planted, and which invariants find it; no other does."""

    planted: str  #: a statement whose $1 is the brand
    found_by: set[str]  #: the keys of invariants
    past: tuple[str, ...] = ()  #: tables whose conditions would not have let it happen


def at(table: str, change: str, where: str = "true") -> str:
    """Change rows of the brand's by hand."""
    return f"UPDATE {table} SET {change} WHERE tenant_id = $1 AND {where}"


def _without(event: str) -> str:
    return f"DELETE FROM outbox WHERE tenant_id = $1 AND name = '{event}'"


LONG_AGO = """
WITH long_ago AS (UPDATE {0} SET {1} = {1} - interval '2 hours' WHERE tenant_id = $1 AND {2})
"""
STEP = """
INSERT INTO order_adjustment (tenant_id, order_id, position, plugin, stage, kind, source, label, reason, amount,
    applied, shares)
SELECT $1, id, 99, 'x', 'COUPON', 'DISCOUNT', 'x', 'x', 'x', -5, true, '{}' FROM sales_order WHERE tenant_id = $1
"""
PAID = "SELECT id FROM sales_order WHERE tenant_id = $1 AND status = 'PAID' LIMIT 1"
NOTICE = """
INSERT INTO payment_notice (tenant_id, id, provider, notification_id, kind, subject_id, succeeded, reference, amount,
    currency, account, arrived_at, verdict)
SELECT $1, id, provider, 'n', 'PAYMENT', id, true, provider_reference, amount - 1, currency, account,
    app_now() - interval '2 hours', {} FROM payment WHERE tenant_id = $1 AND status = 'CAPTURED' LIMIT 1
"""
PARTS = """
WITH paid AS (
    INSERT INTO payment (tenant_id, id, order_id, provider, amount, currency, status, started_at)
    SELECT $1, id, id, 'x', 1, currency, 'CAPTURED', placed_at FROM sales_order
    WHERE tenant_id = $1 AND payment_status = 'CANCELLED' RETURNING order_id
)
UPDATE order_event SET at = app_now() - interval '2 hours'
WHERE tenant_id = $1 AND order_id IN (SELECT order_id FROM paid)
"""
STUCK = """
INSERT INTO delivery (tenant_id, event_id, subscriber, id, due_at)
SELECT $1, id, 'x', gen_random_uuid(), app_now() - interval '4 hours' FROM outbox WHERE tenant_id = $1
"""
CAME_IN = """
INSERT INTO till_conflict (tenant_id, id, store_id, reference, kind, facts, fingerprint, found_at)
SELECT $1, id, store_id, external_reference, 'REFUSED', '{"code": "NOT_FOUND"}', 'x', placed_at FROM sales_order
WHERE tenant_id = $1 AND external_reference IS NOT NULL LIMIT 1
"""
BRANDS = "account_id IN (SELECT id FROM ledger_account WHERE tenant_id = $1 AND member_id IS NULL)"
LOCATED = """
INSERT INTO member_location (tenant_id, member_id, cell, seen_at, expires_at)
SELECT $1, id, 1, app_now(), app_now() + interval '1 day' FROM member WHERE tenant_id = $1 LIMIT 1
"""
SPENT = "SELECT id FROM ledger_transaction WHERE tenant_id = $1 AND kind = 'test.spent' LIMIT 1"
#: what --repair sets right, and nothing else
DERIVED = {
    "more is reserved than promised": Fault(
        at("stock", "reserved = reserved + 1", "reserved > 0"), {"inventory.reserved"}
    ),
    "less is reserved than promised": Fault(at("stock", "reserved = 0", "reserved > 0"), {"inventory.reserved"}),
    "an order is held by nobody": Fault(at("sales_order", "held = true"), {"orders.held"}),
    "more was paid back than is known": Fault(
        at("sales_order", "refunded = refunded - 1", "refunded BETWEEN 1 AND payable - 1"), {"payments.refunded"}
    ),
    "a line was paid back by no refund": Fault(
        at("sales_order_line", "refunded_amount = refunded_amount - 1", "refunded_amount > 0"), {"payments.lines"}
    ),
    "somebody has more than was given": Fault(
        at("ledger_account", "available = available + 1", "available > 0"), {"ledger.balance"}
    ),
    "a shipment costs what nobody has charged": Fault(at("shipment", "cost = cost + 1"), {"deliveries.cost"}),
}
#: what a person has to look into
FACTS = {
    "something was given by nobody": Fault(
        at("ledger_posting", "amount = amount * 2", BRANDS), {"ledger.zero_sum", "points.spent"}
    ),
    "more of a lot is spent than was posted": Fault(
        at("ledger_lot", "spent = spent + 1", "spent < size AND NOT pending"), {"ledger.lots", "ledger.balance"}
    ),
    "somebody owes and has something": Fault(
        at("ledger_account", "debt = debt + 1", "available > 0"),
        {"ledger.below", "ledger.balance"},
        ("ledger_account",),
    ),
    "more went back than was taken": Fault(
        at("ledger_transaction", f"undoes_id = ({SPENT})", "kind = 'test.earned'"), {"ledger.undone"}
    ),
    "nobody lets lots expire": Fault(
        at("ledger_lot", "expires_at = app_now() - interval '2 hours'", "spent < size"), {"ledger.settled"}
    ),
    "somebody's place is kept who never agreed": Fault(LOCATED, {"consents.located"}),
    "a code was used for nothing": Fault(
        at("verification_code", "used_at = created_at, used_by = 'x'", "used_at IS NULL"), {"fulfilment.codes"}
    ),
    "a conflict names the sale of another till": Fault(
        at("till_conflict", "reference = 'another'", "kind = 'STOCK_SHORT'"), {"tills.about"}
    ),
    "what came in is still waited for": Fault(CAME_IN, {"tills.came_in"}),
    "more is reserved than there is": Fault(
        at("stock", "on_hand = 0", "reserved > 0"), {"inventory.reserved", "inventory.on_hand"}, ("stock",)
    ),
    "stock came from nowhere": Fault(at("stock", "on_hand = on_hand + 1"), {"inventory.on_hand"}),
    "the parts do not add up": Fault(
        at("sales_order", "points = points + 1"), {"orders.totals", "points.paid"}, ("sales_order",)
    ),
    "a discount that no step gave": Fault(
        at("sales_order", "items = items + 1, discounts = discounts + 1"), {"orders.items", "orders.steps"}
    ),
    "lines cost more than the order": Fault(
        at("sales_order_line", "total = total + 1, paid = paid + 1"), {"orders.items", "orders.paid"}
    ),
    "a line is paid with less than it costs": Fault(
        at("sales_order_line", "total = total + 1"), {"orders.items", "orders.lines"}
    ),
    "a step is nothing to any line": Fault(STEP, {"orders.steps", "orders.shares"}),
    "paid goods are free": Fault(
        at("reservation", "state = 'RELEASED'", "state = 'CLAIMED'"),
        {"inventory.reserved", "orders.reservations", "orders.whole"},
    ),
    "more was lost than anybody wrote off": Fault(
        at("transfer_line", "received = received - 1", "received > 0"), {"transfers.moved"}
    ),
    "what is on its way has arrived": Fault(
        at("transfer_line", "received = quantity", "received IS NULL"), {"transfers.received"}
    ),
    "a paid order's goods may not be sent": Fault(
        at("transfer", f"claim = 'OPEN', order_id = ({PAID})", "status = 'SENT'"), {"transfers.awaited"}
    ),
    "what was kept in stock is a bundle": Fault(at("variant", "bundle = true", "sku = 'BREAD'"), {"catalog.bundles"}),
    "a bundle is made of what is weighed": Fault(
        at("variant", "unit = 'GRAM'", "sku = 'MILK-2L'"), {"catalog.components"}
    ),
    "a bundle was made of more than its order keeps": Fault(
        at("sales_order_line_part", "quantity = quantity + 1"), {"orders.whole"}
    ),
    "nobody was told of an order": Fault(_without("orders.OrderPlaced"), {"orders.told"}, ("delivery",)),
    "nobody was told of an end": Fault(_without("orders.OrderCancelled"), {"orders.end_told"}, ("delivery",)),
    "nobody was told of a payment": Fault(
        _without("orders.OrderPaid"), {"orders.changes_told", "orders.told"}, ("delivery",)
    ),
    "nobody cancels unpaid orders": Fault(
        at("sales_order", "reserved_until = app_now() - interval '2 hours'", "reserved_until IS NOT NULL"),
        {"orders.released"},
    ),
    "an order is carried out unpaid": Fault(at("payment", "status = 'FAILED'"), {"payments.kept", "payments.refunded"}),
    "a part of an order that has ended is kept": Fault(PARTS, {"payments.parts"}),
    "a payment in another currency": Fault(at("payment", "currency = 'XXX'"), {"payments.amount"}),
    "one reference for two payments": Fault(
        at("payment", "provider_reference = 'same'"), {"payments.reference"}, ("payment",)
    ),
    "more is paid back than was paid": Fault(
        at("refund", "amount = 1000000"), {"payments.paid_back", "payments.refunded", "returns.paid", "payments.kept"}
    ),
    "a payment stands as if nothing had gone back": Fault(
        at("sales_order", "payment_status = 'CAPTURED'", "payment_status = 'PARTLY_REFUNDED'"), {"payments.standing"}
    ),
    "a provider's word has paid what it was not asked for": Fault(NOTICE.format("'CREDITED'"), {"payments.heard"}),
    "nobody looks at what providers tell": Fault(NOTICE.format("NULL"), {"payments.judged"}),
    "nobody asks for refunds": Fault(at("refund", "requested_at = app_now() - interval '2 days'"), {"payments.asked"}),
    "a store carries out too much": Fault(at("fulfilment_line", "quantity = quantity + 1"), {"fulfilment.carried"}),
    "a store is done too early": Fault(at("fulfilment", "status = 'DONE'"), {"fulfilment.stands", "fulfilment.codes"}),
    "goods on their way are in the store": Fault(
        at("fulfilment", "status = 'READY'", "status = 'DISPATCHED'"), {"fulfilment.stands", "deliveries.left"}
    ),
    "what was delivered is charged as cancelled": Fault(
        at("shipment", "settled_at = app_now()", "state = 'DELIVERED'"), {"deliveries.settled"}
    ),
    "nobody has what a courier has": Fault(
        at("courier_call", "winner_id = NULL, status = 'CALLING'", "status = 'TAKEN'"), {"deliveries.carried_once"}
    ),
    "a courier is looked for who was found": Fault(
        at("courier_call", "status = 'CALLING'", "status = 'TAKEN'"), {"deliveries.won"}
    ),
    "more came back than was bought": Fault(
        at("sales_return_line", "quantity = quantity + 9, received = received + 9, refunded = refunded"),
        {"returns.bought"},
        ("sales_return_line",),
    ),
    "a return has paid more than its refund": Fault(
        at("sales_return", "amount = amount + 1", "amount > 0"), {"returns.paid"}
    ),
    "the delivery went back twice": Fault(
        at("sales_return", "freight = freight + 600", "freight > 0"), {"returns.freight"}, ("sales_return",)
    ),
    "what came back is not on the shelf": Fault(
        at("sales_return_line", "sellable = sellable - 1", "refunded > 0"), {"returns.shelved"}
    ),
    "what was handed out is on the shelf": Fault(
        at("replacement", "state = 'LET_GO'", "state = 'HANDED_OUT'"), {"returns.handed_out"}
    ),
    "nothing is kept for an exchange": Fault(
        at("replacement", "state = 'LET_GO'", "state = 'HELD'"), {"returns.kept", "inventory.reserved"}
    ),
    "nobody closes a return": Fault(
        at("sales_return", "due_at = app_now() - interval '2 days'", "status = 'APPROVED'"), {"returns.closed"}
    ),
    "a shipment has another rank": Fault(at("shipment", "rank = 5", "state = 'CANCELLED'"), {"deliveries.ranked"}),
    "nobody has told of a delivery": Fault(
        "DELETE FROM shipment_event WHERE tenant_id = $1 AND state = 'DELIVERED'", {"deliveries.said"}
    ),
    "nobody asks about a shipment": Fault(
        at("shipment", "look_at = app_now() - interval '2 days'", "state = 'PICKED_UP'"), {"deliveries.looked_at"}
    ),
    "nobody cancels a shipment": Fault(
        at("shipment", "given_up_at = app_now() - interval '2 days'", "state = 'PICKED_UP'"), {"deliveries.cancelled"}
    ),
    "more has come than was taken in": Fault(at("purchase_order_line", "received = received + 1"), {"supply.received"}),
    "nobody wrote down what was damaged": Fault(at("receipt_line", "damaged = 0"), {"supply.received"}),
    "a purchase has earned more than was given": Fault(at("points_earning", "points = points + 1"), {"points.earned"}),
    "points of what was paid back stay": Fault(
        LONG_AGO.format("refund", "requested_at", "true")
        + at("points_earning", "taken_back = 0", "taken_back = points"),
        {"points.taken_back"},
    ),
    "an order has cost more points than it took": Fault(at("points_spending", "points = points + 1"), {"points.spent"}),
    "points pay more than the step of the price": Fault(
        at("order_adjustment", "amount = amount - 5", "kind = 'POINTS'"), {"points.paid", "orders.shares"}
    ),
    "points of what was called off are gone": Fault(
        LONG_AGO.format("order_event", "at", "name = 'cancelled'")
        + at("points_spending", "given_back = 0", "given_back = points"),
        {"points.given_back", "points.went_back"},
    ),
    "points are noted as back that nobody has": Fault(
        at("points_spending", "given_back = points", "given_back = 0"), {"points.went_back"}
    ),
    "a key without a result": Fault(at("idempotency_key", "result = NULL"), {"idempotency.answered"}),
    "nobody forgets keys": Fault(
        at("idempotency_key", "created_at = app_now() - interval '4 days'"), {"idempotency.forgotten"}
    ),
    "nobody expands events": Fault(at("outbox", "at = app_now() - interval '2 hours'"), {"events.dispatched"}),
    "nobody delivers events": Fault(STUCK, {"events.delivered"}),
}
