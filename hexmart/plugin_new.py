"""For writers of plugins: `hexmart plugin new` makes one that works, `hexmart plugin schema` prints its schema."""

import keyword
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from alembic.script import ScriptDirectory
from copier import run_copy

from core.extensions import Plugin
from hexmart.plugins import NameRefused, plugin_manager, surface
from hexmart.scripts import migrations
from hexmart.terminal import console, one_sentence
from schema.snapshot import printed_of

TEMPLATE = Path(__file__).parent / "template"


def new(
    name: Annotated[str, typer.Argument(help="snake_case; everything of the plugin will begin with it.")],
    into: Annotated[Path, typer.Option("--into", help="The folder to make it in.")] = Path(),
) -> None:
    """Make a plugin that works: a table, a mutation, a permission, a rule, tests."""
    with one_sentence():
        folder = make(name, into)
    typer.echo(folder)
    console.print(f"Next: pip install -e {folder}, hexmart migrate, and pytest in it.", highlight=False, markup=False)


def schema(name: Annotated[str, typer.Argument(help="The plugin.")]) -> None:
    """Print what a plugin brings into the schema, to be kept beside it."""
    with one_sentence():
        typer.echo(printed_of(surface(plugin_manager()), name), nl=False)


def make(name: str, into: Path) -> Path:
    """A distribution in a folder of the plugin's name; returns the folder."""
    folder = into / name
    why_not = _why_not(name, folder)
    if why_not:
        raise NameRefused(why_not)
    said = {"name": name, "core_revision": ScriptDirectory(str(migrations())).get_current_head()}
    run_copy(str(TEMPLATE), folder, data=said, defaults=True, quiet=True)
    return folder


def _why_not(name: str, folder: Path) -> str | None:
    """Why a plugin cannot be called that, or not here."""
    faults = Plugin(name=name, version="0.1.0", plugin_api=">=1.0", summary="x").faults()
    if faults:
        return faults[0]
    if keyword.iskeyword(name):
        return f"{name} is a word of Python: take another name"
    if find_spec(name) is not None:
        return f"there is a Python package called {name} already: take another name"
    if folder.exists():
        return f"{folder} is there already: take another name, or another folder by --into"
    return None
