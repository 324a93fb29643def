"""A map as a PDF: it can be read aloud, is as large as asked, and looks as its PNG does."""

import io
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pikepdf
import pypdf
import pypdfium2
import pytest
import shapely
from matplotlib.figure import Figure
from PIL import Image

import tags
from grannskap.errors import OutputError
from grannskap.maps import figure, style
from grannskap.maps.figure import sheet
from grannskap.maps.marks import Highlight, Label, Overlay
from test_figure import town

CAPTION = "Medel 1,57×, lägst 0,10×, högst 9,00×. " + "En lång förklaring som tar flera rader. " * 4


@pytest.fixture(scope="module")
def look():
    return replace(
        style.balance(),
        subtitle="Rutköping 2017",
        source="Källa: påhittade uppgifter; DeSO 2018",
        caption=CAPTION.strip(),
    )


def everything(look, *, page="page"):
    """A map with each sign that maps have: hatching, dots, outlines, names, rings and counts."""
    areas = town()
    values = pd.Series(np.geomspace(0.1, 9.0, len(areas)), index=areas.index)
    values.iloc[[5, 6, 7, 20]] = np.nan
    status = pd.Series("value", index=areas.index)
    status.iloc[[5, 6, 7]] = ["nobody either", "suppressed", "missing"]
    lower = pd.Series([5.0], index=areas.index[[20]])
    codes = tuple(areas.index[[9, 10, 17, 18]])
    ring = Highlight("Hageby", "Hageby 13×", shapely.union_all(areas.geometry[list(codes)]), codes)
    return figure.draw(
        areas,
        values,
        look,
        status=status,
        lower=lower,
        upper=pd.Series([np.inf], index=lower.index),
        highlights=(ring,),
        overlays=(Overlay("Polisens områden", "outline", areas.geometry.iloc[[30, 31]]),),
        labels=(Label("Norrängen", 604_500.0, 6_603_500.0),),
        counts=True,
        page=page,
    )


@pytest.fixture(scope="module")
def drawn(look):
    return everything(look)


@pytest.fixture(scope="module")
def content(drawn):
    return figure.render(drawn, "pdf")


@pytest.mark.parametrize(("language", "lang"), [("sv", "sv-SE"), ("en", "en-GB")])
def test_it_says_that_it_is_tagged_its_language_and_its_title(drawn, look, language, lang):
    content = figure.render(drawn, "pdf", title=look.title, language=language)
    with pikepdf.open(io.BytesIO(content)) as file:
        assert bool(file.Root.MarkInfo.Marked)
        assert str(file.Root.Lang) == lang
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
        assert str(file.docinfo["/Title"]) == look.title
        assert str(file.docinfo["/Subject"]) == drawn.get_label()
        with file.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"


def test_it_is_read_as_heading_subtitle_figure_caption_and_source(content):
    assert [kind for _, kind, _ in tags.tree(content)] == [
        *("Document", "H1", "P", "Figure", "P", "P")
    ]
    assert tags.outside(content) == 0


def test_the_figure_is_told_in_words_without_what_stands_beside_it(drawn, look, content):
    (alt,) = [alt for _, kind, alt in tags.tree(content) if kind == "Figure"]
    whole = drawn.get_label()
    assert alt.startswith(f"Karta: {look.title}. 48 områden. Områden per klass – ")
    for text in (look.subtitle, look.caption, look.source):
        assert text.rstrip(".") in whole
        assert text.rstrip(".") not in alt
    assert "Markerade grannskap: Hageby 13×" in alt
    assert set(alt.rstrip(".").split(". ")) <= set(whole.rstrip(".").split(". "))


def test_its_texts_are_texts_in_the_order_of_reading(look, content):
    words = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split("\n")
    text = " ".join(words)
    places = [text.index(one) for one in (look.title, look.subtitle, CAPTION.strip(), look.source)]
    assert places == sorted(places)
    assert "Hageby 13×" in text
    assert "Osäkert tal, säker klass  (1)" in text  # with both its spaces


@pytest.mark.parametrize("page", ["half-column", "column", "page", "16:9"])
def test_it_is_one_page_of_the_size_that_was_asked(look, page):
    drawn = everything(look, page=page)
    with pikepdf.open(io.BytesIO(figure.render(drawn, "pdf"))) as file:
        (only,) = file.pages
        box = [float(one) for one in only.MediaBox]
    assert box[:2] == [0, 0]
    assert box[2] == pytest.approx(sheet.PAGES[page].width / sheet.MM * 72, abs=0.01)
    assert box[3] == pytest.approx(drawn.get_figheight() * 72, abs=0.01)


