"""The table of all races, printed when the run ends."""

from benchmarks import race


def pytest_terminal_summary(terminalreporter):
    if race.RESULTS:
        terminalreporter.section("beside peers, the best round of each")
        for line in (race.HEADING, *(result.line() for result in race.RESULTS)):
            terminalreporter.write_line(line)
