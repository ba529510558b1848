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
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
            " ",
        ),
        **{chr(0xFEE0 + code): chr(code) for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))},  # full-width letters
        **dict.fromkeys("\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff", NOTHING),
        "\u066b": ".",
        "\uff0e": ".",
        "\u066c": "\u066c",
        "\u02bc": "'",
        "\uff07": "'",
        "\uff5c": "|",
        "\uff05": "%",
        "\uff0f": "/",
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
_PERSIAN_DECIMAL = regex(
    r"(?<=[\u06f0-\u06f9])(?<![\u06f0-\u06f9/]{6})/(?!\u06f2(?<=\u06f1/\u06f2)(?![\u06f0-\u06f9]))"
    r"(?![\u06f3\u06f4](?<=[\u06f1-\u06f3]/[\u06f3\u06f4])(?![\u06f0-\u06f9]))"
    r"(?=[\u06f0-\u06f9]{1,3}\s?(?:\u06a9\u06cc\u0644\u0648|\u06af\u0631\u0645|\u062a\u0646|\u0645\u06af\u0627|\u0645\u06cc\u0644\u06cc"
    r"|\u0648\u0627\u062a|\u0633\u0627\u0639\u062a|\u0631\u0648\u0632|\u062f\u0631\u0635\u062f|kg|k?g\b|k?Wh|t\b))"
)
"""A slash between Persian digits before a unit: their decimal mark; one half, thirds and quarters stay fractions."""
_NOT_ASCII = regex(r"[^\x00-\x7f]+")
_SPACE_IN_NUMBER = r"\\[,;: ]|&(?:nbsp|thinsp|ensp|numsp|puncsp|#160|#8201|#8239|#[xX](?:a0|A0|2009|202f|202F));"
_NOTHING_IN_NUMBER = (
    r"\\!|&(?:zwnj|zwj|shy|NoBreak|ZeroWidthSpace|#8203|#8204|#8205|#8288|#173|#[xX](?:200[bB]|2060|[aA][dD]));|"
    + NOTHING
)
_EMPHASIS = r"(?:\*{1,3}|_{1,3}|`|</?(?:b|strong|em|i|span|u)(?:\s[^<>\n]{0,80})?>|\$)"
_IN_NUMBER = regex(
    rf"(?<=\d)(?:(?P<space>(?:{_NOTHING_IN_NUMBER}){{0,4}}(?:{_SPACE_IN_NUMBER})(?:{_NOTHING_IN_NUMBER}){{0,4}})"
    rf"|(?P<mark>(?:{_NOTHING_IN_NUMBER}){{0,4}}(?:\{{[.,]\}}|\\[a-z]{{2,12}}\{{[.,]\}}|&(?:comma|period|#44|#46);"
    rf"|{_EMPHASIS}{{1,3}}[.,' ]{_EMPHASIS}{{1,3}})"
    rf"(?:{_NOTHING_IN_NUMBER}){{0,4}})"
    rf"|(?P<none>(?:{_NOTHING_IN_NUMBER}){{1,6}})"
    r"|(?P<dot>[\u00b7\u22c5\u2219\u2027](?!10\s?\^|10[\u2070-\u2079\u207b\u00b9\u00b2\u00b3]|10<sup|10\*\*)))(?=\d)"
    r"|(?<=10)<sup>\s?(?P<power>[-+\u2212]?\d{1,3})\s?</sup>"
    r"|(?<=[\d)\s$])\\(?P<times>times|cdot)(?![a-z])|(?<=[\w)%] )(?P<star>\*)(?= [\d(])",
    re.IGNORECASE,
)
_MAYBE_IN_NUMBER = regex(
    rf"[\\&{{*_<`$\u00b7\u22c5\u2219\u2027{NOTHING}](?:(?<=\d[\\&{{<\u00b7\u22c5\u2219\u2027])|(?<={NOTHING})"
    r"|(?<=\d[*_`$])(?=[*_`$]{0,8}(?:[.,' ][*_`$<]|<))|(?<=\\)(?=times|cdot)|(?<= \*)(?= ))"
)
"""What a line must hold for anything to stand inside one of its numbers."""
_MAYBE_IN_ASCII = regex(
    r"[\\&{*_<`$](?:(?<=\d[\\&{<])|(?<=\d[*_`$])(?=[*_`$]{0,8}(?:[.,' ][*_`$<]|<))|(?<=\\)(?=times|cdot)|(?<= \*)(?= ))"
)
_STRUCK = regex(r"~~(?=\S)[^~\n]{1,300}~~|<(?P<tag>s|del)>[^<\n]{0,300}</(?P=tag)>")
"""What was struck out."""
_STRAY = regex(rf"(?<![\d.,'{NOTHING}]){NOTHING}+|{NOTHING}+(?![\d.,'{NOTHING}])")
_FORMULA = regex(r"[{}]")
_COMMENT_OPEN = "<!--"
_COMMENT_CLOSE = "-->"
_BLANKED = regex(
    r"(</?[A-Za-z][^<>\n]{0,1000}>"  # tags
    r"|\]\([^()\s]{0,1000}(?:\([^()\s]{0,200}\))?[^()\s]{0,1000}(?:[^\S\n]+\"[^\"\n]{0,200}\")?\)"  # link targets
    r"|https?://[^\s<>()\"'|]{1,2000}"  # bare addresses
    r"|\*\*?\*?|``?`?|_(?<![^\W_]_)_{0,2}(?=\S)|_(?<=\S_)_{0,2}(?![^\W_])|\[|\]"  # emphasis, code, brackets
    r"|\$_?\{?(?=2)|_(?<=[Oo]_)\{?(?=2)|\}(?<=2\})\$?|\\(?:text(?:subscript|rm)?|mathrm|rm)\{|\\[,;! ]|\$"  # formulas
    r"|\\(?=[^\w\s])|\\(?:quad|qquad|left|right|approx|sim)\b"  # escapes
    r"|arXiv[:/][^\S\n]?\d{4}\.\d{4,5}(?:v\d)?|abs[:/][^\S\n]?\d{4}\.\d{4,5}(?:v\d)?"  # numbers of papers
    r"|d(?<!\wd)oi:[^\S\n]?\S{1,200}|1(?<!\w1)0\.\d{4,9}/\S{1,200})"
)
"""Every alternative begins with a plain letter or mark, so that the search leaps from one of them to the next.

All stand in one group: the pieces of a split are then text and markup by turns.
"""
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


