"""Balance: how many have little for each who has much, area by area and place by place."""

from grannskap.measures.balance.changes import change
from grannskap.measures.balance.quotient import STATUSES, interval, ratio, status
from grannskap.measures.balance.summaries import summary

__all__ = ["STATUSES", "change", "interval", "ratio", "status", "summary"]
