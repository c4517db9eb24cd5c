"""Tables of sign-in: one-time codes, staff, tokens, the brand's own providers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
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

    __table_args__ = (Index("ix_one_time_code_expiry", "tenant_id", "expires_at"),)


class Staff(Identified, Base):
    """A person who works for the brand, or, at the tenant `platform`, its operator."""

    __tablename__ = "staff"
    email: Mapped[bytes] = mapped_column(LargeBinary)
    email_index: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime]
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    recovery_hashes: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), server_default="{}")

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
    on_behalf_of: Mapped[UUID | None]
    scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    provider_id: Mapped[UUID | None]

    __table_args__ = (
        CheckConstraint("subject_kind IN ('member', 'staff', 'app')", name="subject_kind"),
        Index("ix_refresh_token_family", "tenant_id", "family"),
        Index("ix_refresh_token_expiry", "tenant_id", "expires_at"),
        Index("ix_refresh_token_subject", "tenant_id", "subject_kind", "subject_id"),
        Index(
            "ix_refresh_token_behalf", "tenant_id", "on_behalf_of", postgresql_where=text("on_behalf_of IS NOT NULL")
        ),
        Index(
            "ix_refresh_token_provider", "tenant_id", "provider_id", postgresql_where=text("provider_id IS NOT NULL")
        ),
    )


class EndedSession(TenantScoped, Base):
    """A session whose access tokens are refused although they have not ended by themselves yet."""

    __tablename__ = "ended_session"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    until: Mapped[datetime]

    __table_args__ = (Index("ix_ended_session_until", "tenant_id", "until"),)


class StaffTicket(TenantScoped, Base):
    """The secret last sent to somebody by e-mail, by its hash: good for choosing a password once."""

    __tablename__ = "staff_ticket"
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    purpose: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("purpose IN ('INVITE', 'RESET')", name="purpose"),
        ForeignKeyConstraint(["tenant_id", "staff_id"], ["staff.tenant_id", "staff.id"], ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "token_hash"),
        Index("ix_staff_ticket_expiry", "tenant_id", "expires_at"),
    )


class IdentityProvider(Identified, Base):
    """An OpenID provider of the brand's own, by which its staff sign in."""

    __tablename__ = "identity_provider"
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("tenant_id", "name"),)


class OpenIdAttempt(TenantScoped, Base):
    """Somebody who was sent to an OpenID provider and has not come back yet."""

    __tablename__ = "openid_attempt"
    state_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    provider_id: Mapped[UUID]
    secrets: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "provider_id"],
            ["identity_provider.tenant_id", "identity_provider.id"],
            ondelete="CASCADE",
        ),
        Index("ix_openid_attempt_expiry", "tenant_id", "expires_at"),
    )
