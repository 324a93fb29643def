"""Join boundaries and register, add shares, sum over groups, translate between divisions."""

from grannskap.areas.groups import aggregate
from grannskap.areas.joining import join, select
from grannskap.areas.shares import with_shares
from grannskap.areas.translation import translate

__all__ = ["aggregate", "join", "select", "translate", "with_shares"]
