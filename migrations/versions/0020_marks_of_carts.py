"""Carts know which plugins have put something on them: the others need not be asked."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0020"
down_revision = "0019"

#: what is on carts by now nobody but the plugins knows, so all of them go on being asked of those
MARK = """
UPDATE cart SET marks = ARRAY(SELECT p.name FROM tenant_plugin p WHERE p.tenant_id = current_tenant())
WHERE tenant_id = current_tenant() AND order_id IS NULL
"""


def upgrade() -> None:
    op.add_column("cart", sa.Column("marks", ARRAY(sa.Text()), server_default="{}", nullable=False))
    for _ in _tenants():
        op.execute(MARK)
    op.execute("RESET app.tenant_id")


def downgrade() -> None:
    op.drop_column("cart", "marks")


def _tenants() -> Iterator[int]:
    """Each tenant, to which the connection is bound meanwhile."""
    for tenant_id in op.get_bind().scalars(sa.text("SELECT id FROM tenant ORDER BY id")).all():
        op.execute(f"SET LOCAL app.tenant_id = '{tenant_id:d}'")
        yield tenant_id
