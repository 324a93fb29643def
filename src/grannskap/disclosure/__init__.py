"""The gate: what may leave, and what an attacker could bound of what may not."""

from grannskap.disclosure.gate import protect
from grannskap.disclosure.rules import ACRO, Rules

__all__ = ["ACRO", "Rules", "protect"]
