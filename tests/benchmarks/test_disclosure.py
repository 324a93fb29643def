"""A municipality is protected in a minute, and nothing that is shown of it is too narrow.

python -m pytest tests/benchmarks/test_disclosure.py
"""

from benchmarks import suppression
from grannskap.disclosure import Rules


def test_a_municipality_is_protected_and_attacked_in_a_minute():
    rules = Rules()
    found = list(suppression.costs(suppression.municipality(), rules))
    for cost in found:
        print(cost.line())
        assert cost.narrowest >= rules.wide
        assert cost.gap < 0.3
    assert sum(cost.protecting[1] for cost in found) < 60
    assert sum(cost.attacking[1] for cost in found) < 60
