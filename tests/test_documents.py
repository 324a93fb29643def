"""The Word file and the PDF: real structure, every word of the report, and nothing that acts."""

import io
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pikepdf
import pypdf
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor
from PIL import Image

import tags
from grannskap import typesetting
from grannskap.errors import InputFileError
from grannskap.maps import atlas, figure
from grannskap.notes import Note
from grannskap.outputs import pictures, report, write
from grannskap.outputs.report import columns, pdf, word, wordstyle
from grannskap.outputs.report.cells import Cell, Column, grid
from grannskap.outputs.report.model import (
    Fold,
    Notes,
    Pair,
    Paragraph,
    Picture,
    Report,
    Section,
    Table,
    Warnings,
    every_block,
)
from grannskap.outputs.report.remarks import Remark
from grannskap.sources import word_template
from test_report import PICTURES


@pytest.fixture(scope="module")
def told(demo_results, demo_view):
    styles = atlas.cluster_styles(demo_results, demo_view)
    return report.compose(demo_results, demo_view, PICTURES, cluster_styles=styles)


@pytest.fixture(scope="module")
def in_word(told):
    return docx.Document(io.BytesIO(word.write(told)))


@pytest.fixture(scope="module")
def as_pdf(told):
    return pdf.write(told)


def every(told, kind):
    return [one for one in every_block(told.sections) if isinstance(one, kind)]


def headings(sections, level=1):
    for one in sections:
        if isinstance(one, Section):
            yield level, one.heading
            yield from headings(one.blocks, level + 1)


def texts(told):
    """Every text of a report that is told in words."""
    yield from told.summary
    for one in every_block(told.sections):
        if isinstance(one, Paragraph):
            yield one.text
        if isinstance(one, Warnings):
            yield from one.texts
        if isinstance(one, Notes):
            for remark in one.remarks:
                yield from (remark.text, *remark.folded)


# --- Word --------------------------------------------------------------------------------------


def test_every_heading_is_a_heading_of_word_at_its_level(told, in_word):
    found = [
        (int(one.style.name[-1]), one.text)
        for one in in_word.paragraphs
        if one.style.name.startswith("Heading")
    ]
    folds = {one.summary for one in every(told, Fold)}
    assert [one for one in found if one[1] not in folds] == [*headings(told.sections)]
    levels = [1, *(level for level, _ in found)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_text_of_the_report_stands_in_the_word_file(told, in_word):
    written = {one.text for one in in_word.paragraphs}
    for text in texts(told):
        assert any(text in one for one in written), text


def test_every_table_has_its_cells_and_repeats_its_head(told, in_word):
    grids = [one.grid for one in every(told, Table)]
    assert len(in_word.tables) == len(grids) > 5
    for table, held in zip(in_word.tables, grids, strict=True):
        first = table.rows[0]._tr
        assert first.trPr.find(qn("w:tblHeader")) is not None
        written = [[cell.text for cell in row.cells] for row in table.rows]
        assert written[0] == [one.heading for one in held.columns]
        for row, cells in zip(written[1:], held.rows, strict=True):
            for text, cell in zip(row, cells, strict=True):
                square = "■ " if cell.colour else ""
                assert text == square + cell.text + (f"\n{cell.detail}" if cell.detail else "")


def test_a_short_table_stands_on_one_page_and_no_head_apart_from_its_rows(in_word):
    for table in in_word.tables:
        kept = [
            all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells)
            for row in table.rows
        ]
        short = len(kept) - 1 <= 12
        assert kept == [True, *[short] * (len(kept) - 2), False][: len(kept)]


def test_every_picture_of_the_word_file_has_its_alternative_text(told, in_word):
    shapes = in_word.inline_shapes
    pictures = every(told, Picture)
    assert [one._inline.docPr.get("descr") for one in shapes] == [one.alt for one in pictures]
    assert all(one.alt for one in pictures)


