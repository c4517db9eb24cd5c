"""At how much stock is low: a rule counts what a variant is priced for, since five grams are little of anything."""

from collections.abc import Sequence
from uuid import UUID

from core.inventory import InventoryRules
from core.work import Work


def threshold(work: Work, location_id: UUID) -> int:
    """A place's, in what variants are priced for."""
    return work.rules(InventoryRules, location_id).low_stock


def thresholds(work: Work) -> tuple[int, Sequence[UUID], Sequence[int]]:
    """The brand's, the places that have one of their own, and theirs, as a statement takes them."""
    places = sorted(work.rules.particular)
    return work.rules(InventoryRules).low_stock, places, [threshold(work, place) for place in places]
