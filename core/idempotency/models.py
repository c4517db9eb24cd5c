"""Table of requests that must not happen twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped


class IdempotencyKey(TenantScoped, Base):
    """A caller's key for one operation, the request it stood for and what came of it."""

    __tablename__ = "idempotency_key"
    operation: Mapped[str] = mapped_column(primary_key=True)
    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    result: Mapped[UUID | None]
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_idempotency_key_created", "tenant_id", "created_at"),)
