"""Tables of sign-in: one-time codes, staff, refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class OneTimeCode(TenantScoped, Base):
    """The code last sent to a phone; neither phone nor code is kept in clear."""

    __tablename__ = "one_time_code"
    phone_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(Integer, server_default="0")
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Staff(Identified, Base):
    """A person who works for the brand, or, at the tenant `platform`, its operator."""

    __tablename__ = "staff"
    email: Mapped[bytes] = mapped_column(LargeBinary)
    email_index: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("tenant_id", "email_index"),)


class RefreshToken(TenantScoped, Base):
    """A refresh token by its hash; all that descend from one sign-in are a family."""

    __tablename__ = "refresh_token"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    family: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("subject_kind IN ('member', 'staff')", name="subject_kind"),
        Index("ix_refresh_token_family", "tenant_id", "family"),
    )
