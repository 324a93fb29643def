"""Join boundaries and register, add shares, sum over groups, cross to the other division."""

from grannskap.areas.divisions import crosswalk
from grannskap.areas.groups import aggregate
from grannskap.areas.inclusion import Inclusion, inside
from grannskap.areas.joining import join, select
from grannskap.areas.shares import with_shares

__all__ = ["Inclusion", "aggregate", "crosswalk", "inside", "join", "select", "with_shares"]