def test_captions_are_numbered_and_the_lists_lead_to_them_and_to_headings(told, in_word):
    body = in_word.element.body
    targets = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    links = [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))]
    assert set(links) <= targets
    captions = [one.text for one in in_word.paragraphs if one.style.name == "Caption"]
    for label, blocks in (("Figur", every(told, Picture)), ("Tabell", every(told, Table))):
        mine = [one for one in captions if one.startswith(label)]
        # The number is a field, whose result the library leaves out of the text.
        assert len(mine) == len(blocks)
        assert len([one for one in links if one.startswith("_")]) >= len(blocks)
    fields = [one.get(qn("w:instr")) for one in body.iter(qn("w:fldSimple"))]
    assert {one.split()[0] for one in fields} == {"SEQ"}


def test_the_word_file_says_its_language_and_its_title_and_nobodys_name(told, in_word):
    lang = in_word.styles.element.find(f".//{qn('w:lang')}")
    assert lang.get(qn("w:val")) == "sv-SE"
    about = in_word.core_properties
    assert (about.title, about.author, about.last_modified_by) == (told.title, "", "")
    assert about.comments == ""


def test_the_same_report_gives_the_same_documents(told, as_pdf):
    assert word.write(told) == word.write(told)
    assert pdf.write(told) == as_pdf


def a_template(**core):
    made = docx.Document()
    made.styles["Heading 1"].font.color.rgb = RGBColor(0x00, 0x6A, 0x4E)
    made.sections[0].header.paragraphs[0].text = "Uppsala kommun"
    made.add_paragraph("Dnr 2026-1")
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()


def test_a_template_keeps_its_styles_its_head_and_what_stands_in_it(told):
    made = docx.Document(io.BytesIO(word.write(told, template=a_template())))
    assert made.styles["Heading 1"].font.color.rgb == RGBColor(0x00, 0x6A, 0x4E)
    assert made.sections[0].header.paragraphs[0].text == "Uppsala kommun"
    assert made.paragraphs[0].text == "Dnr 2026-1"
    assert told.summary[0] in {one.text for one in made.paragraphs}


def test_a_template_without_any_of_the_styles_gets_them(told):
    """Some templates rename or remove what Word begins with."""
    made = docx.Document()
    for name in ("Heading 1", "Heading 2", "Caption", "List Bullet", "Table Grid", "TOC Heading"):
        style = made.styles[name]
        style.element.getparent().remove(style.element)
    into = io.BytesIO()
    made.save(into)
    written = docx.Document(io.BytesIO(word.write(told, template=into.getvalue())))
    assert "Kartor" in {one.text for one in written.paragraphs if one.style.name == "Heading 1"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"{\\rtf1 }"])
def test_what_is_no_word_file_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "mall.docx"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=r"mall\.docx"):
        word_template.read(path)


