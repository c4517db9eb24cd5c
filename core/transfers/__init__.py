"""Transfers: stock that goes from one place to another, for a shelf or for an order that waits for it."""

from core.transfers.claims import call_off, coming, confirm, limit
from core.transfers.errors import TransferState, TransferUnpaid
from core.transfers.events import TransferCancelled, TransferReceived, TransferRequested, TransferSent
from core.transfers.moving import Step, cancel, receive, send
from core.transfers.permissions import MANAGE
from core.transfers.queries import TransferFilter, count, lines_of, of_orders, page, visible
from core.transfers.requesting import NewTransfer, create, request
from core.transfers.rows import TransferLineRow, TransferRow
from core.transfers.sourcing import Want, helpers, sources

__all__ = [
    "MANAGE",
    "NewTransfer",
    "Step",
    "TransferCancelled",
    "TransferFilter",
    "TransferLineRow",
    "TransferReceived",
    "TransferRequested",
    "TransferRow",
    "TransferSent",
    "TransferState",
    "TransferUnpaid",
    "Want",
    "call_off",
    "cancel",
    "coming",
    "confirm",
    "count",
    "create",
    "helpers",
    "limit",
    "lines_of",
    "of_orders",
    "page",
    "receive",
    "request",
    "send",
    "sources",
    "visible",
]
