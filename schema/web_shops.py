"""The web shops of a brand: from which origins browsers may call it."""

from collections.abc import Sequence

import strawberry

import tenants
from schema.context import Info
from schema.fields import batched, field, mutation
from schema.payloads import Payload
from schema.tenants import Brand
from tenants.origins import set_origins
from tenants.permissions import CONFIGURE


@batched(Brand, list[str] | None, cost=0, shared=False)
async def origins(brands: Sequence[tenants.Tenant], info: Info) -> list[list[str] | None]:
    """The origins of its web shops, for those who may change them; null for everybody else."""
    allowed = info.viewer.stores(CONFIGURE.name) is None  # in all of the brand
    return [sorted(row.origins) if allowed and row.id == info.tenant.id else None for row in brands]


@strawberry.type(description="The brand, or why nothing was changed.")
class BrandPayload(Payload):
    brand: Brand | None = field("The brand as it is now.")


@strawberry.input(description="The origins of all web shops of the brand.")
class BrandOriginsSetInput:
    origins: list[str] = field("Each as browsers say it: https://shop.example, or http://localhost:3000. At most 50.")


@mutation(BrandPayload, access=CONFIGURE, spans_works=True)
async def brand_origins_set(info: Info, input: BrandOriginsSetInput) -> tenants.Tenant:
    """Say whose pages may call the brand from a browser; those that are not among them may not any more."""
    return await set_origins(info.platform, info.tenant, info.viewer, input.origins)
