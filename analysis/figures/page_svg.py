"""Turns a figure's SVG file into one that stands inside a page: own ids, words for those who do not see it, colours that follow the page.

Several figures share one page, so every id is prefixed with the figure's name. Colours of the contract become custom properties with the
printed colour as fallback; a page that turns dark only redefines the properties.
"""

from __future__ import annotations

import re
from html import escape

from analysis.figures import contract

THEMED = {
    contract.INK: "--ink",
    contract.MUTED: "--muted",
    contract.GRID: "--grid",
    contract.PAPER: "--paper",
    contract.LOUD: "--bad",
    contract.BLUE: "--blue",
    contract.VERMILLION: "--vermillion",
    contract.GREEN: "--green",
    contract.ORANGE: "--orange",
    contract.PURPLE: "--purple",
    contract.SKY: "--sky",
    contract.GREY: "--grey",
}
BEFORE_ROOT = re.compile(r"^.*?(?=<svg)", re.DOTALL)
NOT_NEEDED = re.compile(r"\s*<metadata>.*?</metadata>|\s*<style.*?</style>|\s*<!--.*?-->|\n", re.DOTALL)
ROOT = re.compile(r"<svg\b[^>]*>")
VIEW_BOX = re.compile(r'viewBox="([^"]+)"')
IDS = re.compile(r'(\bid="|"#|url\(#)([^")]+)')
COLOUR = re.compile("|".join(THEMED))


def page_svg(svg: bytes, identity: str, title: str, description: str) -> str:
    """SVG element for a page.

    Args:
        svg: File that the contract encoded.
        identity: Name of the figure; becomes the prefix of all ids.
        title: Short name, read out first.
        description: What the figure shows, in words.
    """
    text = NOT_NEEDED.sub(lambda found: " " if found[0] == "\n" else "", BEFORE_ROOT.sub("", svg.decode(), count=1))
    text = IDS.sub(lambda found: f"{found[1]}{identity}-{found[2]}", text)
    text = text.replace("xlink:href", "href")
    text = COLOUR.sub(lambda found: f"var({THEMED[found[0]]}, {found[0]})", text)
    box = VIEW_BOX.search(text)
    view = box[1] if box else "0 0 100 100"
    head = (
        f'<svg class="figure" xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img" '
        f'aria-labelledby="{identity}-title {identity}-description">'
        f'<title id="{identity}-title">{escape(title)}</title><desc id="{identity}-description">{escape(description)}</desc>'
    )
    return ROOT.sub(lambda _: head, text, count=1)
