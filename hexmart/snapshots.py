"""Printed schemas that are committed: `python -m hexmart.snapshots` renews them, and a test compares."""

from pathlib import Path

from hexmart.plugins import discover, manager_of, surface
from schema.snapshot import SNAPSHOT, printed, printed_of

BUNDLED = Path(__file__).parent.parent / "plugins"


def snapshots() -> dict[Path, str]:
    """Each by its place: core's, and beside each bundled plugin that has a part in the schema what it brings."""
    bundled = [one for one in discover() if one.folder.parent == BUNDLED]
    whole = surface(manager_of(bundled))
    parts = {one.folder / "schema.graphql": printed_of(whole, one.name) for one in bundled}
    return {SNAPSHOT: printed(), **{place: text for place, text in parts.items() if text.strip()}}


if __name__ == "__main__":
    for place, text in snapshots().items():
        place.write_text(text, encoding="utf-8")
