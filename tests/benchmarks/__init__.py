"""Speed beside peers, run only when asked for."""
