"""From what somebody sets for a plugin to what is stored of it, and to what is shown of that."""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from core.errors import Invalid
from core.extensions import Settings, secrets_of
from core.vault import Vault
from tenants.choices import SEALED, Unfit, opened, sealed

LONGEST = 32_768  #: bytes of settings
PATH = ("input", "settings")


def configure(
    vault: Vault, plugin: str, kind: type[Settings], before: Mapping[str, Any], given: object
) -> dict[str, Any]:
    """What to store: what was given, checked. A secret that is not given again stays, null unsets it.

    Where nothing at all is given, everything stays.
    """
    secret = secrets_of(kind)
    said = {name: value for name, value in before.items() if name not in secret} if given is None else _object(given)
    plain = {name: value for name, value in said.items() if name not in secret}
    kept = {name: before[name] for name in secret & before.keys() if name not in said or _is_mark(said[name])}
    fresh = {name: said[name] for name in secret & said.keys() if said[name] is not None and not _is_mark(said[name])}
    _check(vault, plugin, kind, {**plain, **fresh}, kept)
    return {**plain, **kept, **{name: sealed(vault, plugin, name, value) for name, value in fresh.items()}}


def shown(kind: type[Settings], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored settings as anybody may see them: of a secret, whether it is set."""
    secrets = {name: {"set": name in stored} for name in sorted(secrets_of(kind))}
    return {name: {"set": True} if _is_sealed(value) else value for name, value in stored.items()} | secrets


def _check(vault: Vault, plugin: str, kind: type[Settings], given: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    try:
        kind.model_validate_json(orjson.dumps({**given, **opened(vault, plugin, kind, kept)}))
    except Unfit as unfit:
        raise Invalid(reason=f"{unfit}.".capitalize(), path=PATH) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise Invalid(reason=f"{first['msg']}.", path=(*PATH, *map(str, first["loc"]))) from None


def _object(given: object) -> dict[str, Any]:
    """What was given, as JSON can hold it."""
    try:
        text = orjson.dumps(given)
    except TypeError:
        raise Invalid(reason="This is no JSON: a number is too large, or it is nested too deep.", path=PATH) from None
    if len(text) > LONGEST or b"\\u0000" in text:
        raise Invalid(reason=f"Settings are at most {LONGEST} bytes of JSON without the character NUL.", path=PATH)
    values = orjson.loads(text)
    if not isinstance(values, dict):
        raise Invalid(reason="Settings are an object: a value for each name.", path=PATH)
    return values


def _is_mark(value: object) -> bool:
    """What `shown` makes of a secret: whoever sends it back has not changed it."""
    return isinstance(value, dict) and value.keys() == {"set"} and isinstance(value["set"], bool)


def _is_sealed(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {SEALED}
