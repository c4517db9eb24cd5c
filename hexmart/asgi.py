"""One of several processes that serve: uvicorn makes the application in each, of what the environment says."""

import os
import signal
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from threading import Thread

import structlog
from uvicorn.config import STARTUP_FAILURE

from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings

log = structlog.get_logger("asgi")


def create() -> Application:
    """The application of this process, on the database that its parent made available."""
    if (parent := parent_process()) is not None:
        Thread(target=_end_with, args=[parent], daemon=True).start()
    try:
        settings = Settings()
        assert settings.database_url is not None, "the parent says where the database is"
        return create_app(Databases.of(settings.database_url, settings), settings, with_worker=False)
    except Exception:
        log.exception("cannot start")
        # what is wrong here is wrong in every replacement too: this code keeps the parent from starting one
        raise SystemExit(STARTUP_FAILURE) from None


def _end_with(parent: BaseProcess) -> None:
    """A parent that was killed has told nobody to stop."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
