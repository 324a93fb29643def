"""Make the typeface of the pictures from DejaVu Sans: fewer letters, and no layout tables.

    python tests/data/fonts/make.py

Written with fontTools 4.63 from the DejaVu Sans 2.37 that matplotlib carries. A PDF embeds a
part of its fonts, and taking it out of the whole DejaVu takes ten times as long.
"""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib import get_data_path

INTO = Path(__file__).parents[3] / "src/grannskap/maps/figure/fonts"

LETTERS = (
    (0x20, 0x7E),  # Latin, with what Europe writes in it
    (0xA0, 0x24F),
    (0x2B0, 0x2DD),
    (0x391, 0x3C9),  # Greek
    (0x2010, 0x205F),  # dashes, marks, superscripts, currencies
    (0x2070, 0x209C),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2190, 0x21FF),  # arrows, mathematics, shapes
    (0x2200, 0x22FF),
    (0x25A0, 0x25FF),
)


def make(weight: str, source: str) -> None:
    """Write one weight, under a name of its own as the licence asks."""
    options = subset.Options(legacy_kern=True, glyph_names=True, notdef_outline=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "MATH", "FFTM"]
    font = TTFont(Path(get_data_path()) / "fonts/ttf" / source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options=options)
    subsetter.populate(unicodes=[c for low, high in LETTERS for c in range(low, high + 1)])
    subsetter.subset(font)
    names = {1: "Grannskap Sans", 2: weight, 4: f"Grannskap Sans {weight}"}
    names |= {3: names[4], 6: f"GrannskapSans-{weight}", 16: names[1], 17: weight}
    for record in list(font["name"].names):
        if record.nameID in names:
            record.string = names[record.nameID]
    font.save(INTO / f"GrannskapSans-{weight}.ttf")


if __name__ == "__main__":
    make("Regular", "DejaVuSans.ttf")
    make("Bold", "DejaVuSans-Bold.ttf")
