"""Make the bundled typeface anew: python .ci/fonts.py FOLDER (with fonttools and brotli).

FOLDER holds SourceSansPro-Regular.ttf, SourceSansPro-Bold.ttf and LICENSE.txt, as the package
font-source-sans-pro on PyPI has them. "Source" is a reserved font name: parts are renamed.
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

INTO = Path(__file__).parents[1] / "src" / "grannskap" / "maps" / "figure" / "fonts"
WEIGHTS = {"Regular": ("Regular", 400), "Bold": ("Bold", 700)}
SIGNS = "–—‘’‚“”„†•…‹›€−≤≥≈∞√←↑→↓¼½¾⅓⅔№™"
WEB = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, SIGNS)]
PRINT = [*WEB, *range(0x180, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x1F00)]
FAMILY = "Grannskap Sans"


def part(source: Path, letters: list[int], style: str, weight: int) -> TTFont:
    """Return some letters of a font under our own name."""
    options = subset.Options(
        hinting=False, notdef_outline=True, layout_features=["kern", "mark", "mkmk", "ccmp"]
    )
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = TTFont(source, recalcTimestamp=False)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=letters)
    chosen.subset(font)
    names = font["name"]
    plain = FAMILY.replace(" ", "")
    for number, text in {
        1: FAMILY,
        2: style,
        3: f"{plain}-{style}",
        4: f"{FAMILY} {style}",
        6: f"{plain}-{style}",
    }.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    return font


def main() -> None:
    """Write a .ttf for print and a .woff2 for pages of each weight, and the licence."""
    folder = Path(sys.argv[1])
    for name, (style, weight) in WEIGHTS.items():
        source = folder / f"SourceSansPro-{name}.ttf"
        part(source, PRINT, style, weight).save(INTO / f"GrannskapSans-{style}.ttf")
        web = part(source, WEB, style, weight)
        web.flavor = "woff2"
        web.save(INTO / f"GrannskapSans-{style}.woff2")
    shutil.copy(folder / "LICENSE.txt", INTO / "LICENSE-source-sans.txt")


if __name__ == "__main__":
    main()
