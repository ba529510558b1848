"""Changes from one amount to another ("rose from 45 to 128 grams"): only the second one still holds."""

from __future__ import annotations

import re

from mining.patterns import regex

__all__ = ["without_former"]

_CHANGED = (
    r"(?:rose|risen|gr[eo]wn?|increas\w+|went|gone|climb\w+|jump\w+|fell|fallen|dropp?\w*|decreas\w+|declin\w+"
    r"|reduc\w+|cut(?:s|ting)?"
    r"|brought|bring\w*|came|lower\w*|shr[aiu]nk|improv\w+|chang\w+|corrected|revised|moved|(?:is|are|was|were"
    r"|went) (?:up|down)"
    r"|stieg\w*|gestiegen|sank\w*|gesunken|fiel\w*|gefallen|gesenkt|reduzier\w+|verringert\w*|erhöht\w*|ging\w*"
    r"|pass\w{1,4}|rédui\w+|baiss\w+|augment\w+|montée?s?|tomb\w+|chut\w+|diminu\w+|bajó|bajaron|bajado|subió"
    r"|subieron|reduj\w+"
    r"|reducid\w+|aument\w+|disminuy\w+|cayó|cayeron|caiu|caíram|reduzi\w+|diminuiu|sces\w+|salit\w+|ridott\w+"
    r"|diminuit\w+"
    r"|st[e]{1,2}g\w*|da[al]+lde\w*|gedaald|gestegen|verlaagd|verminderd|wzros\w+|spad\w+|zmniejsz\w+|obniż\w+"
    r"|вырос\w*|снизил\w*|упал\w*|сократил\w*|увелич\w+|уменьш\w+|зрос\w*|знизи\w+|впал\w*|скороти\w+|зменш\w+"
    r"|збільш\w+"
    r"|sjönk|minska\w+|ök(?:ade|at)|faldt|steget|faldet|redus\w+|øk(?:te|t)|nousi\w*|laski\w*)"
)
_FROM = regex(r"\b(?:from|von|de|du|da|dai|dal|van|z|с|з|від|från|fra)\s(?:\w{1,10}\s)?[~≈]?\d", re.IGNORECASE)
"""What any change holds, so that the long expression is seldom compiled."""
_FORMER = regex(
    rf"\b{_CHANGED}\b(?:(?!\b(?:anything|anywhere|somewhere|ranges?|interval|between|bracket)\b)[^."
    rf";:!?\d]){{0,60}}?\b(?:from|von|de|du|da|dai|dal|van|z|с|з|від|från|fra)\s"
    r"(?:(?:about|around|some|roughly|etwa|rund|environ|unos|circa|ongeveer|około|около"
    r"|близько)\s)?(?P<former>[~≈]?\d[\d.,\u202f\u00a0 ]{0,12})"
    r"(?=\s?(?:(?!to\b|auf\b)[^\W\d_]\S{0,8}(?:\s(?!to\b|auf\b|till?\b|naar\b)(?:of\s)?CO\S{1,6})?\s)?"
    r"(?:to|down to|up to|auf|à|a|para|tot|naar|do|до|til|till)\s(?:(?:about|around|some|roughly|only|just|etwa|rund"
    r"|nur)\s)?[~≈]?\d)",
    re.IGNORECASE,
    stems=(
        "augment;aument;baiss;bajado;bajaron;bajó;bring;brought;caiu;came;cayeron;cayó;caíram;chang;"
        "chut;climb;corrected;cut;declin;decreas;diminu;diminuit;diminuiu;disminuy;down;drop;erhöht;"
        "faldet;faldt;fallen;fell;fiel;gedaald;gefallen;gesenkt;gestegen;gestiegen;gesunken;ging;gone;"
        "gr;improv;increas;jump;laski;lde;lower;minska;monté;moved;nousi;obniż;pass;reduc;reducid;reduj;"
        "redus;reduzi;reduzier;revised;ridott;risen;rose;rédui;salit;sank;sces;shr;sjönk;spad;st;steget;"
        "stieg;subieron;subió;tomb;up;verlaagd;verminderd;verringert;went;wzros;zmniejsz;öka;økt;впал;"
        "вырос;збільш;зменш;знизи;зрос;скороти;снизил;сократил;увелич;уменьш;упал"
    ),
)


def without_former(text: str) -> str:
    """A text in which the first number of each change is blanked; every other sign keeps its place.

    Args:
        text: Plain text.
    """
    if _FROM.search(text) is None:
        return text
    return _FORMER.sub(
        lambda match: (
            match.group()[: match.start("former") - match.start()]
            + " " * len(match["former"])
            + match.group()[match.end("former") - match.start() :]
        ),
        text,
    )
