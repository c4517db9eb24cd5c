"""Attacks on the edge: what a scanner tries, what confuses which brand is meant, what a log might give away."""
