"""The shop in memory on Node: Apollo Server, and graphql-jit on nothing but Node's own HTTP."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import orjson

from bench.data import HOME
from bench.in_memory import IN_ALL, by_hand

SOURCE = Path(__file__).parent / "node"
INSTALLED = HOME / "node"
PATIENCE = 300.0  #: seconds until the packages must be there
PRODUCTION = {"NODE_ENV": "production"}
AS_INSTALLED = {"NODE_ENV": ""}  # graphql-js checks itself then, which nearly doubles what Apollo costs
PROGRAMS = {"apollo": "apollo.mjs", "apollo_as_installed": "apollo.mjs", "graphql_jit": "graphql_jit.mjs"}

Commands = Mapping[str, tuple[str, ...]]


class NoNode(Exception):
    """Why there is nothing to compare with."""


def commands() -> Commands:
    """What starts each server, its packages in place."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NoNode("node and npm are not both on PATH")
    known = _lock(SOURCE) == _lock(INSTALLED) and (INSTALLED / "node_modules" / ".package-lock.json").exists()
    shutil.copytree(SOURCE, INSTALLED, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    products = [edge["node"] for edge in by_hand(IN_ALL)["data"]["products"]["edges"]]
    (INSTALLED / "shop.json").write_bytes(orjson.dumps(products))
    if not known:
        _install(npm)
    return {name: (node, str(INSTALLED / program)) for name, program in PROGRAMS.items()}


def environment(name: str) -> Mapping[str, str]:
    """How a server is started; most are in production, which nobody is by default."""
    return AS_INSTALLED if name == "apollo_as_installed" else PRODUCTION


def _lock(folder: Path) -> bytes | None:
    path = folder / "package-lock.json"
    return path.read_bytes() if path.exists() else None


def _install(npm: str) -> None:
    """Exactly what package-lock.json names, or NoNode."""
    try:
        subprocess.run([npm, "ci"], cwd=INSTALLED, check=True, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise NoNode(f"npm ci took more than {PATIENCE:g} seconds") from None
    except subprocess.CalledProcessError as failed:
        said = [line.removeprefix("npm error ") for line in failed.stderr.splitlines() if line.startswith("npm error")]
        raise NoNode(f"npm ci failed: {said[0] if said else failed.returncode}") from None
