"""Fixtures of every test: those that plugin authors get."""

pytest_plugins = ["hexmart.testing"]
