"""Making bundles of variants."""

import strawberry
from strawberry import ID

from core import catalog
from core.catalog import VariantRow
from core.work import Work
from schema import relay
from schema.catalog import ProductVariant
from schema.fields import field, mutation
from schema.payloads import Payload


@strawberry.type(description="The bundle, or why it was not made.")
class BundlePayload(Payload):
    variant: ProductVariant | None = field("The variant as it is now.")


@strawberry.input(description="A variant that a bundle is made of.")
class BundleComponentInput:
    variant_id: ID = field("The variant: counted in pieces, and no bundle.")
    quantity: int = field("How many of it are in one bundle, 1 to 100.")


@strawberry.input(description="What a variant is made of.")
class BundleSetInput:
    variant_id: ID = field("The variant: counted in pieces, and never kept in stock.")
    components: list[BundleComponentInput] = field(
        "All of it, at most 20; none of it: the variant is no bundle any more."
    )


@mutation(BundlePayload, access=catalog.MANAGE)
async def bundle_set(work: Work, input: BundleSetInput) -> VariantRow | None:
    """Make a variant a bundle, change it or end it; orders keep theirs. The permission has to be the whole brand's."""
    components = [(relay.key_of("ProductVariant", one.variant_id), one.quantity) for one in input.components]
    key = await catalog.set_bundle(work, relay.key_of("ProductVariant", input.variant_id), components)
    return (await catalog.variants_sold(work, [key]))[0]
