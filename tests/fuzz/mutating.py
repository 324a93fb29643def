"""Change bytes of a file at random, again and again, and read it: ``python mutating.py FORM``.

Prints each seed before it is tried, so that whoever asked knows which one ended the process.
"""

import resource
import shutil
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import small_town

from grannskap import boundaries, project
from grannskap.errors import GrannskapError

BYTES = 1 << 30
SECONDS = 20
FORMS = {
    "geojson": ("b.geojson", "GeoJSON"),
    "gpkg": ("b.gpkg", "GPKG"),
    "shp": ("b.shp", "ESRI Shapefile"),
    "fgb": ("b.fgb", "FlatGeobuf"),
    "parquet": ("b.parquet", "Parquet"),
    "zip": ("b.zip", "zip"),
    "toml": ("project.toml", "TOML"),
}
TOKENS = (
    *(b"\0", b"\xff", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f"),
    *(
        b"[",
        b"]",
        b"{",
        b"}",
        b'"',
        b"'",
        b",",
        b":",
        b".",
        b"=",
        b"#",
        b"\n",
        b"\\u0000",
        b"1e999",
    ),
    *(b"NaN", b"inf", b"null", b"-", b"9" * 400, b"\\ud800", b"\xed\xa0\x80", b"[[[[", b'""""'),
)


def made(form: str, folder: Path) -> Path:
    """The small town's areas in a form, or its project file."""
    name, driver = FORMS[form]
    file = folder / name
    if form == "toml":
        return small_town.build(folder)
    if form == "zip":
        small_town.areas().to_file(folder / "b.shp")
        shutil.make_archive(str(file.with_suffix("")), "zip", folder)
    elif form == "parquet":
        small_town.areas().to_parquet(file)
    elif form == "geojson":
        file.write_text(small_town.geojson(small_town.areas()), encoding="utf-8")
    else:
        small_town.areas().to_file(file, driver=driver)
    return file


def changed(content: bytes, seed: int) -> bytes:
    """The content with one to eight changes."""
    chance = np.random.default_rng(seed)
    made = bytearray(content)
    for _ in range(int(chance.integers(1, 9))):
        at, other = (int(chance.integers(len(made) + 1)) for _ in range(2))
        length = int(2 ** chance.uniform(0, 8))
        token = TOKENS[int(chance.integers(len(TOKENS)))]
        match int(chance.integers(6)):
            case 0:
                made[at : at + 1] = chance.bytes(1)
            case 1:
                made[at : at + len(token)] = token
            case 2:
                made[at:at] = token
            case 3:
                del made[at : at + length]
            case 4:
                made[at:at] = made[other : other + length] * int(chance.integers(1, 4))
            case 5:
                made[at : at + length] = made[other : other + length]
    return bytes(made)


def refusal(work: Callable[[], object]) -> str | None:
    """What an error of ours says."""
    try:
        work()
    except GrannskapError as error:
        return str(error)
    return None


def tried(form: str, file: Path) -> str:
    """Read the file; what is no error of ours comes out as it is."""
    if form == "toml":
        return "taken" if refusal(lambda: project.read(file)) is None else "refused"
    found = []
    told = refusal(lambda: found.append(boundaries.read(file, division=2018)))
    if told is not None:
        assert told.isprintable(), told
        return "refused"
    (areas,) = found
    assert areas.geometry.is_valid.all()
    assert set(areas["municipality"]) <= {"0380"} or "areas elsewhere" in str(areas.attrs)
    return "taken"


def main(form: str, first: int, count: int, seconds: float) -> None:
    """Try seeds until their number or the time is reached."""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    ended = time.monotonic() + seconds
    with TemporaryDirectory() as folder:
        file = made(form, Path(folder))
        parts = sorted(file.parent.glob("b.*")) if form == "shp" else [file]
        contents = {part: part.read_bytes() for part in parts}
        assert tried(form, file) == "taken"
        for seed in range(first, first + count):
            if time.monotonic() > ended:
                break
            print(form, seed, flush=True)
            part = parts[seed % len(parts)]
            part.write_bytes(changed(contents[part], seed))
            started = time.process_time()
            print(tried(form, file), flush=True)
            assert time.process_time() - started < SECONDS
            part.write_bytes(contents[part])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
