"""The web shops of a brand: origins whose pages may call it from a browser."""

import re
from collections.abc import Sequence

from core import audit, turns
from core.actors import Actor
from core.errors import Forbidden, Invalid, LimitReached
from core.work import Work
from tenants.permissions import CONFIGURE
from tenants.platform import Platform
from tenants.registry import Tenant

MOST = 50
LONGEST = 255  #: characters
_PATH = ("input", "origins")
_DEFAULT_PORT = {"https": ":443", "http": ":80"}
#: as a browser writes it in the header Origin: a name in ASCII, and no port that goes without saying
_SHAPE = re.compile(
    r"(?:https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*|https?://localhost)(?::[1-9][0-9]{0,4})?"
)

LISTED = "SELECT origin FROM tenant_origin WHERE tenant_id = $1 ORDER BY origin"
STRIKE = "DELETE FROM tenant_origin WHERE tenant_id = $1 AND origin <> ALL ($2::text[])"
ADD = """
INSERT INTO tenant_origin (tenant_id, origin) SELECT $1, o.origin FROM unnest($2::text[]) AS o(origin)
ON CONFLICT (tenant_id, origin) DO NOTHING
"""


async def set_origins(platform: Platform, tenant: Tenant, actor: Actor, wanted: Sequence[str]) -> Tenant:
    """Have these be the origins of a brand's web shops, and no others; every process goes by them at once."""
    if actor.stores(CONFIGURE.name) is not None:  # it is the whole brand's affair
        raise Forbidden(permission=CONFIGURE.name)
    origins = _checked(wanted)
    async with platform.open_work(tenant, actor) as work:
        await turns.take(work, "origins")  # neither of two could see what the other has yet to add
        before = await _listed(work)
        await work.execute(STRIKE, origins)
        await work.execute(ADD, origins)
        await audit.record(
            work, "brand.origins_set", "Brand", None, before={"origins": before}, after={"origins": origins}
        )
    await platform.tell_changed(tenant.slug)
    return await platform.registry.by_slug(tenant.slug)


def _checked(wanted: Sequence[str]) -> list[str]:
    if len(wanted) > MOST:
        raise LimitReached(reason=f"A brand lists at most {MOST} origins.", path=_PATH)
    return sorted({_origin(text, number) for number, text in enumerate(wanted)})


def _origin(text: str, number: int) -> str:
    """An origin as browsers write it."""
    origin = text.strip().lower()
    if len(origin) > LONGEST or not _SHAPE.fullmatch(origin):
        reason = "An origin is https, a host and perhaps a port: https://shop.example; http is for localhost alone."
        raise Invalid(reason=reason, path=(*_PATH, str(number)))
    return origin.removesuffix(_DEFAULT_PORT[origin.partition("://")[0]])


async def _listed(work: Work) -> list[str]:
    return [row["origin"] for row in await work.fetch(LISTED)]
