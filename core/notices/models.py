"""Tables of notices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class NoticeTemplate(TenantScoped, Base):
    """The brand's own words for a kind of notice, in one language."""

    __tablename__ = "notice_template"
    kind: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    set_at: Mapped[datetime]


class NoticeChoice(TenantScoped, Base):
    """How a member wants to be told things."""

    __tablename__ = "notice_choice"
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str]

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),)


class Message(Identified, Base):
    """A notice to a member by one channel: told once for each source, in words that are sealed."""

    __tablename__ = "message"
    kind: Mapped[str]
    purpose: Mapped[str]
    source: Mapped[str]  # what it tells of
    member_id: Mapped[UUID]
    channel: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    subject_type: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    status: Mapped[str]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        UniqueConstraint("tenant_id", "member_id", "kind", "source", "channel"),
        CheckConstraint("status IN ('WAITING', 'SENT', 'WITHHELD', 'UNDELIVERABLE')", name="status"),
        CheckConstraint("(settled_at IS NULL) = (status = 'WAITING')", name="settled"),
        CheckConstraint("(subject_id IS NULL) = (subject_type IS NULL)", name="subject"),
        Index("ix_message_inbox", "tenant_id", "member_id", "id", postgresql_where=text("channel = 'inbox'")),
        Index(
            "ix_message_unread",
            *("tenant_id", "member_id", "id"),
            postgresql_where=text("channel = 'inbox' AND read_at IS NULL"),
        ),
        Index("ix_message_at", "tenant_id", "at"),
    )
