"""Tokens and the sessions they belong to."""
