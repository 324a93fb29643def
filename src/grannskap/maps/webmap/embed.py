"""The page inside another: a figure for a web page, a frame for a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass

from grannskap.language import Language, Text

__all__ = ["Notebook", "embed", "notebook"]

_OPEN = Text("Öppna kartan i eget fönster", "Open the map in its own window")
_SANDBOX = "allow-scripts allow-downloads allow-popups allow-modals"


def embed(page_name: str, *, title: str, alt: str, language: Language = "sv") -> str:
    """HTML to paste into a web page: a figure with the map in a frame that sizes itself.

    Parameters
    ----------
    page_name : str
        The page's file name, beside which the figure is to stand ("balance.html").
    title : str
        The frame's title, which screen readers say.
    alt : str
        What the map shows, in words: the caption.
    language : {"sv", "en"}
        The language of the caption and the link.

    Returns
    -------
    str
        A `<figure>`; it needs no script and no style sheet. Where a site's policy ignores
        `style`, the frame is as wide as the text and 720 pixels high.

    Examples
    --------
    >>> embed("balance.html", title="Balans", alt="Karta").count("<iframe")
    1
    """
    name, said, words = html.escape(page_name), html.escape(title), html.escape(alt)
    return (
        f'<figure lang="{language}" style="margin: 0">\n'
        f'  <iframe src="{name}" title="{said}" loading="lazy" allowfullscreen\n'
        f'    sandbox="{_SANDBOX}"\n'
        '    width="100%" height="720"\n'
        '    style="width: 100%; height: min(56rem, max(36rem, 90vh)); border: 0"></iframe>\n'
        f"  <figcaption>{words}\n"
        f'    <a href="{name}" target="_blank" rel="noopener">{_OPEN(language)}</a></figcaption>\n'
        "</figure>\n"
    )


@dataclass(frozen=True)
class Notebook:
    """A page that a notebook shows when it is a cell's result.

    Attributes
    ----------
    html : str
        The whole page, as `build` returned it.
    height : int
        The frame's height in pixels.
    """

    html: str
    height: int = 640

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="{_SANDBOX}" allowfullscreen title="grannskap" '
            f'width="100%" height="{self.height}" '
            f'style="width: 100%; height: {self.height}px; border: 0" '
            f'srcdoc="{html.escape(self.html)}"></iframe>'
        )


def notebook(page: str, *, height: int = 640) -> Notebook:
    """Page as an object that notebooks show, in a frame `height` pixels high.

    Examples
    --------
    >>> notebook("<p>hej</p>")._repr_html_().startswith("<iframe")
    True
    """
    return Notebook(page, height)
