"""Conditions in CEL: checked when they are saved, compiled once, and never the end of a checkout."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import structlog
from cel_expr_python import cel
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from core.rules.declared import Rule

LONGEST = 500  #: characters
_MISTAKE = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_TYPES = {"string": cel.Type.STRING, "int": cel.Type.INT, "bool": cel.Type.BOOL, "double": cel.Type.DOUBLE}
Facts = Mapping[str, str | int | bool | float]
log = structlog.get_logger("rules")


@dataclass(frozen=True, slots=True)
class Variable:
    """What a condition may speak of."""

    name: str
    type: str  #: string, int, bool or double
    meaning: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What a condition is about. As a mark in an annotation it makes a rule such a condition; empty, it never holds."""

    name: str
    variables: tuple[Variable, ...]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, core_schema.str_schema(max_length=LONGEST))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        variables = {one.name: {"type": one.type, "description": one.meaning} for one in self.variables}
        return {"type": "string", "format": "cel", "maxLength": LONGEST, "variables": variables}

    def _checked(self, text: str) -> str:
        if text:
            try:
                compiled(self, text)
            except ConditionWrong as wrong:
                raise PydanticCustomError("condition", "{sentence}", {"sentence": str(wrong)}) from wrong
        return text


def subject_of(rule: Rule) -> Subject | None:
    """What a rule is a condition about, if it is one."""
    return next((mark for mark in rule.info.metadata if isinstance(mark, Subject)), None)


class ConditionWrong(ValueError):
    """An expression that is no condition about its subject; says where."""


@lru_cache(maxsize=1024)
def compiled(subject: Subject, text: str) -> cel.Expression:
    """The condition, ready to be asked; raises ConditionWrong."""
    try:
        expression = _environment(subject).compile(text)
    except RuntimeError as error:  # the one kind that the library raises
        raise ConditionWrong(_sentence(str(error))) from error
    if expression.return_type() != cel.Type.BOOL:
        raise ConditionWrong(f"line 1, column 1: this is {expression.return_type().name()}, and not true or false")
    return expression


def holds(subject: Subject, text: str, facts: Facts) -> bool:
    """Whether a condition holds; one that cannot be told does not."""
    if not text:
        return False
    try:
        answer = compiled(subject, text).eval(data=dict(facts)).plain_value()
    except (ConditionWrong, RuntimeError) as error:
        answer = str(error)
    if not isinstance(answer, bool):
        log.warning("a condition cannot be told", subject=subject.name, condition=text, reason=answer)
        return False
    return answer


@lru_cache(maxsize=64)
def _environment(subject: Subject) -> cel.Env:
    return cel.NewEnv(variables={one.name: _TYPES[one.type] for one in subject.variables})


def _sentence(message: str) -> str:
    """The first mistake, with its line and column."""
    found = _MISTAKE.search(message)
    if found is None:
        return message.splitlines()[0]
    mistake = found[3].removesuffix(" (in container '')").partition(" expecting ")[0]
    return f"line {found[1]}, column {found[2]}: {mistake}"


BASKET = Subject(
    "basket",
    (
        Variable("fulfilment", "string", "DELIVERY, PICKUP, IN_STORE or SCAN_AND_GO."),
        Variable("items", "int", "What the goods cost, in minor units."),
        Variable("lines", "int", "How many different things are in it."),
        Variable("member", "bool", "Whether it is a member's who is signed in."),
        Variable("weekday", "int", "1 is Monday, 7 is Sunday, where the brand is."),
        Variable("hour", "int", "0 to 23, where the brand is."),
    ),
)
