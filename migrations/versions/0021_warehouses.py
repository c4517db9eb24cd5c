"""Warehouses: where they are, whether they are in use, and who may open them."""

import sqlalchemy as sa
from alembic import op

from core.access.giving import give, take_back

revision = "0021"
down_revision = "0020"

GIVEN = {"warehouses.manage": ("brand_operator",)}


def upgrade() -> None:
    op.add_column("location", sa.Column("active", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("location", sa.Column("latitude", sa.Double()))
    op.add_column("location", sa.Column("longitude", sa.Double()))
    op.create_check_constraint("somewhere", "location", "(latitude IS NULL) = (longitude IS NULL)")
    give(op, GIVEN)


def downgrade() -> None:
    take_back(op, GIVEN)
    op.drop_column("location", "longitude")
    op.drop_column("location", "latitude")
    op.drop_column("location", "active")
