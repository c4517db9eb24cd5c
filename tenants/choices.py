"""What a brand has chosen of the installed plugins: which of them are on for it, and set to what."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import ValidationError

from core.extensions import Settings, secrets_of
from core.vault import Vault
from tenants.installed import Installed

SEALED = "sealed"  #: the key under which a secret's sealed form stands
_IN_OWN_WORDS = {"value_error", "assertion_error"}  #: of a model's own checks, which may quote a secret


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row of tenant_plugin."""

    name: str
    enabled: bool
    settings: str  #: JSON; secrets in it are sealed


@dataclass(frozen=True, slots=True)
class Choices:
    """What is on for a brand, what it is set to, and why what was switched on is off all the same."""

    plugins: frozenset[str] = frozenset()
    settings: Mapping[type[Settings], Settings] = field(default_factory=dict)
    off: Mapping[str, str] = field(default_factory=dict)  #: reason by plugin


class Unfit(Exception):
    """Why stored settings are none any more."""


def choices(known: Mapping[str, Installed], vault: Vault, rows: Iterable[Chosen]) -> Choices:
    """A plugin is on that is installed, whose settings its model takes, and that has all it requires."""
    settings: dict[str, Settings] = {}
    off: dict[str, str] = {}
    for row in rows:
        if row.enabled:
            try:
                settings[row.name] = _settings_of(known, vault, row)
            except Unfit as unfit:
                off[row.name] = str(unfit)
    while lacking := _lacking(known, settings):
        for name, need in lacking.items():
            off[name] = f"it requires {need}, which is off"
            del settings[name]
    return Choices(frozenset(settings), {type(one): one for one in settings.values()}, off)


def opened(vault: Vault, plugin: str, kind: type[Settings], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored settings with their secrets open."""
    secret = secrets_of(kind)
    return {
        name: _open(vault, place(plugin, name), value) if name in secret else value for name, value in stored.items()
    }


def sealed(vault: Vault, plugin: str, name: str, secret: str) -> dict[str, str]:
    """A secret as it is stored."""
    return {SEALED: base64.b64encode(vault.seal(secret, place(plugin, name))).decode()}


def place(plugin: str, name: str) -> str:
    """Where a secret stands; it opens nowhere else."""
    return f"tenant_plugin.{plugin}.{name}"


def _settings_of(known: Mapping[str, Installed], vault: Vault, row: Chosen) -> Settings:
    if row.name not in known:
        raise Unfit("it is not installed")
    kind = known[row.name].settings
    values = opened(vault, row.name, kind, orjson.loads(row.settings))
    try:
        return kind.model_validate_json(orjson.dumps(values))
    except ValidationError as error:
        said = "; ".join(said_of(one) for one in error.errors(include_input=False))
        raise Unfit(f"what it is set to does not fit: {said}") from None
    except Exception as error:  # noqa: BLE001 - a model's own checks may fail in any way
        raise Unfit(f"its settings cannot be checked: {type(error).__name__}") from None


def said_of(problem: Any) -> str:
    """What pydantic has found, without the words of a model's own checks."""
    where = ".".join(str(part) for part in problem["loc"]) or "as a whole"
    return f"{where}: {'it is refused' if problem['type'] in _IN_OWN_WORDS else problem['msg']}"


def _open(vault: Vault, where: str, value: object) -> object:
    try:
        return vault.open(base64.b64decode(value[SEALED]), where)  # type: ignore[index]  # anything else is caught
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise Unfit(f"the secret {where.rpartition('.')[2]} cannot be opened: set it again") from None


def _lacking(known: Mapping[str, Installed], on: Mapping[str, Settings]) -> dict[str, str]:
    """Plugins that lack one they require."""
    return {
        name: missing[0] for name in on if (missing := [need for need in known[name].about.requires if need not in on])
    }
