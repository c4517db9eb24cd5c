"""Partner apps: programs of partners that call a brand's API."""

from core.apps.queries import by_ids
from core.apps.rows import AppRow

__all__ = ["AppRow", "by_ids"]
