"""Curves over years: every place and year there, and names that do not collide."""

import numpy as np
import pandas as pd
import pytest

from grannskap.errors import DataError
from grannskap.maps import figure
from test_figure import axes_of, texts_of

YEARS = [2011, 2015, 2020, 2024]


def data(places=5):
    rng = np.random.default_rng(4)
    columns = {f"Plats {k}": rng.uniform(0.9, 1.1, len(YEARS)) for k in range(places)}
    return pd.DataFrame({"Staden": [0.5, 0.6, 0.8, 1.0], **columns}, index=YEARS)


def test_every_place_has_its_curve_and_its_name():
    frame = data()
    drawn = figure.curves(frame, whole="Staden")
    lines = {line.get_gid(): line for line in axes_of(drawn, "plot").lines}
    for name in frame.columns:
        line = lines[f"curve-{name}"]
        assert line.get_xdata().tolist() == YEARS
        assert line.get_ydata().tolist() == frame[name].tolist()
        assert name in texts_of(drawn)
    thick = lines.pop("curve-Staden").get_linewidth()
    places = [line for gid, line in lines.items() if str(gid).startswith("curve-")]
    assert all(line.get_linewidth() < thick for line in places)
    assert "Staden 0,50× 2011, 1,00× 2024" in drawn.get_label()


def test_names_at_the_ends_are_a_line_apart_and_in_the_order_of_the_ends():
    frame = data(places=12)
    drawn = figure.curves(frame, whole="Staden")
    names = [t for t in axes_of(drawn, "sheet").texts if t.get_gid() == "curve-name"]
    height = {text.get_text(): text.get_position()[1] for text in names}
    ends = frame.iloc[-1].sort_values()
    told = np.array([height[name] for name in ends.index])
    assert (np.diff(told) >= 1.1 * names[0].get_fontsize() * 25.4 / 72).all()


def test_twice_and_half_are_as_far_from_one():
    frame = pd.DataFrame({"Staden": [1.0, 1.0], "A": [1.0, 2.0], "B": [1.0, 0.5]}, index=[1, 2])
    axes = axes_of(figure.curves(frame, whole="Staden"), "plot")
    (_, one), (_, two), (_, half) = axes.transData.transform([(2, 1), (2, 2), (2, 0.5)])
    assert two - one == pytest.approx(one - half)


def test_what_is_missing_or_without_end_parts_a_curve():
    frame = data(places=1)
    frame.iloc[1, 1], frame.iloc[2, 1] = np.nan, np.inf
    line = next(
        one
        for one in axes_of(figure.curves(frame, whole="Staden"), "plot").lines
        if one.get_gid() == "curve-Plats 0"
    )
    assert np.isnan(line.get_ydata()).tolist() == [False, True, True, False]


def test_one_year_or_too_many_places_are_refused():
    with pytest.raises(DataError, match="1 years"):
        figure.curves(data().iloc[:1], whole="Staden")
    with pytest.raises(DataError, match="13 places"):
        figure.curves(data(places=13), whole="Staden")
