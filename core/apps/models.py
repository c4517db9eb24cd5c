"""Tables of partner apps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class PartnerApp(Identified, Base):
    """A partner's program that may call the brand's API; it has a secret where it can keep one, kept by its hash."""

    __tablename__ = "partner_app"
    name: Mapped[str]
    client_id: Mapped[str]
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    redirect_uris: Mapped[list[str]] = mapped_column(ARRAY(Text))
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("tenant_id", "client_id"),)


class AuthorizationCode(TenantScoped, Base):
    """What a member of staff gave an app to act for them, by its hash: good for tokens once."""

    __tablename__ = "authorization_code"
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    app_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    redirect_uri: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    code_challenge: Mapped[str]
    expires_at: Mapped[datetime]
    family: Mapped[UUID]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "app_id"], ["partner_app.tenant_id", "partner_app.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "staff_id"], ["staff.tenant_id", "staff.id"], ondelete="CASCADE"),
        Index("ix_authorization_code_expiry", "tenant_id", "expires_at"),
    )
