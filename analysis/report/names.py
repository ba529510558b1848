"""Names that other programs must accept: LaTeX macros, HTML anchors, file names.

Each is a function of the id alone, hence stable.
"""

from __future__ import annotations

import re

DIGIT_WORDS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
PART = re.compile(r"[A-Za-z]+|\d")
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def macro_name(*parts: str) -> str:
    """Name of a LaTeX macro without its backslash: only letters, digits spelt out.

    >>> macro_name("rq2.2.model-size.repaired", "p")
    'rqTwoTwoModelSizeRepairedP'
    """
    words = [word for part in parts for word in PART.findall(part)]
    spelt = [DIGIT_WORDS[int(word)] if word.isdigit() else word[0].upper() + word[1:] for word in words]
    joined = "".join(spelt)
    return joined[:1].lower() + joined[1:]


def anchor(identity: str) -> str:
    """Anchor of a result, a table or a figure inside the page.

    >>> anchor("rq2.2.model-size.repaired")
    'rq2.2.model-size.repaired'
    """
    return UNSAFE.sub("-", identity).strip("-") or "unnamed"


def file_name(identity: str) -> str:
    """Name of a file (without its ending) for an id; never a path.

    >>> file_name("../rq1.2.by-month")
    'rq1.2.by-month'
    """
    return anchor(identity).lstrip(".-").replace("..", ".") or "unnamed"
