"""Where Alembic finds the scripts of the core's migrations."""

from pathlib import Path


def migrations() -> Path:
    """The folder at the top of a checkout; a wheel carries the same folder inside this package."""
    package = Path(__file__).parent
    packed = package / "migrations"
    return packed if packed.is_dir() else package.parent / "migrations"
