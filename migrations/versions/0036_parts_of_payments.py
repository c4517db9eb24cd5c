"""Orders are paid in parts: refunds know the one that they were asked for with."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.add_column("refund", sa.Column("beside_id", sa.Uuid()))
    op.create_foreign_key(
        "fk_refund_tenant_id_beside_id", "refund", "refund", ["tenant_id", "beside_id"], ["tenant_id", "id"]
    )
    op.create_index(
        "ix_refund_beside", "refund", ["tenant_id", "beside_id"], postgresql_where=sa.text("beside_id IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_refund_beside", "refund")
    op.drop_constraint("fk_refund_tenant_id_beside_id", "refund", type_="foreignkey")
    op.drop_column("refund", "beside_id")
