"""Typed rules: what a brand may decide, declared by the domain that reads it."""

from core.rules.book import BRAND, Place, RuleBook
from core.rules.conditions import BASKET, Facts, Subject, Variable, holds, subject_of
from core.rules.declared import Level, Rule, Rules, catalogue, domain_of, rules_of
from core.rules.schedule import Decision, Schedule

__all__ = [
    "BASKET",
    "BRAND",
    "Decision",
    "Facts",
    "Level",
    "Place",
    "Rule",
    "RuleBook",
    "Rules",
    "Schedule",
    "Subject",
    "Variable",
    "catalogue",
    "domain_of",
    "holds",
    "rules_of",
    "subject_of",
]
