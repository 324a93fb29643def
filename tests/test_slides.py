"""The slides: a map, a sentence and a source each, in placeholders, with alternative texts."""

import io
import zipfile
from dataclasses import replace

import pptx
import pytest
from PIL import Image
from pptx.enum.shapes import PP_PLACEHOLDER

from grannskap.letters import legible
from grannskap.maps import atlas
from grannskap.outputs import report
from grannskap.outputs.report import slides
from grannskap.outputs.report.model import Picture, Section, every_block
from test_documents import hostile
from test_report import PICTURES


def png(width, height):
    into = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(into, "PNG")
    return into.getvalue()


SIZES = ((1122, 1159), (1122, 527), (400, 1000))


@pytest.fixture(scope="module")
def told(demo_results, demo_view):
    styles = atlas.cluster_styles(demo_results, demo_view)
    shown = [
        replace(one, png=png(*size), page=f"maps/map.html#m={one.name}")
        for one, size in zip(PICTURES, SIZES, strict=False)
    ]
    return report.compose(demo_results, demo_view, shown, cluster_styles=styles)


@pytest.fixture(scope="module")
def written(told):
    return slides.write(told)


@pytest.fixture(scope="module")
def made(written):
    return pptx.Presentation(io.BytesIO(written))


def pictures(told):
    return [one for one in every_block(told.sections) if isinstance(one, Picture)]


def texts(slide):
    return " ".join(one.text_frame.text for one in slide.placeholders if one.has_text_frame)


def test_there_is_a_title_the_key_figures_and_a_slide_for_each_picture(told, made):
    first, figures, *maps = made.slides
    assert first.shapes.title.text == told.title
    assert told.source in texts(first)
    for one in told.figures:
        assert all(part in texts(figures) for part in (one.name, one.value, one.says))
    assert [one.shapes.title.text for one in maps] == [one.title for one in pictures(told)]
    assert len(maps) == 3


def test_the_key_figures_tell_of_both_poles(made):
    said = texts(made.slides[1])
    assert "låg köpkraft är hög" in said
    assert "hög köpkraft är hög" in said


def test_each_map_has_one_sentence_and_one_source(told, made):
    for slide, picture in zip([*made.slides][2:], pictures(told), strict=True):
        said = texts(slide)
        assert picture.caption.rstrip(".") in said
        assert said.count(told.source) == 1


def test_every_picture_is_whole_undistorted_within_its_slide_and_has_its_alternative(told, made):
    wide, high = made.slide_width, made.slide_height
    assert wide / high == pytest.approx(16 / 9, rel=1e-3)
    for slide, picture in zip([*made.slides][2:], pictures(told), strict=True):
        (shown,) = [one for one in slide.placeholders if not one.has_text_frame]
        about = shown._element.nvPicPr.cNvPr
        assert (about.get("descr"), about.get("title")) == (picture.alt, picture.title)
        assert shown.image.blob == picture.png
        assert not any((shown.crop_left, shown.crop_right, shown.crop_top, shown.crop_bottom))
        width, height = shown.image.size
        assert shown.width / shown.height == pytest.approx(width / height, rel=1e-4)
        assert max(shown.height / high, shown.width / wide) > 0.6
        boxes = [(s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.placeholders]
        assert all(0 <= b[0] < b[2] <= wide and 0 <= b[1] < b[3] <= high for b in boxes)
        for number, one in enumerate(boxes):
            for other in boxes[number + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0]
                assert apart or one[3] <= other[1] or other[3] <= one[1]


def test_every_text_stands_in_a_placeholder_in_the_reports_language(made):
    for slide in made.slides:
        assert all(shape.is_placeholder for shape in slide.shapes)
        kinds = [one.placeholder_format.type for one in slide.placeholders]
        assert len(kinds) == len(set(kinds))
        runs = [r for s in slide.shapes if s.has_text_frame for r in s.element.iter("{*}rPr")]
        assert {one.get("lang") for one in runs} == {"sv-SE"}
        assert len({shape.shape_id for shape in slide.shapes}) == len(slide.shapes)
    for slide in [*made.slides][1:]:
        kinds = {one.placeholder_format.type for one in slide.placeholders}
        assert {PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.FOOTER} <= kinds


def test_its_typeface_comes_with_windows_and_no_text_has_another(written):
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        theme = parts.read("ppt/theme/theme1.xml").decode()
        assert '<a:latin typeface="Calibri"/>' in theme
        for name in parts.namelist():
            if name.startswith("ppt/slides/slide"):
                assert b"typeface" not in parts.read(name)


def test_the_file_names_nobody_and_is_the_same_each_time(told, written, made):
    assert slides.write(told) == written
    about = made.core_properties
    assert (about.title, about.author, about.language) == (told.title, "", "sv-SE")


def test_texts_are_texts_however_they_look():
    told = hostile()
    mended = replace(told, sections=(Section("a", (pictures(told)[0],)),))
    shown = pptx.Presentation(io.BytesIO(slides.write(mended)))
    name = legible(told.title)
    assert [one.shapes.title.text for one in shown.slides] == [name, name]
    assert not [*shown.slides[1].element.iter("{*}hlinkClick")]
