"""Dead deliveries, whose plugin's each is, and indexes for what is due to a subscriber and what is over."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

OPEN = sa.text("done_at IS NULL AND dead_at IS NULL")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("plugin", sa.Text()))
    # a default that differs by row writes the table anew; new rows bring an id of their own
    op.add_column("delivery", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False))
    op.alter_column("delivery", "id", server_default=None)
    op.add_column("delivery", sa.Column("dead_at", sa.DateTime(timezone=True)))
    # an UPDATE would see no row, since no tenant is set; what has had its ten attempts is dead
    op.alter_column(
        "delivery",
        "dead_at",
        type_=sa.DateTime(timezone=True),
        postgresql_using="CASE WHEN done_at IS NULL AND attempts >= 10 THEN due_at END",
    )
    op.create_unique_constraint("uq_delivery_tenant_id_id", "delivery", ["tenant_id", "id"])
    op.drop_index("ix_delivery_due", "delivery")
    op.create_index("ix_delivery_due", "delivery", ["tenant_id", "subscriber", "due_at"], postgresql_where=OPEN)
    for name, columns in (("dead", ["dead_at", "id"]), ("done", ["done_at"])):
        op.create_index(
            f"ix_delivery_{name}",
            "delivery",
            ["tenant_id", *columns],
            postgresql_where=sa.text(f"{name}_at IS NOT NULL"),
        )
    op.create_index(
        "ix_outbox_dispatched",
        "outbox",
        ["tenant_id", "dispatched_at"],
        postgresql_where=sa.text("dispatched_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_dispatched", "outbox")
    op.drop_index("ix_delivery_done", "delivery")
    op.drop_index("ix_delivery_dead", "delivery")
    op.drop_index("ix_delivery_due", "delivery")
    op.create_index("ix_delivery_due", "delivery", ["tenant_id", "due_at"], postgresql_where=sa.text("done_at IS NULL"))
    op.drop_constraint("uq_delivery_tenant_id_id", "delivery")
    op.drop_column("delivery", "dead_at")
    op.drop_column("delivery", "id")
    op.drop_column("delivery", "plugin")
