"""What lies where in a store: computed, because a table of every store and every product would be large."""

from zlib import crc32

# one in this many is sold out
SOLD_OUT = 16
# one in this many costs less than at the brand's other stores
REDUCED = 20


def quantity(store_code: str, sku: str, unit: str, seed: int) -> int:
    """How much a store has: pieces, or grams and millilitres by the hundred."""
    chance = _hash(f"{seed}:{store_code}:{sku}")
    if chance % SOLD_OUT == 0:
        return 0
    rest = chance // SOLD_OUT
    return 5 + rest % 116 if unit == "PIECE" else 3000 + rest % 420 * 100


def placement(store_code: str, sku: str) -> str:
    """Aisle, shelf and place, as in "A3-02"."""
    chance = _hash(f"{store_code}@{sku}")
    return f"{'ABCDEFGH'[chance % 8]}{chance // 8 % 9 + 1}-{chance // 72 % 12 + 1:02d}"


def price(store_code: str, sku: str, usual: int, seed: int) -> int | None:
    """A store's own price, if it has one: some per cent below the usual, in whole jiao."""
    chance = _hash(f"{seed}:{store_code}={sku}")
    if chance % REDUCED:
        return None
    return usual * (85, 90, 95)[chance // REDUCED % 3] // 1000 * 10


def _hash(text: str) -> int:
    # a checksum's low bits follow its last letters; multiplied, all of the text decides about all of them
    return crc32(text.encode()) * 2654435761 % 2**32 >> 4
