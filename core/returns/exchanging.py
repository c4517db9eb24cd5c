"""What may be had in place of something else: the same product in another size or colour, at the same price."""

from collections.abc import Sequence
from uuid import UUID

from core import catalog, pricing
from core.catalog import VariantRow
from core.errors import Invalid, NotFound
from core.work import Work

_PATH = ("input", "lines", "replacementId")


async def check(work: Work, store_id: UUID, wanted: Sequence[tuple[UUID, UUID]]) -> None:
    """Refuse replacements, each beside what was sold, that cannot simply be handed out in its place."""
    if not wanted:
        return
    keys = list({key for pair in wanted for key in pair})
    variants = dict(zip(keys, await catalog.variants_sold(work, keys), strict=True))
    prices = await pricing.prices(work, store_id, keys)
    for sold_id, other_id in wanted:
        sold, other = variants[sold_id], variants[other_id]
        if other is None:
            raise NotFound(what="variant", path=_PATH)
        if sold is None or not _alike(sold, other) or prices[sold_id].price != prices[other_id].price:
            reason = "Only another variant of the same product at the same price can be had in its place."
            raise Invalid(reason=reason, path=_PATH)


def _alike(sold: VariantRow, other: VariantRow) -> bool:
    if sold.id == other.id:
        return True
    measured = (sold.product_id, sold.unit, sold.priced_per) == (other.product_id, other.unit, other.priced_per)
    return measured and not other.bundle
