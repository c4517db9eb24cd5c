"""How long it takes to refuse a bomb: `python -m bench.gate` needs neither server nor database."""

import gc
from time import perf_counter, process_time

import orjson

from bench.bombs import BOMBS, Bomb
from bench.client import Unexpected
from bench.measuring import Sample
from bench.report import Report
from bench.stage import Stage
from schema.engine.limits import STOREFRONT, QueryTooComplex

ALLOWED_MS = 5  #: for a refusal, whatever is refused
TIMES = 200


async def run(_stage: Stage) -> Report:
    """The same, among other benchmarks."""
    return refusals()


def refusals() -> Report:
    """Refuse each again and again, in turns."""
    samples = {name: Sample(1) for name in BOMBS}
    gc.collect()
    gc.freeze()  # as the server does: what was imported is looked at no more
    for _ in range(TIMES):
        for name, bomb in BOMBS.items():
            samples[name] += _refused(bomb)
    report = Report("gate")
    for name, sample in samples.items():
        report.add(f"{name}: {BOMBS[name].limit}", sample)
    medians = [sample.percentile(0.5) * 1e3 for sample in samples.values()]
    report.facts["allowed_ms"] = ALLOWED_MS
    report.facts["slowest_p50_ms"] = round(max(medians), 2)
    report.facts["slower_than_allowed"] = sum(one >= ALLOWED_MS for one in medians)
    return report


def _refused(bomb: Bomb) -> Sample:
    used, began = process_time(), perf_counter()
    try:
        bomb.go_off(STOREFRONT)
    except QueryTooComplex as refusal:
        took, cpu = perf_counter() - began, process_time() - used
        if refusal.facts["limit"] == bomb.limit:
            return Sample(1, took, [took], cpu)
    raise Unexpected(f"the limit of {bomb.limit} lets a bomb through")


if __name__ == "__main__":
    found = refusals()
    found.show()
    print(orjson.dumps({"gate": found.figures()}).decode())
