"""Finding plugins: whatever names itself in the entry points of the group."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from core.extensions import Plugin, own
from hexmart.plugins.errors import PluginsBroken

GROUP = "hexmart.plugins"


@dataclass(frozen=True, slots=True)
class Installed:
    """A plugin and the module `plugin.py` that declares it."""

    plugin: Plugin
    module: ModuleType

    @property
    def name(self) -> str:
        return self.plugin.name

    @property
    def package(self) -> str:
        """The package that everything of the plugin lies in."""
        return self.module.__name__.rpartition(".")[0] or self.module.__name__

    @property
    def folder(self) -> Path:
        """Where it lies."""
        assert self.module.__file__ is not None, "a plugin is loaded from a file"
        return Path(self.module.__file__).parent


def discover(entries: Iterable[EntryPoint] | None = None) -> list[Installed]:
    """Every plugin that is installed, by name; one that cannot be loaded stops the start."""
    found = sorted(entry_points(group=GROUP) if entries is None else entries, key=lambda entry: entry.name)
    faults: list[str] = []
    loaded = [one for entry in found if (one := _load(entry, faults)) is not None]
    names = [one.name for one in loaded]
    faults += [
        f"{name}: two distributions bring a plugin of this name" for name in sorted({*names}) if names.count(name) > 1
    ]
    if faults:
        raise PluginsBroken(faults)
    for one in loaded:
        own(one.package, one.name)
    return loaded


def _load(entry: EntryPoint, faults: list[str]) -> Installed | None:
    package, _, _ = entry.value.rpartition(".")
    own(package, entry.name)  # before its modules are imported: what they declare is theirs
    try:
        module = entry.load()
    except Exception as error:  # noqa: BLE001 - a module may fail to be imported in any way
        faults.append(f"{entry.name}: {entry.value} cannot be imported: {type(error).__name__}: {error}")
        return None
    plugin = getattr(module, "PLUGIN", None)
    if not isinstance(plugin, Plugin):
        faults.append(f"{entry.name}: {entry.value} declares no PLUGIN = Plugin(...)")
        return None
    if plugin.name != entry.name:
        faults.append(f"{entry.name}: the entry point and PLUGIN.name, {plugin.name}, have to be the same")
        return None
    return Installed(plugin, module)
