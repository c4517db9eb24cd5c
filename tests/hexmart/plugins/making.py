"""Plugins made of text, as somebody might install them."""

import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path

from core.extensions import ownership
from core.rules import declared

HEAD = """
from core.extensions import Plugin
from core.hooks import hookimpl

PLUGIN = Plugin(name="{name}", version="1.0.0", plugin_api=">=1.0,<2", summary="A plugin of a test."{more})
"""


@contextmanager
def packages(folder: Path, files: dict[str, str]) -> Iterator[None]:
    """Modules that can be imported by these names for as long as the block lasts."""
    before, known = set(sys.modules), dict(ownership._packages)
    for name, text in files.items():
        place = folder / f"{name.replace('.', '/')}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        (place.parent / "__init__.py").touch()
        place.write_text(textwrap.dedent(text), encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for module in set(sys.modules) - before:
            if module.split(".")[0] in {name.split(".")[0] for name in files}:
                del sys.modules[module]
        ownership._packages.clear()
        ownership._packages.update(known)
        ownership.plugin_of.cache_clear()
        declared.rules_of.cache_clear()


def entry(name: str, module: str | None = None) -> EntryPoint:
    """How a distribution names its plugin."""
    return EntryPoint(name, module or f"{name}.plugin", "hexmart.plugins")


def plugin(name: str, body: str = "", *, more: str = "") -> str:
    """The text of a module plugin.py."""
    return HEAD.format(name=name, more=f", {more}" if more else "") + textwrap.dedent(body)
