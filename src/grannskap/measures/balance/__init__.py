"""Balance: how many have little for each who has much, area by area and place by place."""

from grannskap.measures.balance.changes import CHANGE_STATUSES, change, change_of_places
from grannskap.measures.balance.ratio import STATUSES, areas
from grannskap.measures.balance.totals import places

__all__ = ["CHANGE_STATUSES", "STATUSES", "areas", "change", "change_of_places", "places"]