def test_every_typeface_is_in_it(content):
    found = tags.fonts(content)
    assert {name.partition("+")[2] for name in found} >= {
        "GrannskapSans-Bold",
        "GrannskapSans-Regular",
    }
    assert all(found.values())


DPI, BLOCK = 200, 8

SETS_LETTERS_ALIKE = tuple(map(int, mpl.__version__.split(".")[:2])) >= (3, 11)
"""Before, PNGs kern by an older table: a long line ends a millimetre further to the right."""


def both(content, drawn):
    """A PDF and the PNG as pictures of one size, in grey."""
    page = pypdfium2.PdfDocument(content)[0]
    seen = page.render(scale=DPI / 72).to_pil().convert("L")
    png = Image.open(io.BytesIO(figure.render(drawn, "png", dpi=DPI))).convert("L")
    assert abs(seen.width - png.width) <= 1
    assert abs(seen.height - png.height) <= 1
    size = (min(seen.width, png.width), min(seen.height, png.height))
    return seen.crop((0, 0, *size)), png.crop((0, 0, *size))


def apart(content, drawn):
    """How far a PDF is from the PNG, of 255, block by block: in the mean, and where it is most."""
    pair = [np.asarray(one.reduce(BLOCK), dtype=float) for one in both(content, drawn)]
    far = np.abs(pair[0] - pair[1])
    return float(far.mean()), float(far.max())


def is_alike(content, drawn):
    mean, most = apart(content, drawn)
    return mean < 2.0 and most < (38 if SETS_LETTERS_ALIKE else 120)


@pytest.mark.parametrize("page", ["half-column", "page", "16:9"])
def test_it_looks_as_the_png_does(look, page):
    drawn = everything(look, page=page)
    assert is_alike(figure.render(drawn, "pdf"), drawn)


@pytest.mark.parametrize("lost", ["title-0", "source-0", "highlight-0", "overlay-0", "legend-mark"])
def test_what_a_picture_lost_would_be_seen(drawn, look, lost):
    """The tolerance is finer than each part of a map."""
    without = everything(look)
    for one in without.findobj(lambda artist: str(artist.get_gid()).startswith(lost)):
        one.set_visible(False)
    content = figure.render(without, "pdf")
    if SETS_LETTERS_ALIKE:
        assert not is_alike(content, drawn)
    else:
        assert apart(content, drawn)[0] > apart(figure.render(drawn, "pdf"), drawn)[0]


def test_hatching_is_as_dense_as_in_the_png(drawn, content):
    (axes,) = [one for one in drawn.axes if one.get_label() == "map"]
    hatched = [one for one in axes.collections if str(one.get_gid()).startswith("hatch-")]
    assert len(hatched) == 3
    seen, png = (np.asarray(one, dtype=float) for one in both(content, drawn))
    for one in hatched:
        box = one.get_paths()[0].get_extents(one.get_transform()).padded(-2)
        scale, high = DPI / drawn.dpi, drawn.get_figheight() * DPI
        rows = slice(int(high - box.y1 * scale), int(high - box.y0 * scale))
        columns = slice(int(box.x0 * scale), int(box.x1 * scale))
        pdf, printed = seen[rows, columns], png[rows, columns]
        assert pdf.mean() == pytest.approx(printed.mean(), abs=3)
        assert pdf.std() == pytest.approx(printed.std(), rel=0.35)
        assert printed.std() > 8


def test_a_letter_without_a_sign_is_a_box_and_every_other_is_itself(look):
    drawn = everything(replace(look, title="Тверь 漢 Å", source="Källa: 漢"))
    content = figure.render(drawn, "pdf")
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "Тверь □ Å" in text
    assert "Källa: □" in text
    with pikepdf.open(io.BytesIO(content)) as file:
        assert "漢" in str(file.docinfo["/Title"])
    assert {name.partition("+")[2] for name in tags.fonts(content)} == {
        *("GrannskapSans-Bold", "GrannskapSans-Regular", "DejaVuSans-Bold", "DejaVuSans")
    }


def test_a_picture_without_words_is_refused():
    with pytest.raises(OutputError) as refused:
        figure.render(Figure(), "pdf")
    assert "alternativ text" in refused.value.told("sv")


def test_diagrams_are_tagged_too():
    simulated = np.random.default_rng(1).normal(0, 0.05, 999)
    drawn = figure.reference_distribution(simulated, 0.4, expected=-0.01, p=0.002)
    content = figure.render(drawn, "pdf")
    kinds = [kind for _, kind, _ in tags.tree(content)]
    assert kinds[:2] == ["Document", "H1"]
    assert kinds.count("Figure") == 1
    assert tags.outside(content) == 0
    assert is_alike(content, drawn)
