"""Typed rules: what a brand may decide, declared by the domain that reads it."""

from core.rules.book import RuleBook, Rules

__all__ = ["RuleBook", "Rules"]
