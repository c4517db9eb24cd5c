"""Notices: the brand's words for them, the language that members want, and messages."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0039"
down_revision = "0038"

MOMENT = sa.DateTime(timezone=True)
TOLD_ONCE = "tenant_id_member_id_kind_source_channel"


def upgrade() -> None:
    _template()
    _choice()
    _message()


def _tenant_id() -> sa.Column[int]:
    return sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _template() -> None:
    table = "notice_template"
    tenant_table(
        op,
        table,
        _tenant_id(),
        *_text("kind", "language", "title", "body"),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "language", name=f"pk_{table}"),
    )


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _of_member(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_tenant_id_member_id"
    return sa.ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"], name=name)


def _choice() -> None:
    table = "notice_choice"
    tenant_table(
        op,
        table,
        _tenant_id(),
        _id("member_id"),
        *_text("language"),
        sa.PrimaryKeyConstraint("tenant_id", "member_id", name=f"pk_{table}"),
        _of_member(table),
    )


def _message() -> None:
    table = "message"
    tenant_table(
        op,
        table,
        _tenant_id(),
        _id("id"),
        *_text("kind", "purpose", "source"),
        _id("member_id"),
        *_text("channel"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("subject_type", sa.Text()),
        _id("subject_id", nullable=True),
        *_text("status"),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("read_at", MOMENT),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"),
        sa.UniqueConstraint("tenant_id", "member_id", "kind", "source", "channel", name=f"uq_{table}_{TOLD_ONCE}"),
        sa.CheckConstraint("status IN ('WAITING', 'SENT', 'WITHHELD', 'UNDELIVERABLE')", name="status"),
        sa.CheckConstraint("(settled_at IS NULL) = (status = 'WAITING')", name="settled"),
        sa.CheckConstraint("(subject_id IS NULL) = (subject_type IS NULL)", name="subject"),
        _of_member(table),
    )
    for name, where in (("inbox", "channel = 'inbox'"), ("unread", "channel = 'inbox' AND read_at IS NULL")):
        some = sa.text(where)
        op.create_index(f"ix_message_{name}", table, ["tenant_id", "member_id", "id"], postgresql_where=some)
    op.create_index("ix_message_at", table, ["tenant_id", "at"])


def downgrade() -> None:
    for table in ("message", "notice_choice", "notice_template"):
        op.drop_table(table)
