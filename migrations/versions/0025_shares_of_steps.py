"""What a step of an order's price is to each line stands in the step."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("order_adjustment", sa.Column("shares", postgresql.ARRAY(sa.BigInteger())))
    for _ in _each_tenant():
        op.execute("""
            UPDATE order_adjustment a SET shares = (
                SELECT coalesce(array_agg(s.amount ORDER BY l.position), '{}')
                FROM sales_order_line l LEFT JOIN order_adjustment_line s ON s.tenant_id = l.tenant_id
                    AND s.order_line_id = l.id AND s.order_id = a.order_id AND s.position = a.position
                WHERE l.tenant_id = a.tenant_id AND l.order_id = a.order_id)
        """)
    op.alter_column("order_adjustment", "shares", nullable=False)
    op.drop_table("order_adjustment_line")


def downgrade() -> None:
    tenant_table(
        op,
        "order_adjustment_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", "position", "order_line_id", name="pk_order_adjustment_line"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id", "position"],
            ["order_adjustment.tenant_id", "order_adjustment.order_id", "order_adjustment.position"],
            name="fk_order_adjustment_line_tenant_id_order_id_position",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_line_id"],
            ["sales_order_line.tenant_id", "sales_order_line.id"],
            name="fk_order_adjustment_line_tenant_id_order_line_id",
        ),
        rights=APPEND_ONLY,
    )
    for _ in _each_tenant():
        op.execute("""
            INSERT INTO order_adjustment_line (tenant_id, order_id, position, order_line_id, amount)
            SELECT a.tenant_id, a.order_id, a.position, l.id, a.shares[l.position + 1]
            FROM order_adjustment a JOIN sales_order_line l ON l.tenant_id = a.tenant_id AND l.order_id = a.order_id
            WHERE a.shares[l.position + 1] IS NOT NULL
        """)
    op.drop_column("order_adjustment", "shares")


def _each_tenant() -> Iterator[None]:
    """Each tenant's rows in turn, while they are to be seen."""
    for (tenant_id,) in op.get_bind().execute(sa.text("SELECT id FROM tenant ORDER BY id")).all():
        op.execute(f"SET LOCAL app.tenant_id = '{tenant_id:d}'")
        yield
    op.execute("RESET app.tenant_id")
