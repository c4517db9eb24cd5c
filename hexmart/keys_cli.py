"""`hexmart keys`: what a brand's access tokens are signed with."""

from collections.abc import Sequence
from typing import Annotated

import typer

from core.actors import system
from hexmart.at_brand import Doing, at_brand
from hexmart.terminal import one_sentence
from tenants import Platform, Tenant, keys

Brand = Annotated[str, typer.Argument(metavar="BRAND", help="The brand's slug.")]

keys_app = typer.Typer(no_args_is_help=True, help="The keys that a brand's access tokens are signed with.")


@keys_app.command()
def rotate(
    brand: Brand,
    now: Annotated[bool, typer.Option("--now", help="Refuse tokens of the key before at once: it is known.")] = False,
) -> None:
    """Sign with a new key, and print the keys whose tokens are good. Nobody has to sign in again."""

    async def do(platform: Platform, tenant: Tenant) -> Sequence[str]:
        return _lines(platform, await keys.rotate(platform, tenant, system("keys"), at_once=now))

    _print(brand, do)


@keys_app.command()
def show(brand: Brand) -> None:
    """Print the keys whose tokens are good: number, thumbprint (RFC 7638), and until when."""

    async def do(platform: Platform, tenant: Tenant) -> Sequence[str]:
        return _lines(platform, tenant)

    _print(brand, do)


def _print(brand: str, do: Doing[Sequence[str]]) -> None:
    with one_sentence():
        for line in at_brand(brand, do):
            typer.echo(line)


def _lines(platform: Platform, tenant: Tenant) -> Sequence[str]:
    """One of each key, the one that signs first."""
    return [f"{kid}  {key.thumbprint()}  {_until(tenant, kid)}" for kid, key in platform.token_keys(tenant).items()]


def _until(tenant: Tenant, kid: str) -> str:
    if kid == str(tenant.token_generation) or tenant.previous_token_until is None:
        return "signs"
    return f"until {tenant.previous_token_until:%Y-%m-%d %H:%M:%S} UTC"