def plain_text(text: str, in_comment: bool = False) -> tuple[str, bool]:
    """Blank the markup of lines.

    Args:
        text: Lines as written; only one, where a comment is open or begins in it.
        in_comment: Whether an HTML comment was left open by an earlier line.

    Returns:
        The plain lines, as long as ``text``, and whether a comment is still open at their end.
    """
    if in_comment or _COMMENT_OPEN in text:
        text, in_comment = _without_comments(text, in_comment)
    if "~~" in text or "<s>" in text or "<del>" in text:
        text = _STRUCK.sub(_blank, text)
    text = text.replace("\t", " ").replace("\x00", " ")
    if not text.isascii():
        text = _PERSIAN_DECIMAL.sub("\u066b", text) if "/" in text else text
        text = _NOT_ASCII.sub(_as_usual, text)
    text = _numbers_joined(text)
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    pieces = _BLANKED.split(text)
    pieces[1::2] = [" " * len(markup) for markup in pieces[1::2]]
    blanked = "".join(pieces)
    if "\\" in text or "$" in text:
        lines = zip(text.split("\n"), blanked.split("\n"), strict=True)
        blanked = "\n".join(
            _FORMULA.sub(" ", after) if "\\" in before or "$" in before else after for before, after in lines
        )
    return blanked, in_comment


def _numbers_joined(text: str) -> str:
    """Lines whose numbers hold no markup."""
    pieces: list[str] = []
    done = 0
    for found in (_MAYBE_IN_ASCII if text.isascii() else _MAYBE_IN_NUMBER).finditer(text):
        if found.start() < done:
            continue
        start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.start())
        end = len(text) if end < 0 else end
        line = text[start:end]
        pieces += (text[done:start], _IN_NUMBER.sub(_joined, _STRAY.sub(_blank, line) if NOTHING in line else line))
        done = end
    return "".join((*pieces, text[done:])) if pieces else text


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


def _as_usual(match: re.Match[str]) -> str:
    return match.group().translate(_ODD)


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
