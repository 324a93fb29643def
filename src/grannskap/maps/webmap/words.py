"""The page's own words, in both languages: the template and the scripts read these."""

from __future__ import annotations

from grannskap.catalogue import BALANCE_STATUSES, Status
from grannskap.language import Language, Text, number, share
from grannskap.maps.style import BOUNDED, DOUBTFUL

__all__ = ["STATUSES", "WORDS", "marks"]

# "value" stands first: the page reads 0 as "nothing to say".
STATUSES = {**{status.value: status.label() for status in Status}, **BALANCE_STATUSES}


def marks(language: Language) -> dict[str, str]:
    """Return the marks inside numbers, as every other output writes them.

    Examples
    --------
    >>> marks("sv")["decimal"], marks("en")["decimal"]
    (',', '.')
    """
    text = number(-1234.5, decimals=1, language=language)
    percent = share(0.5, language).removeprefix("50")
    return {"minus": text[0], "thousands": text[2], "decimal": text[6], "percent": percent}


WORDS: dict[str, Text] = {
    "loading": Text("Kartan ritas …", "Drawing the map …"),
    "needs_script": Text(
        "Kartan behöver JavaScript. Siffrorna finns också i tabellerna bredvid den här filen.",
        "The map needs JavaScript. Its numbers are also in the tables beside this file.",
    ),
    "controls": Text("Välj vad kartan visar", "Choose what the map shows"),
    "indicator": Text("Mått", "Indicator"),
    "choices": Text("Fler val", "More choices"),
    "year": Text("År", "Year"),
    "group": Text("Grupp", "Group"),
    "compare": Text("Jämför med", "Compare with"),
    "compare_none": Text("ingen jämförelse", "nothing"),
    "swipe": Text("Linje mellan två kartor", "Line between two maps"),
    "place_names": Text("Namn", "Names"),
    "place_name": Text("Namn på de valda områdena", "Name of the selection"),
    "copy_place": Text("Kopiera som grannskap", "Copy as a neighbourhood"),
    "save_selection": Text("Spara valda områden (GeoJSON)", "Save the selection (GeoJSON)"),
    "copied_place": Text("Att klistra in i projektfilen", "To paste into the project file"),
    "place_copied": Text(
        "{name} är kopierat: klistra in det sist i projektfilen.",
        "{name} is copied: paste it at the end of the project file.",
    ),
    "name_wanted": Text(
        "Skriv först ett namn på de valda områdena.", "First write a name of the selection."
    ),
    "print_table": Text("med tabell", "with the table"),
    "filter": Text("Valt i teckenförklaring och fördelning", "Picked in legend and distribution"),
    "csv_rows": Text("{shown} av {all} områden", "{shown} of {all} areas"),
    "made_on": Text("Hämtad {date}", "Retrieved {date}"),
    "multiples": Text("Små kartor", "Small maps"),
    "all_years": Text("Alla år bredvid varandra", "All years side by side"),
    "all_groups": Text("Alla grupper bredvid varandra", "All groups side by side"),
    "search": Text("Sök område", "Search area"),
    "found": Text("Hittade", "Matches"),
    "nothing_found": Text("Inget område heter så.", "No area has that name."),
    "map": Text("Karta", "Map"),
    "map_help": Text(
        "Peka eller tryck på ett område för alla dess siffror; med tangentbord: gå till "
        "tabellen, bläddra med pilarna, Enter zoomar, mellanslag väljer, Esc stänger.",
        "Point at or tap an area for all its numbers; by keyboard: go to the table, move with "
        "the arrows, Enter zooms, space selects, Esc closes.",
    ),
    "frontiers": Text("Skarpa gränser", "Frontiers"),
    "legend": Text("Teckenförklaring", "Legend"),
    "layers": Text("Lager", "Layers"),
    "tools": Text("Verktyg", "Tools"),
    "reset": Text("Återställ", "Reset"),
    "full_screen": Text("Helskärm", "Full screen"),
    "no_full_screen": Text(
        "Webbläsaren tillåter inte helskärm här.", "The browser does not allow full screen here."
    ),
    "print": Text("Skriv ut", "Print"),
    "csv": Text("Tabell som CSV", "Table as CSV"),
    "png": Text("Karta som PNG", "Map as PNG"),
    "link": Text("Länk till vyn", "Link to this view"),
    "open_whole": Text("Öppna hela kartan", "Open the whole map"),
    "link_copied": Text("Länken är kopierad:", "The link is copied:"),
    "zoom_in": Text("Zooma in", "Zoom in"),
    "zoom_out": Text("Zooma ut", "Zoom out"),
    "north": Text("Norr är uppåt", "North is up"),
    "calls_out": Text(
        "Bakgrundskartan hämtas från {name}.", "The background map is fetched from {name}."
    ),
    "numbers": Text("Siffror", "Numbers"),
    "card": Text("Området", "The area"),
    "card_empty": Text(
        "Peka eller tryck på ett område för att se dess siffror.",
        "Point at or tap an area to see its numbers.",
    ),
    "highest": Text("Högst värde", "Highest value"),
    "lowest": Text("Lägst värde", "Lowest value"),
    "equals": Text("{n} områden med {value}", "{n} areas with {value}"),
    "all_areas": Text("Områden", "Areas"),
    "close": Text("Stäng", "Close"),
    "all_numbers": Text("Alla siffror för området", "All numbers of the area"),
    "interval": Text("Osäkerhet ({confidence})", "Uncertainty ({confidence})"),
    "least": Text("minst", "at least"),
    "most": Text("högst", "at most"),
    "at_least": Text("minst {least}", "at least {least}"),
    "at_most": Text("högst {most}", "at most {most}"),
    "between": Text("mellan {least} och {most}", "between {least} and {most}"),
    "bounded": BOUNDED,
    "doubtful": DOUBTFUL,
    "status": Text("status", "status"),
    "selection": Text("Valda områden", "Selected areas"),
    "selection_empty": Text(
        "Skift-klicka på områden, tryck på ”Välj områden”, sök på ett namn eller släpp en "
        "polygonfil (GeoJSON, SWEREF 99 TM eller WGS 84) på kartan.",
        "Shift-click areas, press “Choose areas”, search for a name or drop a polygon file "
        "(GeoJSON, SWEREF 99 TM or WGS 84) on the map.",
    ),
    "selected": Text("{n} av {all} områden", "{n} of {all} areas"),
    "low_and_high": Text("Summor: {low} mot {high}", "Sums: {low} over {high}"),
    "hidden_counts": Text(
        "I {hidden} av dem är antalen inte exakta; spannet rymmer allt de kan vara.",
        "In {hidden} of them the counts are not exact; the range holds all that they can be.",
    ),
    "without_counts": Text(
        "Inte medräknade, uppgift saknas: {without}",
        "Without data and left out: {without}",
    ),
    "no_counts": Text("Antal saknas för de valda områdena.", "No counts for the selected areas."),
    "choose": Text("Välj områden", "Choose areas"),
    "clear": Text("Avmarkera alla", "Clear the selection"),
    "polygon_file": Text("Öppna polygonfil", "Open a polygon file"),
    "polygon_refused": Text(
        "Filen innehåller inga polygoner i GeoJSON.", "The file holds no GeoJSON polygons."
    ),
    "polygon_large": Text(
        "Filen är för stor: högst 20 MB och 200 000 hörn. Förenkla polygonerna först.",
        "The file is too large: at most 20 MB and 200,000 corners. Simplify its polygons first.",
    ),
    "polygon_broken": Text(
        "En polygon i filen är trasig: varje ring behöver minst tre hörn och måste sluta där den "
        "börjar. Spara filen på nytt.",
        "A polygon of the file is broken: every ring needs at least three corners and must end "
        "where it begins. Save the file again.",
    ),
    "polygon_crs": Text(
        "Filen anger ett annat koordinatsystem än SWEREF 99 TM och WGS 84. Spara den i ett av dem.",
        "The file declares other coordinates than SWEREF 99 TM and WGS 84. Save it in one of them.",
    ),
    "polygon_swapped": Text(
        "Filens koordinater står i omvänd ordning: öst eller longitud ska stå först.",
        "The file’s coordinates are swapped: east or longitude must come first.",
    ),
    "polygon_elsewhere": Text(
        "Polygonerna ligger inte i Sverige. Spara filen i SWEREF 99 TM eller WGS 84.",
        "The polygons do not lie in Sweden. Save the file in SWEREF 99 TM or WGS 84.",
    ),
    "polygon_chosen": Text(
        "Områden med sin mittpunkt i polygonerna: {n}",
        "Areas with their middle in the polygons: {n}",
    ),
    "table": Text("Tabell", "Table"),
    "area": Text("Område", "Area"),
    "name": Text("Namn", "Name"),
    "municipality": Text("Kommun", "Municipality"),
    "regso": Text("RegSO", "RegSO"),
    "neighbourhood": Text("Grannskap", "Neighbourhood"),
    "rows": Text("Visar {shown} av {all} områden; {total} på kartan.",
                 "Showing {shown} of {all} areas; {total} on the map."),
    "more": Text("Visa fler", "Show more"),
    "histogram": Text("Fördelning", "Distribution"),
    "histogram_alt": Text("Antal områden per värde: {title}", "Areas per value: {title}"),
    "from": Text("Från", "From"),
    "to": Text("till", "to"),
    "unbrush": Text("Visa alla", "Show all"),
    "slope": Text("lutning {slope}", "slope {slope}"),
    "quadrant": Text("Visa", "Show"),
    "quadrant_all": Text("alla områden", "all areas"),
    "quadrant_hh": Text("högt, även hos grannarna", "high, as at its neighbours"),
    "quadrant_ll": Text("lågt, även hos grannarna", "low, as at its neighbours"),
    "quadrant_hl": Text("högt, lågt hos grannarna", "high, low at its neighbours"),
    "quadrant_lh": Text("lågt, högt hos grannarna", "low, high at its neighbours"),
}  # fmt: skip
