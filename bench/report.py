"""What a benchmark found: a table for a person, and figures for a program."""

from dataclasses import asdict, dataclass, field
from typing import Any

from bench.measuring import Sample

_HEAD = (
    f"{'':<34}{'clients':>8}{'per second':>12}{'p50 ms':>9}{'p95 ms':>9}"
    f"{'server CPU':>12}{'PostgreSQL CPU':>16}{'statements':>12}"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; CPU is in milliseconds each time, None where it cannot be seen."""

    what: str
    clients: int
    per_second: float
    p50_ms: float
    p95_ms: float
    server_cpu_ms: float
    postgresql_cpu_ms: float | None
    statements: int | None

    def __str__(self) -> str:
        database = "-" if self.postgresql_cpu_ms is None else f"{self.postgresql_cpu_ms:.2f} ms"
        return (
            f"{self.what:<34}{self.clients:>8}{self.per_second:>12.1f}{self.p50_ms:>9.1f}{self.p95_ms:>9.1f}"
            f"{self.server_cpu_ms:>9.2f} ms{database:>16}{'' if self.statements is None else self.statements:>12}"
        )


@dataclass(slots=True)
class Report:
    """The rows of a benchmark, with ratios between them, and facts beside them."""

    bench: str
    rows: list[Row] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)
    facts: dict[str, float] = field(default_factory=dict)

    def add(self, what: str, sample: Sample, statements: int | None = None) -> None:
        """One line more."""
        times = len(sample.latencies)
        self.rows.append(
            Row(
                what,
                sample.clients,
                round(sample.per_second, 1),
                round(sample.percentile(0.50) * 1e3, 2),
                round(sample.percentile(0.95) * 1e3, 2),
                round(sample.server_cpu / times * 1e3, 3),
                round(sample.database_cpu / times * 1e3, 3) if sample.database_cpu else None,
                statements,
            )
        )

    def show(self) -> None:
        """Print the table and the ratios."""
        print(f"\n{self.bench}\n{_HEAD}")
        for row in self.rows:
            print(row)
        for name, value in self.facts.items():
            print(f"  {name.replace('_', ' ')}: {value:g}")
        for name, value in self.ratios.items():
            print(f"  {name.replace('_', ' ')}: {value:g} times")

    def figures(self) -> dict[str, Any]:
        """All of it as JSON takes it."""
        return asdict(self)
