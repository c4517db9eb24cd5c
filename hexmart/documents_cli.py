"""`hexmart documents`: what a brand's clients have registered to ask."""

from pathlib import Path
from typing import Annotated

import typer

from hexmart import manifests
from hexmart.at_brand import at_brand
from hexmart.plugins import plugin_manager, surface
from hexmart.terminal import console, one_sentence
from tenants import Platform, Tenant, documents

Brand = Annotated[str, typer.Option("--tenant", help="The brand's slug.")]

documents_app = typer.Typer(no_args_is_help=True, help="A brand's trusted documents, asked for by id.")


@documents_app.command()
def register(
    file: Annotated[Path, typer.Argument(help="Operations: .graphql, Apollo's manifest or Relay's, as JSON.")],
    tenant: Brand,
) -> None:
    """Let clients ask for a file's operations by id, all or none; prints name and id of each."""
    with one_sentence():
        wanted = manifests.operations(file)
        manifests.check(wanted, surface(plugin_manager()).graphql)
        added = at_brand(tenant, lambda platform, brand: documents.register(platform, brand, wanted))
    for document_id, text in wanted.items():
        typer.echo(f"{manifests.name_of(text)}  {document_id}")
    console.print(f"{added} registered, {len(wanted) - added} were registered already.", highlight=False)


@documents_app.command("list")
def list_command(tenant: Brand) -> None:
    """Print name and id of each document, the oldest first."""

    async def look(platform: Platform, brand: Tenant) -> tuple[list[documents.Registered], bool]:
        return await documents.listing(platform, brand), brand.trusted_only

    with one_sentence():
        found, only = at_brand(tenant, look)
    for one in found:
        typer.echo(f"{manifests.name_of(one.document)}  {one.id}")
    _say(f"{len(found)} registered; {tenant} allows {'no others' if only else 'others too'}.")


@documents_app.command()
def withdraw(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As they were printed.")], tenant: Brand
) -> None:
    """Stop answering to documents by these ids."""
    with one_sentence():
        withdrawn = at_brand(tenant, lambda platform, brand: documents.withdraw(platform, brand, ids))
    for document_id in ids:
        if document_id not in withdrawn:
            console.print(f"{document_id} was not registered.", style="yellow", highlight=False, markup=False)
    _say(f"{len(withdrawn)} withdrawn.")


@documents_app.command()
def only(
    tenant: Brand, off: Annotated[bool, typer.Option("--off", help="Allow any other document again.")] = False
) -> None:
    """Have a brand allow nothing but its trusted documents."""
    with one_sentence():
        at_brand(tenant, lambda platform, brand: documents.trust_only(platform, brand, not off))
    _say(f"{tenant} allows {'any document' if off else 'its trusted documents only'}.")


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False)
