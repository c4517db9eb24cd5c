"""A brand where every plugin is on that is installed, and a role of all that plugins let staff do."""

from core import access
from core.access.roles import RoleSeed
from core.actors import system
from hexmart.plugins import discover
from hexmart.testing import World
from tenants import Platform
from tenants.plugins import enable

ROLE = "plugin_staff"  #: none of a brand's first roles names a plugin's permissions


async def plug_in(platform: Platform, world: World) -> None:
    """Switch everything on, and make the role."""
    plugins = {one.name for one in discover()}
    for name in sorted(plugins - world.tenant.plugins):
        world.tenant = await enable(platform, world.tenant, system("test"), name)
    async with platform.open_work(world.tenant, system("test")) as work:
        held = sorted(name for name in access.vocabulary_of(work) if name.partition(".")[0] in plugins)
        await access.seed_roles(work, RoleSeed(ROLE, ROLE, tuple(held)))
