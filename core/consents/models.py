"""Tables of consents."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped


class ConsentText(TenantScoped, Base):
    """What members agree to, version by version. Written once."""

    __tablename__ = "consent_text"
    purpose: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[dict[str, str]] = mapped_column(JSONB)  # by language
    renews: Mapped[bool]  # whether earlier consents count no more
    published_at: Mapped[datetime]
    actor: Mapped[str]

    __table_args__ = (CheckConstraint("version > 0", name="version"),)


class Consent(TenantScoped, Base):
    """What a member has said to a purpose, one after the other; the last counts. Written once."""

    __tablename__ = "consent"
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    given: Mapped[bool]
    version: Mapped[int]  # of the text; 0 is what the purpose came with
    at: Mapped[datetime]
    actor: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        CheckConstraint("version >= 0", name="version"),
    )


class MemberLocation(TenantScoped, Base):
    """The coarse H3 cell that a member was last in."""

    __tablename__ = "member_location"
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    cell: Mapped[int]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        Index("ix_member_location_expiring", "tenant_id", "expires_at"),
    )
