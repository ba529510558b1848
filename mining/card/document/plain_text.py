"""Plain text of a marked-up line, at the same length, so that offsets found in it cut the original."""

from __future__ import annotations

import re

from mining.patterns import regex
from mining.units import NOTHING

_ZEROS = (
    "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0e50\u0ed0\u0f20\u1040\u17e0\u1810\uff10"
    "\U0001d7ce\U0001d7d8\U0001d7e2\U0001d7ec\U0001d7f6"
)
"""The noughts of the scripts whose digits are read: Arabic, Persian, Indian, Thai, full-width, mathematical."""
_ODD = str.maketrans(
    {
        **{chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)},
        **dict.fromkeys(
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\x00",
            " ",
        ),
        **dict.fromkeys("\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff", NOTHING),
        "\u066b": ".",
        "\uff0e": ".",
        "\u066c": "\u066c",
        "\u02bc": "'",
        "\uff07": "'",
        "\uff5c": "|",
        "\uff05": "%",
        "\uff08": "(",
        "\uff09": ")",
        "\uff1b": ";",
        "\u061b": ";",
        "\u202c": " ",
        "\u200e": " ",
        "\u200f": " ",
        **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d", "-"),
        "\u2082": "2",
        "\uff1a": ":",
        "\uff1d": "=",
        "\uff0c": ",",
        "\u2248": "~",
        "\u223c": "~",
        "\u2243": "~",
        "\u2245": "~",
        "\uff5e": "~",
        "\u2019": "'",
    }
)
_SPACE_IN_NUMBER = r"\\[,;: ]|&(?:nbsp|thinsp|ensp|numsp|puncsp|#160|#8201|#8239|#[xX](?:a0|A0|2009|202f|202F));"
_NOTHING_IN_NUMBER = (
    r"\\!|&(?:zwnj|zwj|shy|NoBreak|ZeroWidthSpace|#8203|#8204|#8205|#8288|#173|#[xX](?:200[bB]|2060|[aA][dD]));|"
    + NOTHING
)
_EMPHASIS = r"(?:\*{1,3}|_{1,3}|`|</?(?:b|strong|em|i|span|u)(?:\s[^<>]{0,80})?>|\$)"
_IN_NUMBER = regex(
    rf"(?<=\d)(?:(?P<space>(?:{_NOTHING_IN_NUMBER}){{0,4}}(?:{_SPACE_IN_NUMBER})(?:{_NOTHING_IN_NUMBER}){{0,4}})"
    rf"|(?P<mark>(?:{_NOTHING_IN_NUMBER}){{0,4}}(?:\{{[.,]\}}|&(?:comma|period|#44|#46);"
    rf"|{_EMPHASIS}{{1,3}}[.,' ]{_EMPHASIS}{{1,3}})"
    rf"(?:{_NOTHING_IN_NUMBER}){{0,4}})"
    rf"|(?P<none>(?:{_NOTHING_IN_NUMBER}){{1,6}})"
    r"|(?P<dot>[\u00b7\u22c5\u2219\u2027](?!10\s?\^|10[\u2070-\u2079\u207b\u00b9\u00b2\u00b3]|10<sup|10\*\*)))(?=\d)"
    r"|(?<=10)<sup>\s?(?P<power>[-+\u2212]?\d{1,3})\s?</sup>"
    r"|(?<=[\d)\s$])\\(?P<times>times|cdot)(?![a-z])|(?<=[\w)%] )(?P<star>\*)(?= [\d(])",
    re.IGNORECASE,
)
_MAYBE_IN_NUMBER = regex(rf"{NOTHING}|\d[\\&{{*_<`$\u00b7\u22c5\u2219\u2027]|\\(?:times|cdot)| \* ")
"""What a line must hold for anything to stand inside one of its numbers."""
_STRAY = regex(rf"(?<![\d.,'{NOTHING}]){NOTHING}+|{NOTHING}+(?![\d.,'{NOTHING}])")
_NEEDS_WORK = regex(r"[*`<>&\[\]$\\_]|https?:|-->|ar[xX]iv|\bdoi|\b10\.\d{4}")
_FORMULA = regex(r"[{}]")
_EASY = "*`[]"
_HARD = regex(r"[<$\\_}]|https?:|\]\(|ar[xX]iv|\bdoi|\b10\.\d{4}")
"""Without any of these a line holds no markup but the easy marks, each of which is blanked wherever it stands."""
_COMMENT_OPEN = "<!--"
_COMMENT_CLOSE = "-->"
_BLANKED = regex(
    r"</?[A-Za-z][^<>]{0,1000}>"  # tags
    r"|\]\([^()\s]{0,1000}(?:\([^()\s]{0,200}\))?[^()\s]{0,1000}(?:\s+\"[^\"]{0,200}\")?\)"  # link targets
    r"|https?://[^\s<>()\"'|]{1,2000}"  # bare addresses
    r"|\*{1,3}|`{1,3}|(?<![^\W_])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![^\W_])|[\[\]]"  # emphasis, code, brackets
    # formulas
    r"|\$_?\{?(?=2)|(?<=2)\}?\$|(?<=[Oo])_\{?(?=2)|(?<=2)\}|\\(?:text(?:subscript|rm)?|mathrm|rm)\{|\\[,;! ]|\$"
    r"|\\(?=[^\w\s])|\\(?:quad|qquad|left|right|approx|sim)\b|\\ "  # escapes
    r"|(?:arXiv|abs)[:/]\s?\d{4}\.\d{4,5}(?:v\d)?|\bdoi:\s?\S{1,200}|\b10\.\d{4,9}/\S{1,200}"  # numbers of papers
)
_ENTITIES = {
    "nbsp": " ",
    "amp": "&",
    "lt": "<",
    "gt": ">",
    "le": "<",
    "approx": "~",
    "minus": "-",
    "ndash": "-",
    "times": "x",
    "8322": "2",
    "x2082": "2",
}
_ENTITY = regex(r"&(?:#?)([A-Za-z0-9]{2,8});")


