"""Scan-and-go: goods are put into a cart by their barcodes, in the store."""

import strawberry
from strawberry import ID

from core.carts import Scan, Scanned
from schema import relay
from schema.carting import CartPayload, cart_key
from schema.context import Info
from schema.fields import PUBLIC, field, mutation
from schema.payloads import Done, Remark


@strawberry.input(description="A barcode that was read in a store.")
class CartScanInput:
    cart_id: ID | None = strawberry.field(description="The cart; absent: a new one, to scan and go.", default=None)
    store_id: ID = field("The store that the shopper is in; a cart is for one store.")
    barcode: str = field("An EAN or UPC, another code of the goods, or the label of a scale, which says how much.")
    quantity: int | None = strawberry.field(
        description="How much, in the variant's unit; of a scale's label, how many bags have that one.", default=1
    )


@mutation(CartPayload, access=PUBLIC, spans_works=True)
async def cart_scan(info: Info, input: CartScanInput) -> Done:
    """Put what was scanned in a store into a cart, at that store's price; the same again adds to its line."""
    scan = Scan(
        actor=info.viewer,
        store_id=relay.key_or_nothing("Store", input.store_id),
        barcode=input.barcode,
        quantity=1 if input.quantity is None else input.quantity,
        cart_id=cart_key(input.cart_id) if input.cart_id is not None else None,
    )
    scanned = await info.scan(scan)
    return Done(scanned.cart, _remarks(scanned))


def _remarks(scanned: Scanned) -> list[Remark]:
    """What is in the shopper's hand need not be in the books: somebody may have been promised it, or miscounted."""
    line = scanned.line
    if line.available is None or line.available >= line.quantity:
        return []
    message = f"By the books the store can sell {max(line.available, 0)} of the {line.quantity} in the cart."
    return [Remark("STOCK_SHORT", message, relay.id_of(line))]
