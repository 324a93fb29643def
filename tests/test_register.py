"""The register: the files people have, read whole or refused."""

from grannskap.sources import register


def test_every_area_of_the_real_country_file_is_read(shared_data):
    frame = register.read(
        shared_data / "stats" / "deso2018_sweden_5984_stats_2022.csv",
        columns={"population": "pop_total", "men": ["bg_swedish", "bg_foreign"]},
        year=2022,
        division=2018,
    )
    assert len(frame) == 5984
    assert frame.attrs["division"] == 2018
    assert frame["population"].equals(frame["men"].rename("population"))
