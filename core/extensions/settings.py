"""What a brand sets for a plugin: values that the plugin's model checks, some of them secret."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined


class Settings(BaseModel):
    """A plugin's settings: each field with a description and, where there can be one, a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@lru_cache(maxsize=1024)
def secrets_of(kind: type[Settings]) -> frozenset[str]:
    """The fields that are sealed where they are kept, and shown to nobody."""
    return frozenset(name for name, made in kind.model_fields.items() if _is_secret(made.annotation))


def faults_of(kind: object) -> Iterator[str]:
    """What is wrong with a model of settings, a sentence each."""
    if not (isinstance(kind, type) and issubclass(kind, Settings)):
        yield "register_settings returns no Settings: return a class that is derived from it"
        return
    for name, made in kind.model_fields.items():
        yield from (f"{kind.__name__}.{name} {fault}" for fault in _faults_of_field(made))
    secret = secrets_of(kind)
    hidden = sorted(name for name, schema in _properties(kind).items() if name not in secret and _hides(schema))
    yield from (f"{kind.__name__}.{name}: a secret is a SecretStr, and stands at the top" for name in hidden)


def _faults_of_field(made: FieldInfo) -> Iterator[str]:
    if not (made.description or "").strip():
        yield "has no description"
    if made.alias or made.validation_alias or made.serialization_alias:
        yield "has an alias: what is set is called as the field is"
    if _is_secret(made.annotation) and made.get_default(call_default_factory=True) not in (None, PydanticUndefined):
        yield "is secret and has a default, which everybody could read"


def _is_secret(annotation: object) -> bool:
    return annotation is SecretStr or SecretStr in get_args(annotation)


def _properties(kind: type[Settings]) -> dict[str, Any]:
    """The schema of each field, with what it refers to in it."""
    schema = kind.model_json_schema()
    definitions = schema.get("$defs", {})
    return {name: _resolved(one, definitions, ()) for name, one in schema.get("properties", {}).items()}


def _resolved(schema: Any, definitions: dict[str, Any], within: tuple[str, ...]) -> Any:
    if isinstance(schema, list):
        return [_resolved(one, definitions, within) for one in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name and name not in within:
        return _resolved(definitions[name], definitions, (*within, name))
    return {key: _resolved(one, definitions, within) for key, one in schema.items()}


def _hides(schema: Any) -> bool:
    """Whether anything in a schema is only written."""
    if isinstance(schema, list):
        return any(_hides(one) for one in schema)
    return isinstance(schema, dict) and (schema.get("writeOnly") is True or any(_hides(v) for v in schema.values()))
