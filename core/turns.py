"""Taking turns: who changes what must be counted or replaced as a whole does so one after the other."""

from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped
from core.work import Work

TAKE = """
INSERT INTO turn (tenant_id, name) VALUES ($1, $2) ON CONFLICT (tenant_id, name) DO UPDATE SET name = excluded.name
"""


class Turn(TenantScoped, Base):
    """A row to wait at, for one kind of change of a brand."""

    __tablename__ = "turn"
    name: Mapped[str] = mapped_column(primary_key=True)


async def take(work: Work, name: str) -> None:
    """Wait for whoever is at it, and have others wait until this transaction ends."""
    await work.execute(TAKE, name)
