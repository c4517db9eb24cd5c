"""A sweep: what the worker does for each tenant again and again."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.work import Work


@dataclass(frozen=True, slots=True)
class Job:
    """A bounded step over one tenant's due rows; it returns how many it did, and is repeated while that is not 0."""

    name: str  #: domain.verb_object
    every: timedelta
    run: Callable[["Work"], Awaitable[int]]
    #: a SELECT, quick and with $1 for the tenant, that finds a row where there is something to do: it is asked of every
    #: tenant in place of running the job, together with those of all other jobs
    due: str | None = None


def faults(jobs: Iterable[Job]) -> list[str]:
    """A sentence for each fault of these jobs."""
    return [fault for job in jobs for fault in _of(job)]


def _of(job: Job) -> Iterator[str]:
    if job.every <= timedelta():
        yield f"the job {job.name} is to run every {job.every}: say how often"
    if not iscoroutinefunction(job.run):
        yield f"what the job {job.name} runs is not async"
    if job.due is not None and (not job.due.lstrip().upper().startswith("SELECT") or "$1" not in job.due):
        yield f"what says that the job {job.name} is due is a SELECT with $1 for the tenant"
