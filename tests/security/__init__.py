"""Attacks on Hexmart, each of which has to fail."""
