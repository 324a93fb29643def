"""The gate: what may leave, and what an attacker could bound of what may not."""
