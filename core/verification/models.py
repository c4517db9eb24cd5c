"""Table of codes that are shown at a counter."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped


class VerificationCode(TenantScoped, Base):
    """A code, what kind of thing it stands for, and whether it has been used."""

    __tablename__ = "verification_code"
    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    store_id: Mapped[UUID]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        Index("ix_verification_code_subject", "tenant_id", "subject_id"),
    )
