"""`hexmart plugin callback`: where a carrier tells what happens, for those that are told so in their own console."""

from typing import Annotated

import typer

from core import deliveries
from core.actors import system
from hexmart.at_brand import at_brand
from hexmart.terminal import one_sentence
from tenants import Platform, Tenant


def callback(
    name: Annotated[str, typer.Argument(help="The delivery provider's name, as sf.")],
    tenant: Annotated[str, typer.Option("--tenant", help="The brand's slug.")],
) -> None:
    """Print the address at which a delivery provider calls the brand back."""
    with one_sentence():
        address = at_brand(tenant, lambda platform, brand: _address(platform, brand, name))
    if address is None:
        raise typer.BadParameter(f"{name} is not on at {tenant}, does not call, or HEXMART_PUBLIC_URL is not set.")
    typer.echo(address)


async def _address(platform: Platform, brand: Tenant, name: str) -> str | None:
    async with platform.open_work(brand, system("operator")) as work:
        return await deliveries.callback_url(work, name)