def plain_text(text: str, in_comment: bool) -> tuple[str, bool]:
    """Blank the markup of one line.

    Args:
        text: The line as written.
        in_comment: Whether an HTML comment was left open by an earlier line.

    Returns:
        The plain line, as long as ``text``, and whether a comment is still open at its end.
    """
    if in_comment or _COMMENT_OPEN in text:
        text, in_comment = _without_comments(text, in_comment)
    if not text.isascii() or "\t" in text or "\x00" in text:
        text = text.translate(_ODD)
    if _MAYBE_IN_NUMBER.search(text):
        if NOTHING in text:
            text = _STRAY.sub(_blank, text)
        text = _IN_NUMBER.sub(_joined, text)
    if _NEEDS_WORK.search(text):
        if "&" in text:
            text = _ENTITY.sub(_entity, text)
        if _HARD.search(text):
            is_formula = "\\" in text or "$" in text
            text = _BLANKED.sub(_blank, text)
            return _FORMULA.sub(" ", text) if is_formula else text, in_comment
        for mark in _EASY:
            text = text.replace(mark, " ")
    return text, in_comment


def _joined(match: re.Match[str]) -> str:
    """What stands inside a number, as the mark that it is, at the same length (filled with ``NOTHING``)."""
    if match["times"] or match["star"]:
        return "x".ljust(len(match.group()))
    if match["power"]:
        mark = "^" + match["power"].replace("\u2212", "-")
    elif match["dot"]:
        mark = "."
    elif match["mark"]:
        written = match["mark"].replace("comma", ",").replace("period", ".").replace("#44", ",").replace("#46", ".")
        mark = next(one for one in written if one in ".,' ")
    else:
        mark = " " if match["space"] else ""
    return mark.ljust(len(match.group()), NOTHING)


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def _entity(match: re.Match[str]) -> str:
    width = match.end() - match.start()
    return _ENTITIES.get(match.group(1), " ").ljust(width)


def _without_comments(text: str, in_comment: bool) -> tuple[str, bool]:
    pieces: list[str] = []
    at = 0
    while at < len(text):
        mark = _COMMENT_CLOSE if in_comment else _COMMENT_OPEN
        found = text.find(mark, at)
        stop = len(text) if found < 0 else found + (len(mark) if in_comment else 0)
        pieces.append(" " * (stop - at) if in_comment else text[at:stop])
        if found < 0:
            break
        in_comment = not in_comment
        at = stop
    return "".join(pieces), in_comment
