"""For writers of plugins: `hexmart plugin new` makes one that works, `hexmart plugin schema` prints its schema."""

import keyword
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from alembic.script import ScriptDirectory

from core.extensions import Plugin
from core.models import metadata
from hexmart.plugins import NameRefused, PluginsBroken, plugin_manager, surface
from hexmart.plugins.discovery import GROUP
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
        if name not in entry_points(group=GROUP).names:
            raise PluginsBroken([f"{name} is not installed"])
        typer.echo(printed_of(surface(plugin_manager()), name), nl=False)


def make(name: str, into: Path) -> Path:
    """A distribution in a folder of the plugin's name; returns the folder."""
    folder = into / name
    why_not = next(_objections(name, folder), None)
    if why_not is not None:
        raise NameRefused(why_not)
    revision = ScriptDirectory(str(migrations())).get_current_head()
    # in a process of its own: every process of Hexmart would carry copier's 13 MB for this one command
    copier = [sys.executable, "-m", "copier", "copy", "--quiet", "--defaults"]
    said = ["--data", f"name={name}", "--data", f"core_revision={revision}"]
    subprocess.run([*copier, *said, str(TEMPLATE), str(folder)], check=True)
    return folder


def _objections(name: str, folder: Path) -> Iterator[str]:
    """Why a plugin cannot be called that, or not here; the first is to be told."""
    yield from Plugin(name=name, version="0.1.0", plugin_api=">=1.0", summary="x").faults()
    if keyword.iskeyword(name):
        yield f"{name} is a word of Python: take another name"
    if find_spec(name) is not None:
        yield f"there is a Python package called {name} already: take another name"
    for other in sorted(entry_points(group=GROUP).names):
        if name.startswith(f"{other}_") or other.startswith(f"{name}_"):
            yield f"its tables could be taken for those of {other}, which is installed: take another name"
    if any(table.startswith(f"{name}_") for table in metadata.tables):
        yield f"there are tables already whose names begin with {name}_: take another name"
    if folder.exists():
        yield f"{folder} is there already: take another name, or another folder by --into"
