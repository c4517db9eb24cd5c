"""How a program that something is compared with is served: as `hexmart serve` serves, and nothing more."""

import os
from collections.abc import Awaitable, Callable

import uvicorn


def serve(application: Callable[..., Awaitable[None]]) -> None:
    """Until it is terminated."""
    uvicorn.run(
        application,
        port=int(os.environ["HEXMART_PORT"]),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
    )
