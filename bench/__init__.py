"""Benchmarks: what a request costs, as ratios within one run."""
