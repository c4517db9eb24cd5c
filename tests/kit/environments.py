"""Virtual environments as partners have them: Hexmart from a wheel, a plugin beside it, nothing of the checkout.

What Hexmart stands on is the same in every one of them and no concern of these tests, so it is not installed again,
which would take minutes: a folder of links to what is installed here, but for Hexmart itself, is on their path.
"""

import asyncio
import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(sysconfig.get_path("purelib"))
#: of this run, and not of whoever uses an environment
NOT_HANDED_ON = ("PYTHON", "HEXMART_", "PYTEST_", "REDIS_URL")


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment and the database that its Hexmart is told of."""

    folder: Path
    home: Path  #: where one stands in it
    database_url: str | None = None

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Where they are installed."""
        (found,) = (self.folder / "lib").glob("python*/site-packages")
        return found

    def install(self, *wheels: Path) -> None:
        """Install wheels, and nothing that they need."""
        _uv(self, "install", "--offline", "--no-deps", *map(str, wheels))

    def uninstall(self, distribution: str) -> None:
        """Remove a distribution."""
        _uv(self, "uninstall", distribution)

    def plugins(self) -> list[str]:
        """The distributions of plugins that were installed."""
        found = (path.name.partition("-")[0] for path in self.packages.glob("hexmart_*.dist-info"))
        return [name.replace("_", "-") for name in found]

    async def run(self, *command: str, cwd: Path | None = None, ends: int = 0) -> str:
        """What a command prints, which has to end with this status; programs of the environment come first."""
        process = await asyncio.create_subprocess_exec(
            *command, cwd=cwd or self.home, env=self.variables(), stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        printed = (await process.communicate())[0].decode()
        assert process.returncode == ends, f"{' '.join(command)}\n{printed[-6_000:]}"
        return printed

    def variables(self) -> dict[str, str]:
        """The environment of its processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_HANDED_ON)}
        url = self.database_url
        told = {"HEXMART_DATABASE_URL": url, "HEXMART_TEST_DATABASE_URL": url} if url is not None else {}
        # PYTHONSAFEPATH: what is imported is what is installed, and not a folder of the same name that one stands in
        own = {"PATH": f"{self.folder / 'bin'}:{kept['PATH']}", "VIRTUAL_ENV": str(self.folder), "PYTHONSAFEPATH": "1"}
        return {**kept, **told, **own, "HEXMART_SECRET": "a secret for tests only", "NO_COLOR": "1"}


def make(folder: Path) -> Environment:
    """An environment that has everything but Hexmart."""
    venv.EnvBuilder(symlinks=True).create(folder)
    links = folder / "needed"
    links.mkdir()
    for entry in HERE.iterdir():
        if "hexmart" not in entry.name and entry.name != "__pycache__" and entry.suffix != ".pth":
            (links / entry.name).symlink_to(entry)
    made = Environment(folder, folder)
    (made.packages / "needed.pth").write_text(f"{links}\n")
    (folder / "bin" / "ruff").symlink_to(Path(sysconfig.get_path("scripts")) / "ruff")
    for program in ("pip", "pytest", "mypy"):
        (folder / "bin" / program).write_text(_start_of(folder, program))
        (folder / "bin" / program).chmod(0o755)
    return made


def wheel_of(source: Path, into: Path) -> Path:
    """The wheel of a distribution."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (wheel,) = into.glob("*.whl")
    return wheel


def _start_of(folder: Path, program: str) -> str:
    """A program's start script, as an installer would have written it."""
    return f'#!/bin/sh\nexec "{folder / "bin" / "python"}" -m {program} "$@"\n'


def _uv(environment: Environment, verb: str, *arguments: str) -> None:
    command = [sys.executable, "-m", "uv", "pip", verb, "--quiet", "--python", str(environment.python), *arguments]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, env=environment.variables())
    assert ended.returncode == 0, ended.stderr