def test_a_template_of_words_own_kind_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "mall.dotx"
    with (
        zipfile.ZipFile(io.BytesIO(a_template())) as old,
        zipfile.ZipFile(path, "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"document.main+xml", b"template.main+xml")
            new.writestr(name, content)
    with pytest.raises(InputFileError) as refused:
        word_template.read(path)
    assert ".docx" in refused.value.told("sv")
    whole = tmp_path / "mall.docx"
    whole.write_bytes(a_template())
    assert word_template.read(whole) == whole.read_bytes()


# --- PDF ---------------------------------------------------------------------------------------


def test_the_pdf_says_that_it_is_tagged_its_language_and_its_title(told, as_pdf):
    with pikepdf.open(io.BytesIO(as_pdf)) as file:
        assert bool(file.Root.MarkInfo.Marked)
        assert str(file.Root.Lang) == "sv-SE"
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
        assert str(file.docinfo["/Title"]) == told.title
        with file.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"


def test_the_pdfs_headings_are_those_of_the_report_in_order(told, as_pdf):
    found = [kind for _, kind, _ in tags.tree(as_pdf) if kind[0] == "H" and kind[1:].isdigit()]
    levels = [int(kind[1:]) for kind in found]
    folds, sections = len(every(told, Fold)), len([*headings(told.sections)])
    assert len(levels) >= sections + folds
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_picture_of_the_pdf_has_its_alternative_text(told, as_pdf):
    alternatives = [alt for _, kind, alt in tags.tree(as_pdf) if kind == "Figure"]
    assert alternatives
    assert all(alternatives)
    assert {one.alt for one in every(told, Picture)} <= {*alternatives}


def test_every_table_of_the_pdf_has_header_cells(told, as_pdf):
    found = tags.tree(as_pdf)
    tables = [place for place, (_, kind, _) in enumerate(found) if kind == "Table"]
    assert len(tables) == len(every(told, Table))
    for begin, end in zip(tables, [*tables[1:], len(found)], strict=True):
        inside = [kind for depth, kind, _ in found[begin + 1 : end] if depth > found[begin][0]]
        assert "TH" in inside
        assert "TD" in inside


def test_every_column_and_every_row_of_a_table_has_its_head(told, as_pdf):
    found = tags.tables(as_pdf)
    grids = [one.grid for one in every(told, Table)]
    assert len(found) == len(grids)
    for rows, held in zip(found, grids, strict=True):
        assert rows[0] == [("/TH", "/Column")] * len(held.columns)
        assert len(rows) == 1 + len(held.rows)
        for row in rows[1:]:
            assert row == [("/TH", "/Row"), *[("/TD", None)] * (len(held.columns) - 1)]


def test_pictures_stand_with_their_captions_and_short_tables_on_one_page(told, as_pdf):
    found = tags.together(as_pdf)
    assert len(found) == len(every(told, Table)) + len(every(told, Picture))
    assert all(len(pages) == 1 for pages, rows in found if rows <= 16)
    assert max(rows for _, rows in found) > 16


def test_pictures_are_as_large_as_the_page_and_no_larger_than_themselves():
    for size, wide in (((2000, 500), 170), ((2000, 4000), 107.5), ((300, 200), 50.8)):
        into = io.BytesIO()
        Image.new("RGB", size).save(into, "png", dpi=(150, 150))
        assert pdf.width_on_paper(into.getvalue()) == pytest.approx(wide, rel=1e-3)


def test_footnotes_of_several_tables_are_told_once(demo_results, demo_view):
    notes = (
        Note("footnotes", {"rows": 2}, ("A", "B")),
        Note("footnotes", {"rows": 2}, ("B", "C")),
    )
    (only,) = [
        one for one in report.of_data(replace(demo_results, notes=notes), demo_view) if one.folded
    ]
    assert only.folded == ("A", "B", "C")
    assert "3" in only.text


def test_heads_of_rows_move_nothing_in_the_file(as_pdf):
    """Every object is where the table of a PDF's objects says."""
    for place, number in xref(as_pdf):
        assert as_pdf[place:].startswith(b"%d 0 obj" % number)


def xref(content):
    lines = content[int(content.rsplit(b"startxref\n", 1)[1].split()[0]) :].split(b"\n")
    count = int(lines[1].split()[1])
    rows = [line.split() for line in lines[2 : 2 + count]]
    return [(int(row[0]), number) for number, row in enumerate(rows) if row[2] == b"n"]


def test_nothing_is_shown_outside_the_tags(as_pdf):
    """Each text or picture is shown between a mark and its end: a tag's, or an artifact's."""
    assert tags.outside(as_pdf) == 0


def test_every_text_of_the_report_stands_in_the_pdf(told, as_pdf):
    pages = pypdf.PdfReader(io.BytesIO(as_pdf)).pages
    written = "".join("".join(page.extract_text().split()) for page in pages)
    for text in told.summary:
        bare = "".join(text.split())
        # A line may end in a hyphen that the text does not have.
        assert bare[:40].replace("-", "") in written.replace("-", "")


# --- Both --------------------------------------------------------------------------------------

HOSTILE = '=HYPERLINK("x") <w:p/> {{ 1 }} #panic("x") \\ $x$ [a](b) "q" å\x01\u202e %s 漢\u00ad'


def hostile():
    table = grid(
        HOSTILE, [Column(HOSTILE), Column("1")], [[HOSTILE, Cell("1", HOSTILE, "#ff0000")]]
    )
    blocks = (
        Paragraph(HOSTILE),
        Warnings((HOSTILE,)),
        replace(PICTURES[0], title=HOSTILE, caption=HOSTILE, alt=HOSTILE),
        Pair((Table(table), Table(replace(table, codes=(HOSTILE,), left_out=3, file=HOSTILE)))),
        Notes((Remark(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,)),)),
        Fold(HOSTILE, (Paragraph(HOSTILE),)),
    )
    return Report(HOSTILE, HOSTILE, "sv", (), (HOSTILE,), (Section(HOSTILE, blocks, "a"),))


def test_texts_are_texts_in_both_however_they_look():
    made = docx.Document(io.BytesIO(word.write(hostile())))
    # What XML cannot hold is marked; everything else stands as it came.
    assert [one.text for one in made.paragraphs].count(HOSTILE.replace("\x01", "�")) >= 5
    fields = [one.text for one in made.element.body.iter(qn("w:instrText"))]
    assert fields
    assert all(one.startswith("TOC ") for one in fields)
    assert not [one for one in fields if r"\n" in one], "Word fills in no page number then"
    text = pypdf.PdfReader(io.BytesIO(pdf.write(hostile()))).pages[0].extract_text()
    assert "#panic(" in text
    assert "$x$" in text


def test_letters_without_a_sign_are_those_that_a_reader_of_the_pdf_sees_as_boxes(told):
    assert pdf.without_sign(told) == frozenset()
    lost = pdf.without_sign(hostile())
    assert lost == {"漢", "�"} - set(map(chr, figure.letters()))
    unseen = replace(PICTURES[0], alt="漢")
    assert pdf.without_sign(replace(told, sections=(Section("A", (unseen,)),))) == frozenset()
    text = pypdf.PdfReader(io.BytesIO(pdf.write(hostile()))).pages[0].extract_text()
    assert "漢" not in text
    assert typesetting.BOX in text


def test_a_run_tells_of_letters_that_only_the_reports_pdf_lacks(
    demo_results, demo_view, tmp_path, monkeypatch
):
    monkeypatch.setattr(pictures, "draw", lambda *_: pictures.Drawn((), {}, frozenset()))
    for formats, is_told in ((["pdf"], True), ([], False)):
        asked = demo_view.report.model_copy(update={"formats": formats})
        view = replace(demo_view, title="Påhittköping 家", report=asked)
        told = write.run(demo_results, view, tmp_path / str(is_told))
        manifest = (told.folder / "manifest.json").read_text(encoding="utf-8")
        assert ("U+5BB6" in manifest) == is_told
        assert ("U+5BB6" in (told.folder / "report.html").read_text(encoding="utf-8")) == is_told


def test_columns_share_the_width_and_none_breaks_its_longest_word():
    wide = grid("", [Column("A"), Column("Områden")], [["x" * 10, "1"], ["y y " * 30, "2"]])
    shares = columns.shares(wide)
    assert sum(shares) == pytest.approx(1)
    assert shares[1] * 112 >= len("Områden")
    assert shares[0] > shares[1]


@pytest.mark.parametrize(("margin", "tallest"), [(0, 215), (40, 187), (140, 55)])
def test_a_picture_with_its_heading_and_caption_fits_a_page_of_the_template(margin, tallest):
    template = docx.Document()
    page = template.sections[0]
    page.page_height, page.top_margin, page.bottom_margin = Mm(297), Mm(margin), Mm(margin)
    assert wordstyle.ensure(template, own=False, language="sv").height == pytest.approx(
        tallest, abs=0.05
    )


def test_cells_leave_their_width_to_words(in_word):
    for one in in_word.tables:
        (edges,) = one._tbl.tblPr.findall(qn("w:tblCellMar"))
        assert all(int(edge.get(qn("w:w"))) <= 45 for edge in edges)
