"""What the tags of a PDF tell: how its tree is built, and whether all that is shown is in it."""

import io

import pikepdf

_SHOWN = {"Tj", "TJ", "Do", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "EI"}


def tree(content):
    """Walk the tree of tags: each with its depth, its kind and its alternative text."""
    with pikepdf.open(io.BytesIO(content)) as file:
        found = []

        def walk(node, depth):
            if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
                return
            alt = str(node.Alt) if "/Alt" in node else None
            found.append((depth, str(node.S).lstrip("/"), alt))
            kids = node.get("/K", [])
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                walk(kid, depth + 1)

        root = file.Root.StructTreeRoot.K
        for one in root if isinstance(root, pikepdf.Array) else [root]:
            walk(one, 0)
        return found


def tables(content):
    """Each table as rows of cells: the kind of each, and which way it is a head."""
    with pikepdf.open(io.BytesIO(content)) as file:
        return [_rows(one) for one in _below(file.Root.StructTreeRoot) if one.get("/S") == "/Table"]


def together(content):
    """The pages that each figure and each table stands on, with its caption; and its rows."""
    with pikepdf.open(io.BytesIO(content)) as file:
        number = {page.objgen: place for place, page in enumerate(file.pages)}
        found = []
        for one in _below(file.Root.StructTreeRoot):
            kinds = {str(kid.get("/S")) for kid in _below(one)}
            figure = one.get("/S") == "/Div" and kinds <= {"/Caption", "/Div", "/Figure", "/Span"}
            if (figure and "/Caption" in kinds) or one.get("/S") == "/Table":
                rows = len(_rows(one)) if one.S == "/Table" else 0
                found.append(({number[page] for page in _pages(one)}, rows))
        return found


def _pages(node):
    for one in (node, *_below(node)):
        if "/Pg" in one:
            yield one.Pg.objgen


def _below(node):
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from _below(kid)


def _rows(table):
    return [
        [(str(cell.S), _scope(cell)) for cell in row.K]
        for row in _below(table)
        if row.get("/S") == "/TR"
    ]


def _scope(cell):
    held = [one for one in cell.get("/A", []) if one.get("/O") == "/Table"]
    assert not any("/Headers" in one for one in held) or cell.S == "/TH"
    return next((str(one.Scope) for one in held if "/Scope" in one), None)


def outside(content):
    """Count what is shown in no tag and is no artifact: texts, pictures, lines and areas."""
    lost = 0
    with pikepdf.open(io.BytesIO(content)) as file:
        for page in file.pages:
            depth = 0
            for operands, operator in pikepdf.parse_content_stream(page):
                name = str(operator)
                if name in ("BDC", "BMC"):
                    depth += 1
                    assert str(operands[0]).startswith("/")
                if name == "EMC":
                    depth -= 1
                lost += name in _SHOWN and depth == 0
    return lost


def fonts(content):
    """Every font by its name, with whether the file holds its letters."""
    with pikepdf.open(io.BytesIO(content)) as file:
        found = {}
        for one in file.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
                held = {"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys())
                found[str(one.FontName)] = bool(held)
        return found
