"""Tables of the outbox."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class OutboxEvent(Identified, Base):
    """A fact waiting to be told, or told."""

    __tablename__ = "outbox"
    name: Mapped[str]
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)
    actor: Mapped[str]
    at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_outbox_undispatched", "tenant_id", "id", postgresql_where=text("dispatched_at IS NULL")),
        Index("ix_outbox_dispatched", "tenant_id", "dispatched_at", postgresql_where=text("dispatched_at IS NOT NULL")),
    )


class Delivery(TenantScoped, Base):
    """One event for one subscriber."""

    __tablename__ = "delivery"
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    subscriber: Mapped[str] = mapped_column(primary_key=True)
    plugin: Mapped[str | None]
    id: Mapped[UUID]
    attempts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "event_id"], ["outbox.tenant_id", "outbox.id"]),
        UniqueConstraint("tenant_id", "id"),
        Index(
            "ix_delivery_due",
            "tenant_id",
            "subscriber",
            "due_at",
            postgresql_where=text("done_at IS NULL AND dead_at IS NULL"),
        ),
        Index("ix_delivery_dead", "tenant_id", "dead_at", "id", postgresql_where=text("dead_at IS NOT NULL")),
        Index("ix_delivery_done", "tenant_id", "done_at", postgresql_where=text("done_at IS NOT NULL")),
    )
