"""Table of the addresses that providers call."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified


class CallbackEndpoint(Identified, Base):
    """An address: whose it is stands in its id, sealed, since it is asked before the brand is known."""

    __tablename__ = "callback_endpoint"
    plugin: Mapped[str]
    route: Mapped[str]
    subject: Mapped[str] = mapped_column(server_default="")
    until: Mapped[datetime | None]  # when it ends that another has replaced

    __table_args__ = (
        Index(
            "uq_callback_endpoint_current",
            "tenant_id",
            "plugin",
            "route",
            "subject",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
    )
