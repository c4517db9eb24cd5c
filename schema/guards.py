"""Who may call a root field, and where."""

from core.actors import ActorKind
from core.errors import Forbidden, Unauthenticated
from core.extensions import PluginDisabled
from schema.context import Info
from schema.fields import MEMBER, PUBLIC, SIGNED_IN, STAFF, Root, Served
from tenants import PLATFORM_SLUG, TenantSuspended

_KINDS = {
    MEMBER: {ActorKind.MEMBER},
    STAFF: {ActorKind.STAFF},
    SIGNED_IN: {ActorKind.MEMBER, ActorKind.STAFF, ActorKind.APP},
}


def guard(root: Root, info: Info) -> None:
    """Let the viewer through, or say what is missing."""
    _require_served(root, info)
    require_on(root.plugin, info)
    viewer, access = info.viewer, root.access
    if access == PUBLIC:
        return
    if viewer.kind == ActorKind.ANONYMOUS:
        raise Unauthenticated(reason="this is not open to guests.")
    if access in _KINDS:
        if viewer.kind not in _KINDS[access]:
            raise Forbidden(permission=access.requires)
    elif not viewer.may(access.requires or ""):
        raise Forbidden(permission=access.requires)


def require_on(plugin: str | None, info: Info) -> None:
    """Where a plugin is off nothing of it is there, whoever asks."""
    if plugin is not None and plugin not in info.tenant.plugins:
        raise PluginDisabled(plugin=plugin)


def _require_served(root: Root, info: Info) -> None:
    """The operator's tenant sells nothing, a brand runs no platform, and a suspended brand does neither."""
    if root.served == Served.EVERYWHERE:
        return
    if info.tenant.suspended:
        raise TenantSuspended(name=info.tenant.name)
    if root.served == Served.BY_BOTH:
        return
    if (root.served == Served.BY_PLATFORM) != (info.tenant.slug == PLATFORM_SLUG):
        raise Forbidden(permission=root.access.requires or "another tenant")
