"""Table of the rules that brands set."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped


class RuleVersion(TenantScoped, Base):
    """A value that somebody gave a rule, or took from it (null); the roles that serve may add rows, and change none."""

    __tablename__ = "rule_version"
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str]
    region_id: Mapped[UUID | None]
    store_id: Mapped[UUID | None]
    value: Mapped[object | None] = mapped_column(JSONB)
    effective_from: Mapped[datetime]
    set_at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    reason: Mapped[str | None]
    restores: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("region_id IS NULL OR store_id IS NULL", name="one_place"),
        ForeignKeyConstraint(["tenant_id", "region_id"], ["region.tenant_id", "region.id"]),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        Index("ix_rule_version_place", "tenant_id", "key", "region_id", "store_id", "effective_from", "version"),
        Index("ix_rule_version_key", "tenant_id", "key", "version"),
    )
