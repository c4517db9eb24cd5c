"""Work that time asks for."""

from core.jobs.job import Job

__all__ = ["Job"]
