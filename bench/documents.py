"""Ten thousand strangers' documents: what they leave in memory, and what they do to those that are in use."""

import gc
from time import process_time

import orjson
import psutil

from bench.catalog import LIST
from bench.measuring import Sample
from bench.report import Report
from bench.stage import Stage
from schema.compose import compose
from schema.engine.documents import Documents
from schema.engine.limits import STOREFRONT
from schema.modules import MODULES

STRANGERS = 10_000
KNOWN = [LIST.replace("List(", f"List{number}(") for number in range(50)]
ROUNDS = 200


async def run(_stage: Stage) -> Report:
    """The same, among other benchmarks."""
    return strangers()


def strangers() -> Report:
    """Look the known ones up before and after; the strangers are parsed, validated and compiled once each."""
    report, documents, memory = Report("documents"), Documents(compose(MODULES), development=False), psutil.Process()
    for text in KNOWN * 2:  # the second look is what protects them
        _plan(documents, text)
    before = _look_up(documents)
    report.add("a known document", before)
    _crowd(documents, 0, STRANGERS // 2)
    gc.collect()
    half = memory.memory_info().rss
    report.add("a stranger's document", _crowd(documents, STRANGERS // 2, STRANGERS))
    gc.collect()
    after = _look_up(documents)
    report.add(f"a known one, after {STRANGERS:,}", after)
    report.ratios["known_after_over_before_cpu"] = round(after.cpu / before.cpu, 2)
    report.facts["documents_kept"] = len(documents)
    report.facts["mb_grown_by_the_second_half"] = round((memory.memory_info().rss - half) / 1e6, 1)
    return report


def _crowd(documents: Documents, first: int, last: int) -> Sample:
    used = process_time()
    for number in range(first, last):
        _plan(documents, LIST.replace("List(", f"Stranger{number}("))
    return Sample(
        1, process_time() - used, [(process_time() - used) / (last - first)] * (last - first), process_time() - used
    )


def _look_up(documents: Documents) -> Sample:
    sample = Sample(1)
    for _ in range(ROUNDS):
        used = process_time()
        for text in KNOWN:
            _plan(documents, text)
        took = process_time() - used
        sample += Sample(1, took, [took / len(KNOWN)] * len(KNOWN), took)
    return sample


def _plan(documents: Documents, text: str) -> None:
    """All that happens to a document before it is executed."""
    documents.read(text, STOREFRONT).operation(None).prepare({"store": "x"}, hide_suggestions=True).plan()


if __name__ == "__main__":
    found = strangers()
    found.show()
    print(orjson.dumps({"documents": found.figures()}).decode())
