"""The schema as it is printed and committed: `python -m schema.snapshot` renews it, and a test compares."""

from pathlib import Path

from schema.compose import compose
from schema.modules import MODULES

SNAPSHOT = Path(__file__).with_name("schema.graphql")


def printed() -> str:
    """Core's schema in GraphQL's own language."""
    return f"{compose(MODULES).as_str()}\n"


if __name__ == "__main__":
    SNAPSHOT.write_text(printed(), encoding="utf-8")
