"""What staff say of a campaign, and what that comes to."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog, contacts, stores
from core.errors import Invalid, NotFound
from core.money import minor_of
from core.work import Work
from plugins.coupons.campaigns import Plan
from plugins.coupons.schema.campaigns import CouponsAudience
from plugins.coupons.schema.terms import CouponsChannel, CouponsKind
from plugins.coupons.terms import Kind, Terms
from schema import relay
from schema.enums import FulfilmentKind
from schema.fields import field

_TERMS = ("input", "plan", "terms")
_MOST_NAMED = 200


@strawberry.input(description="What a coupon is to give, for what and where.")
class CouponsTermsInput:
    kind: CouponsKind = field("What it takes off.")
    amount: Decimal | None = strawberry.field(description="How much; of AMOUNT.", default=None)
    percent: Decimal | None = strawberry.field(description="More than 0, at most 100; of PERCENT.", default=None)
    at_most: Decimal | None = strawberry.field(
        description="It takes off no more than this; of PERCENT and FREE_DELIVERY.", default=None
    )
    minimum: Decimal | None = strawberry.field(
        description="What the goods it is for must cost, before anything is taken off them.", default=None
    )
    product_ids: list[ID] | None = strawberry.field(description="It is for these.", default=None)
    category_ids: list[ID] | None = strawberry.field(
        description="It is for what stands in these or below them.", default=None
    )
    store_ids: list[ID] | None = strawberry.field(description="These take it; absent: all.", default=None)
    fulfilments: list[FulfilmentKind] | None = strawberry.field(description="It is good for these.", default=None)
    tiers: list[str] | None = strawberry.field(description="It is for members of these standings.", default=None)
    channel: CouponsChannel | None = strawberry.field(description="Where it is taken.", default=CouponsChannel.CART)
    stackable: bool | None = strawberry.field(description="Whether it goes with other coupons.", default=False)
    givable: bool | None = strawberry.field(description="Whether its holder may give it away.", default=False)


@strawberry.input(description="A campaign.")
class CouponsPlanInput:
    name: str = field("What shoppers call its coupons.")
    audience: CouponsAudience = field("Who gets its coupons.")
    terms: CouponsTermsInput = field("What a coupon gives.")
    total: int | None = strawberry.field(description="How many there are; absent: as many as wanted.", default=None)
    per_member: int | None = strawberry.field(description="How many a member may have.", default=1)
    claim_from: datetime | None = strawberry.field(description="From when they are given out.", default=None)
    claim_until: datetime | None = strawberry.field(description="Until when.", default=None)
    valid_from: datetime | None = strawberry.field(description="From when they can be used.", default=None)
    valid_until: datetime | None = strawberry.field(description="Until when; else give validDays.", default=None)
    valid_days: int | None = strawberry.field(description="For how many days each is valid.", default=None)
    delay_days: int | None = strawberry.field(description="How many days after the claim these begin.", default=0)


async def plan_of(work: Work, given: CouponsPlanInput) -> Plan:
    """A plan whose words and numbers are checked; whether it makes sense as a whole, it says itself."""
    name = contacts.text(given.name, path=("input", "plan", "name"))
    return Plan(
        name=name,
        audience=given.audience.value,
        terms=await _terms(work, name, given.terms),
        total=given.total,
        per_member=1 if given.per_member is None else given.per_member,
        claim_from=given.claim_from,
        claim_until=given.claim_until,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
        valid_days=given.valid_days,
        delay_days=given.delay_days or 0,
    )


async def _terms(work: Work, label: str, given: CouponsTermsInput) -> Terms:
    kind: Kind = given.kind.value
    channel = given.channel or CouponsChannel.CART
    if kind == "FREE_DELIVERY" and channel != CouponsChannel.CART:
        raise Invalid(reason="Delivery is paid for in carts alone.", path=(*_TERMS, "channel"))
    _require(kind, given)
    return Terms(
        label=label,
        kind=kind,
        currency=work.brand.currency,
        off=_minor(work, given.amount, "amount") or 0,
        basis_points=_basis_points(given.percent),
        most=_minor(work, given.at_most, "atMost"),
        minimum_spend=_minor(work, given.minimum, "minimum") or 0,
        product_ids=_keys("Product", given.product_ids, await _products(work, given.product_ids), "productIds"),
        category_ids=_keys("Category", given.category_ids, await _categories(work, given.category_ids), "categoryIds"),
        store_ids=_keys("Store", given.store_ids, await _stores(work, given.store_ids), "storeIds"),
        fulfilments=tuple(dict.fromkeys(kind.value for kind in given.fulfilments or ())),
        tiers=_tiers(given.tiers),
        channel=channel.value,
        stackable=bool(given.stackable),
        givable=bool(given.givable),
    )


def _require(kind: Kind, given: CouponsTermsInput) -> None:
    """Each kind takes what belongs to it, and nothing else."""
    if (kind == "AMOUNT") != (given.amount is not None) or given.amount == 0:
        raise Invalid(reason="A coupon of AMOUNT, and no other, says how much.", path=(*_TERMS, "amount"))
    if (kind == "PERCENT") != (given.percent is not None):
        raise Invalid(reason="A coupon of PERCENT, and no other, says how many.", path=(*_TERMS, "percent"))
    if kind == "AMOUNT" and given.at_most is not None:
        raise Invalid(reason="An amount is never more than itself.", path=(*_TERMS, "atMost"))


def _minor(work: Work, amount: Decimal | None, name: str) -> int | None:
    return None if amount is None else minor_of(amount, work.brand.currency, (*_TERMS, name))


def _basis_points(percent: Decimal | None) -> int:
    if percent is None:
        return 0
    if not 0 < percent <= 100 or percent * 100 != (percent * 100).to_integral_value():
        raise Invalid(
            reason="A percentage lies above 0, is at most 100 and has two decimals.", path=(*_TERMS, "percent")
        )
    return int(percent * 100)


def _tiers(names: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(contacts.text(name, path=(*_TERMS, "tiers")) for name in names or ()))


def _named(kind: str, given: Sequence[ID] | None) -> list[UUID]:
    return list(dict.fromkeys(relay.key_or_nothing(kind, value) for value in (given or ())[: _MOST_NAMED + 1]))


def _keys(kind: str, given: Sequence[ID] | None, known: set[UUID], name: str) -> tuple[UUID, ...]:
    """Keys of things that there are."""
    keys = _named(kind, given)
    if len(keys) > _MOST_NAMED:
        raise Invalid(reason=f"At most {_MOST_NAMED} can be named.", path=(*_TERMS, name))
    if not known.issuperset(keys):
        raise NotFound(what=kind.lower(), path=(*_TERMS, name))
    return tuple(keys)


async def _products(work: Work, given: Sequence[ID] | None) -> set[UUID]:
    keys = _named("Product", given)
    return {row.id for row in (await catalog.products_by_ids(work, keys) if keys else ()) if row is not None}


async def _categories(work: Work, given: Sequence[ID] | None) -> set[UUID]:
    keys = _named("Category", given)
    return {row.id for row in (await catalog.categories_by_ids(work, keys) if keys else ()) if row is not None}


async def _stores(work: Work, given: Sequence[ID] | None) -> set[UUID]:
    keys = _named("Store", given)
    return {row.id for row in (await stores.by_ids(work, keys) if keys else ()) if row is not None}
