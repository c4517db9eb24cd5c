"""Tables of notices."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped


class NoticeTemplate(TenantScoped, Base):
    """The brand's own words for a kind of notice, in one language."""

    __tablename__ = "notice_template"
    kind: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    set_at: Mapped[datetime]
