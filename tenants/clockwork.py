"""A clock that a demo can move: one row, told to every process."""

from datetime import timedelta

from core import clock
from core.database import begin
from tenants.doorbell import notify
from tenants.platform import Platform

MOVED = "hexmart_clock"  #: NOTIFY with the new offset in seconds
SWEPT = "hexmart_swept"  #: NOTIFY with an offset: a worker has done everything that had become due by it

ADVANCE = "UPDATE platform_clock SET offset_seconds = offset_seconds + $1 WHERE id = 1 RETURNING offset_seconds"
OFFSET = "SELECT offset_seconds FROM platform_clock WHERE id = 1"


async def follow(platform: Platform) -> None:
    """Set this process's clock as the platform's stands."""
    async with begin(platform.platform, tenant_id=0, clock_offset=0, read_only=True) as transaction:
        clock.move_to_offset(await transaction.driver.fetchval(OFFSET))


async def advance(platform: Platform, by: timedelta) -> int:
    """Move the platform's clock and tell every process; returns the new offset in seconds."""
    async with begin(platform.platform, tenant_id=0, clock_offset=0, read_only=False) as transaction:
        offset: int = await transaction.driver.fetchval(ADVANCE, int(by.total_seconds()))
        await transaction.commit()
    clock.move_to_offset(offset)
    await notify(platform.platform, MOVED, str(offset))
    return offset
