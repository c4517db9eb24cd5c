"""Enumerations of the contract; rows hold the same words."""

from enum import StrEnum

import strawberry


@strawberry.enum(description="How an order reaches the shopper.")
class FulfilmentKind(StrEnum):
    DELIVERY = "DELIVERY"
    PICKUP = "PICKUP"
    IN_STORE = "IN_STORE"
    SCAN_AND_GO = "SCAN_AND_GO"


@strawberry.enum(
    description="Where a rule's value holds: in a store, a region's stores, all of the brand's, or everywhere."
)
class RuleScope(StrEnum):
    PLATFORM = "PLATFORM"
    BRAND = "BRAND"
    REGION = "REGION"
    STORE = "STORE"


@strawberry.enum(description="What a quantity counts.")
class Unit(StrEnum):
    PIECE = "PIECE"
    GRAM = "GRAM"
    MILLILITRE = "MILLILITRE"


@strawberry.enum(description="A summary of payments and fulfilments; REFUNDED means all of it.")
class OrderStatus(StrEnum):
    PENDING_PAYMENT = "PENDING_PAYMENT"
    PAID = "PAID"
    ACCEPTED = "ACCEPTED"
    PREPARING = "PREPARING"
    READY = "READY"
    DISPATCHED = "DISPATCHED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    REFUNDED = "REFUNDED"


@strawberry.enum(description="Where the order's money is.")
class OrderPaymentStatus(StrEnum):
    PENDING = "PENDING"
    PARTLY_PAID = "PARTLY_PAID"
    CAPTURED = "CAPTURED"
    PARTLY_REFUNDED = "PARTLY_REFUNDED"
    REFUNDED = "REFUNDED"
    CANCELLED = "CANCELLED"


@strawberry.enum(description="How far a store is with its part of an order.")
class FulfilmentStatus(StrEnum):
    WAITING = "WAITING"
    ACCEPTED = "ACCEPTED"
    PREPARING = "PREPARING"
    READY = "READY"
    DISPATCHED = "DISPATCHED"
    DONE = "DONE"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


@strawberry.enum(description="How a payment stands.")
class PaymentStatus(StrEnum):
    PENDING = "PENDING"
    CAPTURED = "CAPTURED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@strawberry.enum(description="How far a transfer is; RETURNED: it was sent, and taken back by its source.")
class TransferStatus(StrEnum):
    REQUESTED = "REQUESTED"
    SENT = "SENT"
    RECEIVED = "RECEIVED"
    CANCELLED = "CANCELLED"
    RETURNED = "RETURNED"


@strawberry.enum(description="What kind of place holds stock.")
class LocationKind(StrEnum):
    STORE = "STORE"
    WAREHOUSE = "WAREHOUSE"


@strawberry.enum(description="How far a purchase order is.")
class PurchaseOrderStatus(StrEnum):
    DRAFT = "DRAFT"
    ORDERED = "ORDERED"
    PARTLY_RECEIVED = "PARTLY_RECEIVED"
    RECEIVED = "RECEIVED"
    CANCELLED = "CANCELLED"


@strawberry.enum(description="Whether people are still counting.")
class StockCountStatus(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"


@strawberry.enum(description="What became of a number that was counted, or of a line when its count was closed.")
class StockCountOutcome(StrEnum):
    RECORDED = "RECORDED"
    STALE = "STALE"
    AGREED = "AGREED"
    POSTED = "POSTED"
    PROMISED = "PROMISED"
    ADJUSTED = "ADJUSTED"


@strawberry.enum(description="Why another system's number is not ours.")
class StockDifferenceReason(StrEnum):
    MOVED_SINCE = "MOVED_SINCE"
    TOLD_LATE = "TOLD_LATE"
    AWAITING_TILL = "AWAITING_TILL"
    UNKNOWN_VARIANT = "UNKNOWN_VARIANT"
    NEVER_COUNTED = "NEVER_COUNTED"
    UNEXPLAINED = "UNEXPLAINED"


@strawberry.enum(description="Why somebody may do a thing, or may not.")
class AccessReason(StrEnum):
    ALLOWED = "ALLOWED"
    NOT_SIGNED_IN = "NOT_SIGNED_IN"
    NOT_STAFF = "NOT_STAFF"
    NOT_ACTIVE = "NOT_ACTIVE"
    UNKNOWN_PERMISSION = "UNKNOWN_PERMISSION"
    NO_ROLE_GRANTS = "NO_ROLE_GRANTS"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    NOT_IN_SCOPE_OF_APP = "NOT_IN_SCOPE_OF_APP"
    NO_SECOND_FACTOR = "NO_SECOND_FACTOR"


@strawberry.enum(description="When an adjustment of a price applies; each stage sees what those before it have left.")
class PriceStage(StrEnum):
    PRICE = "PRICE"
    PROMOTION = "PROMOTION"
    COUPON = "COUPON"
    FEE = "FEE"
    DELIVERY = "DELIVERY"


@strawberry.enum(description="What a buyer wants: money without bringing goods back, money for goods, or other goods.")
class ReturnKind(StrEnum):
    REFUND = "REFUND"
    RETURN = "RETURN"
    EXCHANGE = "EXCHANGE"


@strawberry.enum(description="How far a return is.")
class ReturnStatus(StrEnum):
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    SENT = "SENT"
    RECEIVED = "RECEIVED"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@strawberry.enum(description="What is wrong; all but CHANGED_MIND and OTHER say that the shop is at fault.")
class ReturnReason(StrEnum):
    CHANGED_MIND = "CHANGED_MIND"
    DEFECTIVE = "DEFECTIVE"
    WRONG_GOODS = "WRONG_GOODS"
    MISSING = "MISSING"
    NOT_AS_DESCRIBED = "NOT_AS_DESCRIBED"
    LATE = "LATE"
    OTHER = "OTHER"


@strawberry.enum(description="Why somebody is told: it belongs to what they asked for, or they have consented.")
class NoticePurpose(StrEnum):
    SERVICE = "SERVICE"
    MARKETING = "MARKETING"


@strawberry.enum(description="How a value is shown.")
class NoticeVariableType(StrEnum):
    TEXT = "TEXT"
    NUMBER = "NUMBER"
    MONEY = "MONEY"
    MOMENT = "MOMENT"
