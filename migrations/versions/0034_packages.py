"""Orders that come in several packages, from several stores."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

LINE, GIVER = "sales_order_line", "fk_sales_order_line_tenant_id_store_id"


def upgrade() -> None:
    op.add_column("sales_order", sa.Column("also_at", sa.ARRAY(sa.Uuid())))
    op.add_column(LINE, sa.Column("store_id", sa.Uuid()))
    op.create_foreign_key(GIVER, LINE, "store", ["tenant_id", "store_id"], ["tenant_id", "id"])


def downgrade() -> None:
    op.drop_constraint(GIVER, LINE, type_="foreignkey")
    op.drop_column(LINE, "store_id")
    op.drop_column("sales_order", "also_at")
