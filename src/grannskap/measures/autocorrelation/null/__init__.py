"""Null distributions: how a statistic would fall if the other areas changed places."""
