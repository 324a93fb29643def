"""What stands under a table: footnotes, where it comes from, and nobody's address."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grannskap import notes
from grannskap.sources import register
from grannskap.sources.register.footer import parted, without_contacts

SCB = """Vissa personer går inte att placera. Se <a href = 'https://scb.se/x'>sidan</a>.
Senaste uppdatering:
Låg ekonomisk standard, procent:
20240123 08:00
Antal personer totalt:
20240124 08:00
Källa:
SCB
Kontaktperson:
Låg ekonomisk standard, procent:
Johan Ek, SCB
 +46 010-479 60 64
johan.ek@scb.se
 +46 .
Sort:
andel
Officiell statistik
Databas:
Statistikdatabasen
Intern referenskod:
000006TA""".splitlines()

MAIL = re.compile(r"[^\s\"]@[^\s\"]")
PHONE = re.compile(r"\+46|\b0\d{1,3}[- ]\d{2,3} \d{2}")


def test_the_footer_of_an_export_is_parted_into_footnotes_and_origin():
    footnotes, origin = parted(SCB, title="Standard efter region")
    assert footnotes == ("Vissa personer går inte att placera. Se sidan.",)
    assert (origin.source, origin.table, origin.updated) == ("SCB", "000006TA", "2024-01-24")
    assert origin.title == "Standard efter region"
    told = json.dumps(origin.as_dict(), ensure_ascii=False)
    assert "andel" in told
    assert "Statistikdatabasen" in told
    assert not re.search(r"Johan|@|\+46|479", told)


def test_a_footnote_after_the_origin_is_still_a_footnote():
    footnotes, origin = parted(["Källa: SCB", ".. Uppgift ej tillgänglig", "Källa:", "SCB", "1) x"])
    assert footnotes == (".. Uppgift ej tillgänglig", "1) x")
    assert origin.source == "SCB"


@pytest.mark.parametrize(
    "text",
    [
        "5 984 respektive 3 363 områden",
        "2011–2019",
        "år 2022",
        "0114A0010",
        "490 000 kronor",
        "1,51",
    ],
)
def test_figures_are_no_telephone_numbers(text):
    assert without_contacts([text]) == (text,)


numbers = st.sampled_from(["010-479 60 64", "+46 010-479 50 00", "08 506 940 00", "0105 - 1234 56"])
mails = st.sampled_from(["anna@scb.se", "<a.b-c@kommun.example>", "information@scb.se,"])


@given(st.lists(st.one_of(numbers, mails, st.sampled_from(["Frågor:", "se", "SCB"])), max_size=6))
def test_no_address_is_left_in_any_text(words):
    (kept,) = without_contacts([" ".join(words)]) or ("",)
    assert not MAIL.search(kept)
    assert not PHONE.search(kept)


@pytest.mark.real
def test_the_real_exports_tell_where_they_come_from_and_whom_to_ask_nowhere(shared_data):
    for path in sorted((shared_data / "scb-excel").glob("*.xlsx")):
        column = {"000005FC": "totalt", "000005FE": "svensk bakgrund", "000005FM": "Medelvärde"}
        column |= {"000006TA": "Antal personer", "000007A8": "antal arbetslösa"}
        code = path.name[:8]
        named = column.get(
            code, {"000005F8": "övriga", "000005MO": "saknas"}.get(code, "hyresrätt")
        )
        amounts = ["n"] if code == "000005FM" else []
        found = register.read(path, columns={"n": named}, amounts=amounts)
        origin = found.attrs["origin"]
        assert origin["table"] == code
        assert origin["source"] == "SCB"
        assert origin["updated"] in {
            "2024-03-22",
            "2024-01-23",
            "2024-04-25",
            "2024-04-18",
            "2024-05-31",
        }
        assert origin["title"]
        told = json.dumps([origin, [note.codes for note in notes.of(found)]], ensure_ascii=False)
        assert not MAIL.search(told), code
        assert not PHONE.search(told), code
        assert not re.search(r"Lindberg|Gärdqvist|Westling|Verhage|Löfgren|Vingren", told), code
