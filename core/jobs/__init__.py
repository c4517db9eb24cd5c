"""Work that time asks for."""

from core.jobs.asking import ask
from core.jobs.job import Job, faults
from core.jobs.sweeping import forget, forgetting

__all__ = ["Job", "ask", "faults", "forget", "forgetting"]
