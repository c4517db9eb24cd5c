"""Table of the audit log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified


class AuditEntry(Identified, Base):
    """Something that was done, by whom and from where; the roles that serve may add rows and read them, no more."""

    __tablename__ = "audit_entry"
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    on_behalf_of: Mapped[UUID | None]
    address: Mapped[str]
    request_id: Mapped[str]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    store_id: Mapped[UUID | None]
    before: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, object] | None] = mapped_column(JSONB)

    __table_args__ = (
        Index("ix_audit_entry_store", "tenant_id", "store_id", "id"),
        Index("ix_audit_entry_actor", "tenant_id", "actor_id", "id"),
        Index("ix_audit_entry_subject", "tenant_id", "subject_id", "id"),
        Index("ix_audit_entry_action", "tenant_id", "action", "id"),
    )
