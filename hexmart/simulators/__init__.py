"""Providers as they speak, on this machine: for trying things out and for tests. No money moves."""
