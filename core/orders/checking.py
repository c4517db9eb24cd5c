"""What was read before an order's transaction has to hold inside of it: cart, prices, bundles, the brand's rules."""

from collections.abc import Sequence

from core import carts, catalog, pricing, rulebook
from core.orders.candidates import Candidate
from core.work import Work


async def still_good(work: Work, candidates: Sequence[Candidate]) -> list[bool]:
    """Whether each candidate is what it was when it was prepared; its cart is held from now on.

    Of several that name one cart or one key only the first is: the others have to see what became of it.
    """
    versions = await carts.hold(work, [one.cart.id for one in candidates])
    dearer = await pricing.changed(work, [(one.store_id, one.unit_prices) for one in candidates])
    rules = await rulebook.version(work)
    bundles = await catalog.parts_of(work, {key for one in candidates for key in one.bundles})
    named: set[object] = set()
    good = []
    for one, changed in zip(candidates, dearer, strict=True):
        names = {one.cart.id, one.request.once.identity}
        same = versions.get(one.cart.id) == one.cart.version and one.rules_version == rules and not changed
        same &= all(bundles[key] == parts for key, parts in one.bundles.items())
        good.append(same and named.isdisjoint(names))
        named |= names
    return good
