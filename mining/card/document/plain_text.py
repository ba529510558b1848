"""Plain text of a marked-up line, at the same length, so that offsets found in it cut the original."""

from __future__ import annotations

import re

from mining.patterns import regex

_ODD = str.maketrans(
    {
        **dict.fromkeys(
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff\t\x00\u2060",
            " ",
        ),
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
_NEEDS_WORK = regex(r"[*`<>&\[\]$\\_]|https?:|-->")
_EASY = "*`[]"
_HARD = regex(r"[<$\\_}]|https?:|\]\(")
"""Without any of these a line holds no markup but the easy marks, each of which is blanked wherever it stands."""
_COMMENT_OPEN = "<!--"
_COMMENT_CLOSE = "-->"
_BLANKED = regex(
    r"</?[A-Za-z][^<>]{0,1000}>"  # tags
    r"|\]\([^()\s]{0,1000}(?:\([^()\s]{0,200}\))?[^()\s]{0,1000}(?:\s+\"[^\"]{0,200}\")?\)"  # link targets
    r"|https?://[^\s<>()\"'|]{1,2000}"  # bare addresses
    r"|\*{1,3}|`{1,3}|(?<![^\W_])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![^\W_])|[\[\]]"  # emphasis, code, brackets
    r"|\$_?\{?(?=2)|(?<=2)\}?\$|(?<=[Oo])_\{?(?=2)|(?<=2)\}|\\(?:text(?:subscript|rm)?|mathrm|rm)\{|\\[,;! ]|\$"  # formulas
    r"|\\(?=[^\w\s])"  # escapes
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
    if _NEEDS_WORK.search(text):
        if "&" in text:
            text = _ENTITY.sub(_entity, text)
        if _HARD.search(text):
            return _BLANKED.sub(_blank, text), in_comment
        for mark in _EASY:
            text = text.replace(mark, " ")
    return text, in_comment


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
