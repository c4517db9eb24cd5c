"""All benchmarks, one after another on the same servers and data."""

from bench import catalog, execution, flow, gate, near
from bench.running import main

if __name__ == "__main__":
    main(catalog=catalog.run, near=near.run, flow=flow.run, execution=execution.run, gate=gate.run)
