"""Consents: texts by version, what members have said to them, and where members are as long as they agree to it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.access.giving import give, take_back
from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0040"
down_revision = "0039"

GIVEN = {"notices.manage": ("brand_operator",), "consents.manage": ("brand_operator",)}
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _text()
    _consent()
    _location()
    give(op, GIVEN)


def _tenant_id() -> sa.Column[int]:
    return sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False)


def _column(name: str, kind: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)


def _of_member(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_tenant_id_member_id"
    return sa.ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"], name=name)


def _text() -> None:
    table = "consent_text"
    tenant_table(
        op,
        table,
        _tenant_id(),
        _column("purpose", sa.Text()),
        _column("version", sa.BigInteger()),
        _column("texts", postgresql.JSONB()),
        _column("renews", sa.Boolean()),
        _column("published_at", MOMENT),
        _column("actor", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "purpose", "version", name=f"pk_{table}"),
        sa.CheckConstraint("version > 0", name="version"),
        rights=APPEND_ONLY,
    )


def _consent() -> None:
    table = "consent"
    tenant_table(
        op,
        table,
        _tenant_id(),
        _column("member_id", sa.Uuid()),
        _column("purpose", sa.Text()),
        _column("number", sa.BigInteger()),
        _column("given", sa.Boolean()),
        _column("version", sa.BigInteger()),
        _column("at", MOMENT),
        _column("actor", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "member_id", "purpose", "number", name=f"pk_{table}"),
        sa.CheckConstraint("version >= 0", name="version"),
        _of_member(table),
        rights=APPEND_ONLY,
    )


def _location() -> None:
    table = "member_location"
    tenant_table(
        op,
        table,
        _tenant_id(),
        _column("member_id", sa.Uuid()),
        _column("cell", sa.BigInteger()),
        _column("seen_at", MOMENT),
        _column("expires_at", MOMENT),
        sa.PrimaryKeyConstraint("tenant_id", "member_id", name=f"pk_{table}"),
        _of_member(table),
    )
    op.create_index("ix_member_location_expiring", table, ["tenant_id", "expires_at"])


def downgrade() -> None:
    take_back(op, GIVEN)
    for table in ("member_location", "consent", "consent_text"):
        op.drop_table(table)
