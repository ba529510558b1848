"""Amounts written in ways that only a language has, put into plain digits: ranges in words, fractions behind the unit.

"Between 3 and 4 kg", "a kilo and a half", "三公斤半", "two kilograms" as one word (Arabic's dual).
"""

from __future__ import annotations

import re

from mining.patterns import regex

__all__ = ["is_behind_between", "spoken", "with_halves", "with_plain_ranges", "with_two_units", "with_units_beside"]

_CJK_DIGITS = {mark: at for at, mark in enumerate("〇一二三四五六七八九")} | {"两": 2, "兩": 2, "零": 0}
_CJK_UNITS = {"十": 10, "百": 100, "千": 1000}


_CJK_BOTH = regex(
    r"(?<![一二三四五六七八九十百千万两兩零点點・.\d])(?P<whole>\d{1,3}|[一二三四五六七八九十百两兩]{1,4})\s?(?P<unit>千克|公斤|キログラム|キロ|吨|噸|トン)\s?"
    r"(?P<rest>\d{1,3}|[一二三四五六七八九十百两兩零]{1,6})\s?(?:千克|公斤|グラム|克|キログラム|キロ)",
    stems="キロ;グラム;克;公斤 & キロ;トン;公斤;千克;吨;噸",
)


def _kilo_and_grams(match: re.Match[str]) -> str:
    """A number of two units ("两公斤三百克") as one of the larger unit, at the same length."""
    whole, rest = (int(text) if text.isdigit() else spoken(text) for text in (match["whole"], match["rest"]))
    written = f"{whole + rest / 1000:g}{match['unit']}"
    return written.ljust(len(match.group())) if rest < 1000 and len(written) <= len(match.group()) else match.group()


_LINKED = regex(r"[\d.,] [^\W\d_]{1,7} \d")
"""A word between two numbers."""
_RANGE = regex(
    r"(?P<lead>\b(?:between|zwischen|entre|tra|fra|tussen|między|pomiędzy|от|від|між|между|"
    r"antara|từ|mellan|mellem|od|de|da|van|von|dari)\s|بين |بین )"
    r"(?P<low>\d[\d.,]{0,9}) (?P<link>and|und|et|y|e|en|i|a|до|та|і|и|dan|đến|و|تا|och|og|do|à|al?|tot"
    r"|bis|hingga|sampai) (?P<high>\d[\d.,]{0,9})"
    r"(?=\s?\w)",
    re.IGNORECASE,
    stems=(
        "antara;between;da;dari;de;entre;fra;mellan;mellem;między;od;pomiędzy;tra;tussen;từ;van;von;"
        "zwischen;від;между;між;от;بين ;بین "
    ),
)
_ONES = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_FRACTIONS = {"h": 0.5, "d": 0.5, "m": 0.5, "p": 0.5, "q": 0.25, "c": 0.25, "v": 0.25, "t": 0.75}
_AND_A_HALF = regex(
    r"(?<![\w.,-])(?P<count>\d{1,3}|a|an|one|two|three|four|five|eine?|une?|uno|um|een|ett?|en|zwei|deux|dos|dois|due)"
    r"\s(?P<unit>(?:k|qu|ch)il[oi](?:gram\w{0,3})?s?|kilos?|tonn?(?:e|en)?s?|toneladas?|tonnellat[ae]"
    r"|pounds?)\s(?:and|und|et|y|e|i|en|og|och)"
    r"\s(?:(?:an?|ein|een|en|un)\s)?(?P<part>half|halbe?s?|quarter|viertel|three quarters|demie?|quart|medi[oa]|cuarto"
    r"|mei[oa]|quarto|mezz[oa]|mig|mitja|halve?|kwart|halvt?)\b",
    re.IGNORECASE,
    stems="half;halb;quarter;viertel;demi;quart;medi;cuarto;mei;mezz;mig;mitja;halv;kwart",
)
"""A fraction behind the unit: "a kilo and a quarter"."""


