"""Deleting what is long over, the oldest first and never more at once than a transaction can well bear."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.work import Work

BATCH = 500  #: rows of one table that a step deletes


def forgetting(table: str, ended_at: str) -> str:
    """The statement for a table; it needs an index on the tenant and the column that says when a row was over."""
    return f"""
DELETE FROM {table} WHERE tenant_id = $1 AND ctid = any(ARRAY(
    SELECT ctid FROM {table} WHERE tenant_id = $1 AND {ended_at} < $2
    ORDER BY {ended_at} LIMIT $3 FOR UPDATE SKIP LOCKED
))
"""


async def forget(work: "Work", statement: str, before: datetime) -> int:
    """Delete what was over before a moment, a batch of it; returns how many rows."""
    return await work.execute(statement, before, BATCH)
