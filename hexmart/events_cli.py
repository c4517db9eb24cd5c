"""`hexmart events`: what could not be delivered at a brand, and delivering it after all."""

from collections import Counter
from typing import Annotated

import typer

from core import dead_letters
from core.actors import system
from core.dead_letters import DeadLetter, Search
from core.dead_letters.service import MOST
from hexmart.at_brand import at_brand
from hexmart.terminal import console, one_sentence
from tenants import Platform, Tenant

Brand = Annotated[str, typer.Option("--tenant", help="The brand's slug.")]
Plugin = Annotated[str | None, typer.Option("--plugin", help="Of this plugin's subscribers alone.")]
Subscriber = Annotated[str | None, typer.Option("--subscriber", help="Of this subscriber alone.")]
_SHELL = system("hexmart events")

events_app = typer.Typer(no_args_is_help=True, help="Events of a brand that could not be delivered.")


@events_app.command()
def dead(tenant: Brand, plugin: Plugin = None, subscriber: Subscriber = None) -> None:
    """Print how many dead letters there are of each subscriber and event, and the kind of the error."""
    wanted = Search(plugin=plugin, subscriber=subscriber)
    with one_sentence():
        found = at_brand(tenant, lambda platform, brand: _all(platform, brand, wanted))
    for (who, event, error), count in sorted(Counter((one.subscriber, one.event, one.error) for one in found).items()):
        typer.echo(f"{count}  {who}  {event}  {error}")
    _say(f"{len(found)} dead.")


@events_app.command()
def replay(tenant: Brand, plugin: Plugin = None, subscriber: Subscriber = None) -> None:
    """Have a brand's dead letters delivered after all, with all attempts anew."""
    wanted = Search(plugin=plugin, subscriber=subscriber)
    with one_sentence():
        replayed = at_brand(tenant, lambda platform, brand: _replay(platform, brand, wanted))
    _say(f"{replayed} are due again.")


async def _all(platform: Platform, brand: Tenant, wanted: Search) -> list[DeadLetter]:
    """Page by page: who has left them alone for long may have very many."""
    found: list[DeadLetter] = []
    async with platform.open_work(brand, _SHELL, read_only=True) as work:
        while True:
            last = (found[-1].died_at, found[-1].id) if found else None
            page = await dead_letters.page(work, wanted, last, MOST)
            found += page
            if len(page) < MOST:
                return found


async def _replay(platform: Platform, brand: Tenant, wanted: Search) -> int:
    replayed = 0
    while True:
        async with platform.open_work(brand, _SHELL) as work:
            page = await dead_letters.page(work, wanted, None, MOST)
            if not page:
                return replayed
            letters, _ = await dead_letters.replay(work, [one.id for one in page])
        replayed += len(letters)


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False)
