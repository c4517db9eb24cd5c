"""Tables of the registry: global, few and small; and what a tenant chose: its plugins, its trusted documents."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Integer, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped


class Tenant(Base):
    """A brand. Global: it is read before any tenant is known, by the platform's role alone."""

    __tablename__ = "tenant"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    currency: Mapped[str]
    time_zone: Mapped[str]
    locale: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="ACTIVE")
    suspended_because: Mapped[str | None]
    created_at: Mapped[datetime]
    trusted_only: Mapped[bool] = mapped_column(server_default="false")
    token_generation: Mapped[int] = mapped_column(Integer, server_default="1")
    previous_token_until: Mapped[datetime | None]
    plan: Mapped[str] = mapped_column(server_default="standard")

    __table_args__ = (CheckConstraint("status IN ('ACTIVE', 'SUSPENDED')", name="status"),)


class TenantDomain(Base):
    """A host name that belongs to a brand."""

    __tablename__ = "tenant_domain"
    host: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))


class PlatformClock(Base):
    """How far a movable clock stands ahead; one row."""

    __tablename__ = "platform_clock"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    offset_seconds: Mapped[int]


class TenantPlugin(TenantScoped, Base):
    """A plugin that a brand has switched on, or had, with what it set for it; secrets in it are sealed."""

    __tablename__ = "tenant_plugin"
    name: Mapped[str] = mapped_column(primary_key=True)
    settings: Mapped[dict[str, object]] = mapped_column(JSONB, server_default="{}")
    enabled: Mapped[bool] = mapped_column(server_default="true")
    version: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.app_now())


class TrustedDocument(TenantScoped, Base):
    """A document that a brand's clients may ask for by its id."""

    __tablename__ = "trusted_document"
    id: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]
    registered_at: Mapped[datetime]


class TenantOrigin(TenantScoped, Base):
    """An origin from which browsers may call a brand: scheme, host and port of a web shop."""

    __tablename__ = "tenant_origin"
    origin: Mapped[str] = mapped_column(primary_key=True)
