"""Table of members."""

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified


class Member(Identified, Base):
    """A shopper the brand knows. The phone is sealed and found by its blind index."""

    __tablename__ = "member"
    phone: Mapped[bytes] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    tier: Mapped[str | None]
    joined_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("tenant_id", "phone_index"),)
