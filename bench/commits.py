"""How often a second this machine can make something durable: what PostgreSQL's own pgbench says."""

import os
import pwd
import re
import subprocess

from hexmart.embedded.binaries import programs

CLIENTS, SECONDS = 32, 5
_TPS = re.compile(r"tps = ([\d.]+)")


def commits_per_second(url: str) -> float:
    """Transactions of three statements each by pgbench's "simple update", in tables that it makes and drops."""
    pgbench = programs(pwd.getpwuid(os.geteuid())) / "pgbench"
    _run(pgbench, "-i", "-q", "-s", "10", url)
    said = _run(pgbench, "-N", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS), url)
    _run(pgbench, "-i", "-q", "-I", "d", url)
    found = _TPS.search(said)
    assert found is not None, said
    return float(found[1])


def _run(*command: object) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
