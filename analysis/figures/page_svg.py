"""Turns matplotlib's SVG file into an element that stands inside a page.

Words for all readers, colours that follow the page. Text stays text in the font that the page embeds once
(``report.css`` names it), which is a tenth of the size of outlines and can be searched. Several figures share one page,
so every id is prefixed with the figure's name. Colours of the contract are custom properties of the page; one that
turns dark only redefines them.
"""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree as ET

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
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
DECIMAL = re.compile(r"-?\d+\.\d+")
FAMILY = re.compile(r"font-family: '([^']*)'; ")
REFERENCE = re.compile(r"url\(#([^)]*)\)")
SPACE = re.compile(r"\s*([MLQCZz])\s*|\s*\n\s*")
CIRCLE = re.compile(r"M0 (-?[\d.]+)C(?:[^MLQCz]*C){7}[^MLQCz]*z?")
"""Matplotlib's round marker: from its lowest point, eight curves."""
LAYERS = 4
"""Half-transparent dots are dealt to so many paths: within a path they do not add up, and a dense place would look
like a thin one."""
PLACES = frozenset({"d", "x", "y", "width", "height"})
"""Tenths of a point are enough for these; the shapes of markers, drawn once, keep hundredths."""
ID_LENGTH = 7
"""Of matplotlib's ids, which are hashes: enough to tell those of one figure apart."""
NUMERIC = ("d", "x", "y", "width", "height", "transform", "viewBox")
LEFT_OUT = {f"{SVG}metadata", f"{SVG}style"}


def page_svg(svg: bytes, identity: str, title: str, description: str) -> str:
    """SVG element for a page.

    Args:
        svg: File that matplotlib wrote with text as text.
        identity: Name of the figure; becomes the prefix of all ids.
        title: Short name, read out first.
        description: What the figure shows, in words.
    """
    root = ET.fromstring(svg)  # noqa: S314 - written by matplotlib a moment ago
    for group in root.iter(f"{SVG}g"):
        group.attrib.pop("id", None)
    markers = {each.attrib["id"]: each for each in root.iter(f"{SVG}path") if "id" in each.attrib}
    for group in root.iter(f"{SVG}g"):
        _join_dots(group, markers)
    body = "".join(_written(each, identity) for each in root if each.tag not in LEFT_OUT)
    return (
        f'<svg class="figure" xmlns="http://www.w3.org/2000/svg" viewBox="{_short(root.attrib["viewBox"])}" role="img" '
        f'aria-labelledby="{identity}-title {identity}-description">'
        f'<title id="{identity}-title">{escape(title)}</title><desc '
        f'id="{identity}-description">{escape(description)}</desc>'
        f"{body}</svg>"
    )


def _written(node: ET.Element, identity: str) -> str:
    """One element and all below it; empty groups vanish, and what a row of markers shares is said once."""
    if node.tag in LEFT_OUT:
        return ""
    tag = node.tag.removeprefix(SVG)
    if tag == "text" and (family := FAMILY.search(node.get("style", ""))):
        node.set("style", FAMILY.sub("", node.attrib["style"]))
        if family[1] == contract.STRONG_FAMILY:
            node.set("class", "strong")
        # the page's style gives its ink to all text of figures; a turn by nothing needs no words
        node.set("style", node.attrib["style"].replace(f"; fill: {contract.INK}", ""))
        if node.get("transform", "").startswith("rotate(-0 "):
            del node.attrib["transform"]
    children = list(node)
    shared = _shared_style(children)
    inner = escape(node.text or "") if tag in {"text", "tspan"} else ""
    for child in children:
        if shared:
            child.attrib.pop("style", None)
        inner += _written(child, identity)
    if tag in {"g", "defs"} and not inner:
        return ""
    if shared:
        node.set("style", shared)
    attributes = "".join(f' {name}="{value}"' for name, value in _attributes(node, identity))
    if tag == "g" and not attributes:
        return inner
    return f"<{tag}{attributes}>{inner}</{tag}>" if inner else f"<{tag}{attributes}/>"


def _join_dots(group: ET.Element, markers: dict[str, ET.Element]) -> None:
    """A row of round dots becomes lines of no length with round ends: a tenth of the text."""
    dots = [each for each in group if each.tag == f"{SVG}use"]
    if len(dots) <= LAYERS or len({(each.get(HREF), each.get("style")) for each in dots}) > 1:
        return
    style = dict(part.split(": ", 1) for part in dots[0].get("style", "").split("; ") if ": " in part)
    circle = CIRCLE.fullmatch(SPACE.sub(r"\1", markers[dots[0].attrib[HREF][1:]].get("d", "")).strip())
    if circle is None or "stroke" in style or "fill" not in style:
        return
    for each in list(group):
        group.remove(each)
    look = (
        f"fill:none;stroke:{style['fill']};stroke-width:{_short(str(2 * abs(float(circle[1]))))};stroke-linecap:round"
    )
    covers = style.get("fill-opacity") or style.get("opacity")
    look += f";stroke-opacity:{covers}" if covers else ""
    for layer in range(LAYERS if covers else 1):
        places = dots[layer :: LAYERS if covers else 1]
        line = "".join(f"M{each.attrib['x']} {each.attrib['y']}h0" for each in places)
        group.append(ET.Element(f"{SVG}path", {"d": line, "style": look}))


def _shared_style(children: list[ET.Element]) -> str:
    """Style that every marker of a row has; empty where they differ or where there is no row."""
    styles = {child.get("style", "") for child in children}
    row = len(children) > 1 and all(child.tag == f"{SVG}use" for child in children)
    return styles.pop() if row and len(styles) == 1 else ""


def _attributes(node: ET.Element, identity: str) -> list[tuple[str, str]]:
    """Attributes with short numbers, colours of the page and ids of this figure."""
    found = []
    is_shape = node.tag == f"{SVG}path" and "id" in node.attrib
    for name, value in node.attrib.items():
        if name == "id":
            found.append(("id", f"{identity}-{value[:ID_LENGTH]}"))
        elif name == HREF:
            found.append(("href", f"#{identity}-{value[1 : ID_LENGTH + 1]}"))
        elif name in NUMERIC:
            decimals = 1 if name in PLACES and not is_shape else 2
            found.append((name, _short(SPACE.sub(r"\1", value).strip(), decimals)))
        else:
            themed = COLOUR.sub(lambda colour: f"var({THEMED[colour[0]]})" if colour[0] in THEMED else colour[0], value)
            linked = REFERENCE.sub(lambda link: f"url(#{identity}-{link[1][:ID_LENGTH]})", themed)
            found.append((name, escape(linked.replace("; ", ";").replace(": ", ":"))))
    return found


def _short(numbers: str, decimals: int = 2) -> str:
    return DECIMAL.sub(lambda found: f"{float(found[0]):.{decimals}f}".rstrip("0").rstrip(".") or "0", numbers)
