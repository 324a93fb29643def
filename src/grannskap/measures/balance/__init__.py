"""Balance: how many have little for each who has much, area by area and place by place."""

from grannskap.measures.balance.changes import CHANGE_STATUSES, change, change_of_places
from grannskap.measures.balance.ratio import STATUSES, areas
from grannskap.measures.balance.totals import places
from grannskap.measures.balance.years import OVER_YEARS, over_years, segments

__all__ = [
    "CHANGE_STATUSES",
    "OVER_YEARS",
    "STATUSES",
    "areas",
    "change",
    "change_of_places",
    "over_years",
    "places",
    "segments",
]
