"""Invitations and resets, second factors, and the brand's own OpenID provider."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("staff", sa.Column("totp_secret", sa.LargeBinary()))
    op.add_column("staff", sa.Column("totp_confirmed_at", sa.DateTime(timezone=True)))
    op.add_column("staff", sa.Column("totp_last_step", sa.BigInteger()))
    op.add_column(
        "staff", sa.Column("recovery_hashes", sa.ARRAY(sa.LargeBinary()), server_default="{}", nullable=False)
    )
    tenant_table(
        op,
        "staff_ticket",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "staff_id", name="pk_staff_ticket"),
        sa.UniqueConstraint("tenant_id", "token_hash", name="uq_staff_ticket_tenant_id_token_hash"),
        sa.CheckConstraint("purpose IN ('INVITE', 'RESET')", name="purpose"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["staff.tenant_id", "staff.id"],
            name="fk_staff_ticket_tenant_id_staff_id",
            ondelete="CASCADE",
        ),
    )
    tenant_table(
        op,
        "identity_provider",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_identity_provider"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_identity_provider_tenant_id_name"),
    )
    tenant_table(
        op,
        "openid_attempt",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "state_hash", name="pk_openid_attempt"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "provider_id"],
            ["identity_provider.tenant_id", "identity_provider.id"],
            name="fk_openid_attempt_tenant_id_provider_id",
            ondelete="CASCADE",
        ),
    )
    op.add_column("refresh_token", sa.Column("provider_id", sa.Uuid()))
    op.create_index(
        "ix_refresh_token_provider",
        "refresh_token",
        ["tenant_id", "provider_id"],
        postgresql_where=sa.text("provider_id IS NOT NULL"),
    )
    for table in ("staff_ticket", "openid_attempt"):
        op.create_index(f"ix_{table}_expiry", table, ["tenant_id", "expires_at"])


def downgrade() -> None:
    op.drop_column("refresh_token", "provider_id")
    for table in ("openid_attempt", "identity_provider", "staff_ticket"):
        op.drop_table(table)
    for column in ("recovery_hashes", "totp_last_step", "totp_confirmed_at", "totp_secret"):
        op.drop_column("staff", column)
