"""Core's migrations and each plugin's own: apart from each other, in one transaction, under one lock."""

from hexmart.migrating.catalog import unprotected
from hexmart.migrating.histories import CORE, History, history_of, version_tables
from hexmart.migrating.running import Report, install, migrate, remove
from hexmart.migrating.scope import belonging

__all__ = [
    "CORE",
    "History",
    "Report",
    "belonging",
    "history_of",
    "install",
    "migrate",
    "remove",
    "unprotected",
    "version_tables",
]