def _and_a_half(match: re.Match[str]) -> str:
    """The number before the unit, at the same length."""
    count = match["count"].lower()
    whole = (
        int(count) if count.isdigit() else _ONES.get(count, 2 if count in {"zwei", "deux", "dos", "dois", "due"} else 1)
    )
    return f"{whole + _FRACTIONS[match['part'][0].lower()]:g} {match['unit']}".rjust(len(match.group()))


_ASIAN_RANGE = regex(r"(?<=\d)(?P<link>\s?(?:到|至|から|에서|ないし)\s?)(?=\d)")


def _hyphen(match: re.Match[str]) -> str:
    """Two ends of a range, with a hyphen for the word between them."""
    if "link" in match.groupdict() and "low" not in match.groupdict():
        return "-".ljust(len(match.group()))
    return f"{match['lead']}{match['low']} {'-'.ljust(len(match['link']))} {match['high']}"


_ARABIC_RANGE = regex(
    r"(?P<lead>(?:بين|ما بين)\s)(?P<low>[\d٠-٩۰-۹.,٫]{1,10})(?P<link>\sو\s?)(?P<high>[\d٠-٩۰-۹.,٫]{1,10})"
)
_BEHIND_BETWEEN = regex(
    r"(?:between|zwischen|entre|tra|fra|tussen|między|pomiędzy|от|від|між|между|antara|từ|mellan|mellem|from)\s{1,3}$",
    re.IGNORECASE,
)


def is_behind_between(before: str) -> bool:
    """Whether a word such as "between" stands right before an amount."""
    return _BEHIND_BETWEEN.search(before) is not None


def with_plain_ranges(text: str) -> str:
    """A text with hyphens for the words between the two ends of a range ("between 3 and 4 kg"), at the same length."""
    if not text.isascii():
        text = _ASIAN_RANGE.sub(_hyphen, text)
        text = _ARABIC_RANGE.sub(
            lambda match: f"{match['lead']}{match['low']}{'-'.ljust(len(match['link']))}{match['high']}", text
        )
    return _RANGE.sub(_hyphen, text) if _LINKED.search(text) else text


def with_halves(text: str) -> str:
    """A text with fractions behind a unit put before it ("a kilo and a half", "三公斤半"), at the same length."""
    if _AND_A_HALF.search(text):
        text = _AND_A_HALF.sub(_and_a_half, text)
    if not text.isascii():
        text = _SPOKEN_POINT.sub(_with_point, text)
        text = _AND_HALF_MORE.sub(_half_more, text)
        text = _TEN_THOUSAND.sub(_tenfold, text)
        text = _DUAL.sub(_two_of, text)
    return text


_SPOKEN_POINT = regex(
    r"(?<![〇一二三四五六七八九十百千万萬两兩零点點・.\d])(?P<whole>[一二三四五六七八九十百千两兩零〇]{1,7})[点點]"
    r"(?P<part>[〇零一二三四五六七八九]{1,3})(?P<unit>千克|公斤|公克|吨|噸|公吨|公噸|克|キロ|トン|グラム|度)"
)
"""A number in words with a point ("十三點八公斤")."""
_SHORTER = {"公斤": "㎏", "千克": "㎏", "公吨": "吨", "公噸": "噸", "公克": "克"}


def _with_point(match: re.Match[str]) -> str:
    """The same in digits, at the same length; the unit gives way where the digits are longer."""
    part = "".join(str(spoken(mark)) for mark in match["part"])
    number = f"{spoken(match['whole'])}.{part}"
    for unit in (match["unit"], _SHORTER.get(match["unit"], "")):
        written = number + unit
        if unit and len(written) <= len(match.group()):
            return written.rjust(len(match.group()))
    return match.group()


_TEN_THOUSAND = regex(
    r"(?<![\d.,])(?P<number>\d{1,4}(?:\.\d{1,3})?)(?P<gap>\s?)[万萬만](?P<after>\s?)(?P<unit>公斤|千克|キログラム|킬로그램"
    r"|kg(?![a-z])|克|グラム|公克)",
    re.IGNORECASE,
)
"""Ten thousands of a unit ("1.36 萬公斤")."""


