"""Running jobs: step by step to their end, each by itself, and only where there is something to do."""

import asyncio
import random
from collections.abc import Sequence
from time import monotonic

import asyncpg
import structlog

from core import jobs
from core.actors import system
from core.extensions import Nonsense
from core.jobs import Job
from core.work import Work
from hexmart.worker.care import BUDGET, Care, Part, in_time
from tenants import Platform, Tenant

STEPS = 100  #: of one job at one tenant; then others have their turn, and it goes on in the next round
LATEST_START = 600.0  #: seconds over which the first runs are spread after a start
ASKING = 2.0  #: seconds for what says that jobs are due
log = structlog.get_logger("worker")


class Sweeping:
    """The jobs of one process: when each is to be looked at next, tenant by tenant."""

    def __init__(self, platform: Platform, care: Care) -> None:
        self._platform = platform
        self._care = care
        self._next: dict[tuple[int, str], float] = {}
        self._spread = LATEST_START

    def all_at_once(self) -> None:
        """Take every job for due, now: the clock was moved."""
        self._next.clear()
        self._spread = 0.0

    def timed(self, tenant: Tenant) -> list[Job]:
        """The jobs whose time has come."""
        return [job for job in self._platform.hooks(tenant.plugins).jobs if self._is_time(tenant, job)]

    async def due(self, work: Work, tenant: Tenant, timed: Sequence[Job]) -> list[Job] | None:
        """Those that have something to do, as far as they can say; None where one keeps the others from being asked."""
        asked = [job for job in timed if job.due is not None and not self._care.rests(tenant, _part(job))]
        if not asked:
            return list(timed)
        try:
            async with asyncio.timeout(ASKING):
                found = await jobs.ask(work, [job.due for job in asked if job.due is not None])
        except (asyncpg.PostgresError, TimeoutError) as error:
            if len(timed) == 1:
                log.warning("a job cannot say whether it is due", tenant=tenant.slug, job=timed[0].name, exc_info=error)
                self._care.failed(tenant, _part(asked[0]), "job_failed", error)
                return []
            return None
        idle = {job.name for job, due in zip(asked, found, strict=True) if not due}
        return [job for job in timed if job.name not in idle]

    async def due_one_by_one(self, tenant: Tenant, timed: Sequence[Job]) -> list[Job]:
        """The same, each asked by itself; who cannot say is at fault alone."""
        found: list[Job] = []
        for job in timed:
            async with self._platform.open_work(tenant, system("worker"), read_only=True) as work:
                found += await self.due(work, tenant, [job]) or []
        return found

    async def run(self, tenant: Tenant, job: Job) -> None:
        """Run a job to its end, or for as many steps as it has; whatever it does stops nobody else."""
        part = _part(job)
        if not self._care.admits(tenant, part):
            return
        try:
            ended = await self.repeat(tenant, job)
        except Exception as error:  # a job may fail in any way; it is run again in its time and never stops the others
            log.warning("a job failed", tenant=tenant.slug, job=job.name, exc_info=error)
            self._care.failed(tenant, part, "job_failed", error)
            return
        self._care.succeeded(tenant, part, "job_run")
        if not ended:
            self._next[tenant.id, job.name] = 0.0

    async def repeat(self, tenant: Tenant, job: Job) -> bool:
        """Repeat a job's step, each in a transaction of its own; says whether it has come to its end."""
        part = _part(job)
        for _ in range(STEPS):
            async with self._care.turn(part), self._platform.open_work(tenant, system(job.name)) as work:
                if not _counted(await in_time(part, BUDGET, job.run, work)):
                    return True
        return False

    def _is_time(self, tenant: Tenant, job: Job) -> bool:
        """Whether a job is to be looked at; after a start at any moment, so that not all of them are at the same."""
        now, key, every = monotonic(), (tenant.id, job.name), job.every.total_seconds()
        if now < self._next.setdefault(key, now + random.uniform(0, min(every, self._spread))):
            return False
        self._next[key] = now + every
        return True


def _part(job: Job) -> Part:
    return Part.of(job.name, job.run)


def _counted(answer: object) -> int:
    """What a step has answered, if it is a number of rows."""
    if isinstance(answer, bool) or not isinstance(answer, int) or answer < 0:
        raise Nonsense("a job answers with how many rows it did")
    return answer
