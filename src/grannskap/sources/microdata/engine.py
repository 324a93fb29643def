"""The one door to Ibis: an engine that holds rows, whether DuckDB or Spark."""

from __future__ import annotations

import contextlib
import importlib.util
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grannskap.errors import DataError, InputFileError
from grannskap.sources.microdata.asked import Asked

__all__ = ["Engine", "opened"]

_TABLES = (".duckdb", ".db", ".ddb")
_NEEDS = {
    "duckdb": ("grannskap[microdata]", ("ibis", "duckdb")),
    "spark": ("grannskap[spark]", ("ibis", "pyspark")),
}


@dataclass(frozen=True)
class Engine:
    """An open engine, and the words of its dialect.

    Attributes
    ----------
    connection : Any
        Of Ibis.
    dialect : {"duckdb", "pyspark"}
        How Ibis calls its language.
    session : Any
        Of Spark, where that is what runs.
    folder : pathlib.Path
        Where what is fetched from a database lies until the engine is closed.
    """

    connection: Any
    dialect: str
    session: Any
    folder: Path

    def rows(self, asked: Asked) -> Any:  # noqa: ANN401 - Ibis has no types of its own
        """Return the rows as a table of Ibis; nothing is read yet, but from a database."""
        source = asked.source
        if self.dialect == "pyspark":
            return self._by_spark(source)
        if "://" in source:
            return self.connection.read_parquet(self._fetched(asked))
        path = Path(source)
        if not path.exists():
            raise InputFileError("no such file", {"path": source, "remedy": None})
        if path.suffix.lower() in _TABLES:
            return self._attached(path, asked.table)
        if path.suffix.lower() == ".csv":
            return self.connection.read_csv(source)
        if path.is_dir():
            return self.connection.read_parquet(f"{source}/**/*.parquet", hive_partitioning=True)
        return self.connection.read_parquet(source)

    def _by_spark(self, source: str) -> Any:  # noqa: ANN401
        """Return rows that Spark reads itself: files, wherever it can reach them."""
        path = Path(source)
        if "://" not in source and not path.exists():
            raise InputFileError("no such file", {"path": source, "remedy": None})
        if path.suffix.lower() in _TABLES:
            raise DataError("database file on another engine", {"file": path.name})
        if path.suffix.lower() == ".csv":
            return self.connection.read_csv(source, header=True, inferSchema=True)
        return self.connection.read_parquet(source, pathGlobFilter="*.parquet")

    def _attached(self, path: Path, table: str | None) -> Any:  # noqa: ANN401
        if table is None:
            raise DataError("table of a database not named", {"file": path.name})
        self.connection.attach(str(path), name="given", read_only=True)
        return self.connection.table(table, database="given.main")

    def _fetched(self, asked: Asked) -> str:
        """Fetch the columns that are asked for: ours cannot work inside another engine."""
        import ibis

        if asked.table is None:
            raise DataError("table of a database not named", {"file": asked.source.split("://")[0]})
        table = ibis.connect(asked.source).table(asked.table)
        wanted = [name for name in dict.fromkeys(asked.columns.values()) if name in table.columns]
        target = self.folder / "fetched.parquet"
        table.select(wanted).to_parquet(target)
        return str(target)

    def kept(self, expression: Any, name: str) -> Any:  # noqa: ANN401
        """Work an expression out once and keep its rows, on disk where memory is short.

        Ibis's own ``create_table`` fails with today's sqlglot, so each engine is asked itself.
        """
        import ibis

        asked = str(ibis.to_sql(expression, dialect=self.dialect))
        if self.dialect == "duckdb":
            self.connection.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS {asked}")
        else:
            from pyspark import StorageLevel

            frame = self.session.sql(asked).persist(StorageLevel.MEMORY_AND_DISK)
            frame.createOrReplaceTempView(name)
        return self.connection.table(name)


@contextlib.contextmanager
def opened(asked: Asked, *, spill: Path | None = None) -> Iterator[Engine]:
    """Open the engine that is asked for, and close it afterwards.

    Parameters
    ----------
    asked : Asked
        Its engine, memory and threads.
    spill : pathlib.Path, optional
        Where what memory cannot hold is put; a folder of its own by itself.

    Yields
    ------
    Engine
        Open.

    Raises
    ------
    InputFileError
        When the packages that it needs are not installed.
    """
    spark = asked.engine != "duckdb"
    _check_installed("spark" if spark else "duckdb")
    with contextlib.ExitStack() as undo:
        place = tempfile.TemporaryDirectory(prefix="grannskap-microdata-", dir=spill)
        folder = Path(undo.enter_context(place))
        make = _spark(asked.engine, folder) if spark else _duckdb(asked, folder)
        yield undo.enter_context(make)


def _check_installed(kind: str) -> None:
    extra, modules = _NEEDS[kind]
    absent = [name for name in modules if importlib.util.find_spec(name) is None]
    if absent:
        raise InputFileError("engine not installed", {"extra": extra, "absent": absent})


@contextlib.contextmanager
def _duckdb(asked: Asked, folder: Path) -> Iterator[Engine]:
    import ibis

    connection = ibis.duckdb.connect(
        threads=asked.threads,
        memory_limit=asked.memory,
        temp_directory=str(folder),
        preserve_insertion_order=False,
    )
    connection.raw_sql("SET enable_progress_bar = false")
    try:
        yield Engine(connection, "duckdb", None, folder)
    except RuntimeError as error:
        # DuckDB swallows the interrupt that ends a query, and says only this.
        if "interrupt" in str(error).lower():
            raise KeyboardInterrupt from error
        raise
    finally:
        connection.disconnect()


@contextlib.contextmanager
def _spark(address: str, folder: Path) -> Iterator[Engine]:
    import ibis
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(address).appName("grannskap")
    for key, value in _SPARK.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield Engine(ibis.pyspark.connect(session), "pyspark", session, folder)
    finally:
        session.stop()


_SPARK = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
}
