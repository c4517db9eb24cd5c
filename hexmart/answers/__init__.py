"""Answers that are given again as they are, until something that they were read from is written."""

from hexmart.answers.answer import Answer, Stamp
from hexmart.answers.kept import Answers
from hexmart.answers.shared import SharedAnswers

__all__ = ["Answer", "Answers", "SharedAnswers", "Stamp"]
