"""Work that time asks for."""

from core.jobs.job import Job
from core.jobs.sweeping import forget, forgetting

__all__ = ["Job", "forget", "forgetting"]
