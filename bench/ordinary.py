"""The same API with each checkout a transaction of its own that locks what it needs, as checkouts usually are."""

from uuid import UUID

from core import orders
from core.errors import DomainError
from core.orders import OrderRow, PlaceRequest
from hexmart.app import create_app
from hexmart.databases import available
from hexmart.server import serve
from hexmart.settings import Settings
from tenants import Platform, Tenant


class OneByOne:
    """Checkouts that wait for each other's rows, and for nobody else."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def place(self, tenant: Tenant, request: PlaceRequest, *, language: str) -> OrderRow | UUID:
        """As `Checkouts` has it."""
        async with self._platform.open_work(tenant, request.actor, language=language) as work:
            answer = (await orders.place(work, [request]))[0]
            if isinstance(answer, DomainError):
                raise answer
            order = (await orders.visible(work, [answer]))[0]
        assert order is not None, "an order that was just placed"
        return order

    async def close(self) -> None:
        """Nothing is under way that nobody waits for."""


def main() -> None:
    """Serve where the environment says."""
    settings = Settings()
    with available(settings) as databases:
        application = create_app(databases, settings, with_worker=False)
        application.platform.checkouts = OneByOne(application.platform)  # type: ignore[assignment]
        serve(application, settings)


if __name__ == "__main__":
    main()
