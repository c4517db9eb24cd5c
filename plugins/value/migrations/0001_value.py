"""What members pay in."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "value_0001"
down_revision = None

TABLE = "value_top_up"


def upgrade() -> None:
    tenant_table(
        op,
        TABLE,
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        *[sa.Column(name, sa.Uuid(), nullable=False) for name in ("payment_id", "member_id")],
        *[sa.Column(name, sa.BigInteger(), nullable=False) for name in ("amount", "bonus")],
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("credited_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "payment_id", name=f"pk_{TABLE}"),
        sa.CheckConstraint("amount > 0 AND bonus >= 0", name="amount"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", f"{to}_id"], [f"{to}.tenant_id", f"{to}.id"], name=f"fk_{TABLE}_tenant_id_{to}_id"
            )
            for to in ("payment", "member")
        ),
    )
    op.create_index("ix_value_top_up_member", TABLE, ["tenant_id", "member_id", "payment_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
