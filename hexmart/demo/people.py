"""People with Chinese names: staff of a brand, and members."""

from dataclasses import dataclass
from functools import cache
from zlib import crc32

from hexmart.demo import tables
from hexmart.demo.seeds import MemberSeed, StaffSeed

#: the name in an address, and the role; a brand's first people are the same for every brand
ROLES = {
    "owner": "owner",
    "manager": "store_manager",
    "clerk": "clerk",
    "courier": "courier",
    "operator": "brand_operator",
    "merchandiser": "merchandiser",
    "regional": "regional_manager",
    "finance": "finance",
    "support": "support",
}
FIRST_PHONE = 13_800_000_001


@dataclass(frozen=True, slots=True)
class _Names:
    surnames: tuple[str, ...]
    given: tuple[str, ...]


def staff(brand_slug: str) -> tuple[StaffSeed, ...]:
    """One of every role, at the brand's own domain."""
    first = crc32(brand_slug.encode()) % 1000
    return tuple(
        StaffSeed(role, f"{name}@{brand_slug}.example", _name(first + number))
        for number, (name, role) in enumerate(ROLES.items())
    )


def members(count: int) -> tuple[MemberSeed, ...]:
    """Members with one phone after the other."""
    return tuple(MemberSeed(str(FIRST_PHONE + number), _name(number)) for number in range(count))


def _name(number: int) -> str:
    # the two lists have lengths without a common divisor, so that all pairs come before one comes again
    names = _names()
    return names.surnames[number % len(names.surnames)] + names.given[number * 5 % len(names.given)]


@cache
def _names() -> _Names:
    return tables.read(_Names, "people.toml")
