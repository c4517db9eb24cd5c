"""Directives that the printed schema carries."""

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="access",
    description='Who may call it: anyone, a "member", "staff", all "signed-in", or who has the permission.',
)
class AccessDirective:
    permission: str | None = strawberry.UNSET


@strawberry.schema_directive(
    locations=[
        Location.OBJECT,
        Location.FIELD_DEFINITION,
        Location.INPUT_OBJECT,
        Location.ENUM,
        Location.INTERFACE,
        Location.UNION,
    ],
    name="plugin",
    description="Which plugin brought this.",
)
class PluginDirective:
    name: str
