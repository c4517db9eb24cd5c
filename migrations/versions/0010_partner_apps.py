"""Partner apps, and the authorization codes that staff give them."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    tenant_table(
        op,
        "partner_app",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary()),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("redirect_uris", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_partner_app"),
        sa.UniqueConstraint("tenant_id", "client_id", name="uq_partner_app_tenant_id_client_id"),
    )
    tenant_table(
        op,
        "authorization_code",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("code_challenge", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "code_hash", name="pk_authorization_code"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "app_id"],
            ["partner_app.tenant_id", "partner_app.id"],
            name="fk_authorization_code_tenant_id_app_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["staff.tenant_id", "staff.id"],
            name="fk_authorization_code_tenant_id_staff_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_authorization_code_expiry", "authorization_code", ["tenant_id", "expires_at"])


def downgrade() -> None:
    op.drop_table("authorization_code")
    op.drop_table("partner_app")