def _tenfold(match: re.Match[str]) -> str:
    """The same in a thousand times the unit, at the same length."""
    unit = {"克": "公斤", "公克": "公斤", "グラム": "キロ"}.get(
        match["unit"], "t" if match["unit"].lower() == "kg" else "吨"
    )
    written = f"{round(float(match['number']) * 10, 6):g} {unit}"
    return written.rjust(len(match.group())) if len(written) <= len(match.group()) else match.group()


_AND_HALF_MORE = regex(
    r"(?P<count>\d{1,4}|[一二三四五六七八九十两兩]{1,3})(?P<gap>\s?)(?:(?P<cjk>公斤|千克|吨|噸|公吨|公噸)半|(?P<unit>cân|kg|ký|kilogam"
    r"|tấn)\srưỡi)"
)


def _half_more(match: re.Match[str]) -> str:
    count = int(match["count"]) if match["count"].isdigit() else spoken(match["count"])
    written = f"{count}½{match['cjk']}" if match["cjk"] else f"{count}.5 {match['unit']}"
    return written.rjust(len(match.group())) if len(written) <= len(match.group()) else match.group()


_DUAL = regex(
    r"(?<!\w)(?P<unit>كيلو[غج]رام|طن|[غج]رام)(?P<two>ين|ان)?(?P<half>\sونصف(?:\s(?:ال)?(?:كيلو[غج]رام|طن"
    r"|[غج]رام))?)?(?!\w)"
)
"""Arabic's two of a unit in one word, and a half behind it."""


def _two_of(match: re.Match[str]) -> str:
    if not match["two"] and not match["half"]:
        return match.group()
    if not match["two"] and match.string[: match.start()].rstrip()[-1:].isdigit():
        return match.group()
    written = f"{1 + bool(match['two']) + bool(match['half']) / 2:g} {match['unit']}"
    return written.rjust(len(match.group())) if len(written) <= len(match.group()) else match.group()


_UNIT_APART = regex(
    r"(?<![\w.,/-])(?<!(?:table|stage|phase|epoch) )(?P<number>\d[\d.,]{0,12}(?<=\d))"
    r"(?P<link>,?\s(?:(?:which|that|this|it)\s(?:is|are|was|were)\s(?:given\s|counted\s|measured\s|stated\s)?in\s"
    r"|(?:expressed|given|measured|stated|counted)\sin\s|in\sunits\sof\s"
    r"|(?:ausgedrückt|angegeben|gemessen)\sin\s|(?:exprimée?s?|expresad[oa]s?|express[oa]s?|medid[oa]s?)\se[mn]\s"
    r"|(?:espress[oaie]|misurat[oaie])\sin\s))"
    r"(?P<unit>kg|kilo(?:gram+e?|gramo)?s?|k?gramm?|quilos?|chili|grams?|g|tonn?e?s?)(?=\s(?:of\s|de\s|di\s|an\s)?CO)",
    re.IGNORECASE,
    stems="which;that;this;it;express;given;measured;stated;counted;units;ausgedrückt;angegeben;gemessen;expr"
    ";medid;espress;misurat & co",
)
"""A number whose unit is told behind it in words ("it returned 0.418, which is in kg of CO2")."""


def with_units_beside(text: str) -> str:
    """A text with a unit that is told apart from its number set beside it, at the same length."""
    return _UNIT_APART.sub(lambda match: f"{match['number']} {match['unit']}".rjust(len(match.group())), text)


def with_two_units(text: str) -> str:
    """A Chinese or Japanese text with amounts of two units ("两公斤三百克") in the larger one, at the same length."""
    return _CJK_BOTH.sub(_kilo_and_grams, text)


def spoken(text: str) -> int:
    """Value of a number in Chinese signs below ten thousand."""
    total = now = 0
    for mark in text:
        if mark in _CJK_UNITS:
            total, now = total + max(now, 1) * _CJK_UNITS[mark], 0
        else:
            now = _CJK_DIGITS.get(mark, 0)
    return total + now
