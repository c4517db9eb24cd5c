"""What migrations give to the roles that brands began with, and take back from them."""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from core.database.tables import Operations

Given = Mapping[str, Sequence[str]]  #: names of roles by permission

ALLOW = sa.text("""
INSERT INTO role_permission (tenant_id, role, permission)
SELECT r.tenant_id, r.name, :permission FROM role r
WHERE r.tenant_id = current_tenant() AND r.name = any(:roles) ON CONFLICT DO NOTHING
""")
FORBID = sa.text("DELETE FROM role_permission WHERE tenant_id = current_tenant() AND permission = :permission")


def give(op: Operations, given: Given) -> None:
    """Let the roles that are there do what roles of their names let people do in brands that are new."""
    for _ in _tenants(op):
        for permission, roles in given.items():
            op.get_bind().execute(ALLOW, {"permission": permission, "roles": list(roles)})
    op.execute("RESET app.tenant_id")


def take_back(op: Operations, given: Given) -> None:
    """The other way about."""
    for _ in _tenants(op):
        for permission in given:
            op.get_bind().execute(FORBID, {"permission": permission})
    op.execute("RESET app.tenant_id")


def _tenants(op: Operations) -> Iterator[int]:
    """Each tenant, to which the connection is bound meanwhile."""
    for tenant_id in op.get_bind().scalars(sa.text("SELECT id FROM tenant ORDER BY id")).all():
        op.execute(f"SET LOCAL app.tenant_id = '{tenant_id:d}'")
        yield tenant_id
