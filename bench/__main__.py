"""All benchmarks, one after another on the same servers and data."""

from bench import access, catalog, documents, execution, flow, gate, http, ledger, near, plugins, scan, till
from bench.running import main

if __name__ == "__main__":
    main(
        catalog=catalog.run,
        http=http.run,
        near=near.run,
        flow=flow.run,
        scan=scan.run,
        till=till.run,
        ledger=ledger.run,
        execution=execution.run,
        gate=gate.run,
        documents=documents.run,
        access=access.run,
        plugins=plugins.run,
    )
