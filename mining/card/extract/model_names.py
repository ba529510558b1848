"""Names of models in a sentence: this model's, its base model's, other ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.document.document import Document
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex

__all__ = [
    "THIS_MODEL",
    "base_names_in",
    "is_marked_here",
    "is_of_known_others",
    "made_from",
    "names_in",
    "own_size",
    "size_of",
    "words_of",
]

THIS_MODEL = "this model"
"""Subject of the row that its card marks as what is published."""
_FAMILIES = (
    r"gpt|bert|roberta|deberta|electra|albert|distilbert|xlnet|t5|mt5|flan|bart|llama|alpaca|vicuna"
    r"|mistral|mixtral|gemma|gemini|"
    r"qwen|falcon|bloom|bloomz|opt|palm|lamda|gopher|chinchilla|claude|deepseek|phi|yi|olmo|pythia|mpt|dolly"
    r"|starcoder|codex|codellama|whisper|"
    r"wav2vec|hubert|xlm|mbert|camembert|flaubert|herbert|beto|stable diffusion|sdxl|flux|clip|vit|resnet|megatron"
    r"|switch transformer|ernie|"
    r"glm|chatglm|chatgpt|grok|dinov2|gshard|baichuan|internlm|evolved transformer|transformer|nllb|(?-i:SAM)"
)
"""Names by which models of others are known."""
_KNOWN = regex(
    rf"(?<![\w/.-])(?:{_FAMILIES})\b",
    re.IGNORECASE,
    stems="alpaca;baichuan;bart;bert;beto;bloom;chatgpt;grok;dinov2;gshard;chinchilla;claude;clip;codex;deepseek;dolly;"
    "electra;ernie;falcon;flan;flux;gemini;gemma;glm;gopher;gpt;internlm;lamda;llama;"
    "megatron;mistral;mixtral;mpt;nllb;olmo;opt;palm;phi;pythia;qwen;resnet;sam;sdxl;"
    "stable diffusion;starcoder;t5;transformer;vicuna;vit;wav2vec;whisper;xlm;xlnet;yi",
)
_NAME = regex(
    rf"(?<![\w/.'’-])(?:(?:{_FAMILIES})\b(?:[-_ ]?(?:v?\d[\w.]{{0,12}}|base|large"
    r"|small|xl|xxl|mini|tiny|medium)){0,4}"
    r"|[^\W\d_][\w.]{0,30}(?:-[\w.]{1,30}){0,4}-\d{1,4}(?:\.\d{1,3})?[bm]\b)",
    re.IGNORECASE,
    stems="-;alpaca;baichuan;bart;bert;beto;bloom;chatgpt;grok;dinov2;gshard;chinchilla;claude;clip;codex;deepseek;dolly;"
    "electra;ernie;falcon;flan;flux;gemini;gemma;glm;gopher;gpt;internlm;lamda;llama;"
    "megatron;mistral;mixtral;mpt;nllb;olmo;opt;palm;phi;pythia;qwen;resnet;sam;sdxl;"
    "stable diffusion;starcoder;t5;transformer;vicuna;vit;wav2vec;whisper;xlm;xlnet;yi",
)
_MADE_FROM = regex(
    r"(?:(?:fine-?\s?tun\w*|finetun\w*|tun(?:ed|ing)|adapt\w*|lora\w*|distil\w*|quanti[sz]\w*|built|affin\w*|afin\w*"
    r"|ajust\w*|dérivé\w*|derivad\w*|derivat\w*|feinabgestimmt\w*|dostrojon\w*|dotren\w*|дообуч\w*)"
    r"(?:\s(?:of|for|from|on|with|top|de|du|del|di|da|von|van|auf|sur|sobre|su|op)){0,3}"
    r"|version of|based on|from|on top of|initiali[sz]ed\w* with|auf basis von|à partir de|a partir de|z modelu|из"
    r"|на основе|tinh chỉnh|微调|微調整?|を|를|на базе|üzerine|dari|từ)"
    r"\W{0,3}(?:the |le |la |el |das |il )?[`*\"'(]{0,2}$",
    re.IGNORECASE,
    stems="tun;adapt;lora;distil;quanti;built;affin;afin;ajust;dérivé;deriva;feinabgestimm;dostrojon;dotren;дообуч"
    ";version of;based on;from;on top of;initiali;auf basis von;partir de;z modelu;из;на основе;tinh chỉnh;微调;微調"
    ";を;를;на базе;üzerine;dari;từ",
)
"""Before a model's name: something was made of it."""
_UNIT_NEXT = regex(r"\s?(?:kg|g|t|kwh|mwh|h|hours?|gpus?|tonnes?|days?)\b")
_VERSION = regex(r"[\s-]{0,2}(?:v|mk\.?\s?|mark\s|gen\s?)?(\d+(?:\.\d+)?[bm]?)\b", re.IGNORECASE)
_VARIANT = regex(
    r"[\s-](tiny|mini|small|base|medium|large|xl|xxl|huge|giant|nano|micro|lite|pro|max|plus|ultra|[smlx]"
    r"|instruct|chat|it|sft|dpo|rlhf|code|coder|vl|math|对话|聊天|指令|チャット|채팅)\b",
    re.IGNORECASE,
)
"""What tells a sibling from this model ("Godwit-large")."""
_NUMBERED = regex(
    r"\b(?:versi[oó]n|versions?|release|versão|versione|versió|versie|wersj\w{1,3}|верси\w{1,3}|версі\w{1,3}|"
    r"sürüm\w{0,3}"
    r"|versi|phiên bản|v(?!100\b))[\s.]{0,2}(\d{1,3}(?:\.\d{1,2})?)(?!\d|\.\d|[\d.]*\s?(?:kg|g|t)\b)|"
    r"(?:バージョン|版本|버전)\s?(\d{1,3})",
    re.IGNORECASE,
    stems="phiên bản;release;sürüm;v;wersj;верси;версі;バージョン;版本;버전",
)
_SIZE = regex(r"\d{1,4}(?:\.\d{1,2})?[bm]")
_SIZED = regex(
    r"(?<![\w.,-])(\d{1,4}(?:[.,]\d{1,2})?[bm])[-\s]?(?:vari\w+|versi\w+|model\w*|modèle\w*|checkpoint\w*"
    r"|siblings?\b|one\b"
    r"|fassung|ausgabe|udgave|utgåva|wersj\w+|верси\w+|версі\w+|модел\w+|モデル|模型|版|모델|버전|نموذج|مدل|मॉडल|malli\w*"
    r"|eredu\w*)",
    re.IGNORECASE,
    stems="ausgabe;checkpoint;eredu;fassung;malli;model;modèle;one;sibling;udgave;utgåva;vari;"
    "versi;wersj;верси;версі;модел;مدل;نموذج;मॉडल;モデル;模型;版;모델;버전",
)
"""A size of the family that is named by its parameters ("the smaller 3B variant")."""
_PUNCTUATED = regex(r"[^\W\d_]+|\d+(?:\.\d+)?[a-z]?", re.IGNORECASE)


_HERE = regex(
    r"[(\[←⬅👈—–-]\ufe0f?\s*(?:[^\W\d_]+\s){0,3}(?:deze|denna|denne|detta|dette|tämä|эта|цей|ця|here|hier|ici|aquí|aqui|qui|tutaj|tu|здесь|тут|burada|burası|sini"
    r"|đây|här|her|täällä|tässä|hemen|this|dies(?:es)?|celui-ci|este|questo|esta"
    r"|(?:this|our|dieses|ce|cette|este|esta|questo|deze?|to|этот|цей|bu|ini|denna|denne|tämä)\s(?:repo(?:sitory"
    r"|sitorium|sitorio)?|dépôt|model\w*"
    r"|card|page|checkpoint|release|version|file|one|репозиторий|репозиторій|depo)"
    r"|(?:actual(?:ly)?|as run|where (?:it|we) ran|where (?:it was |we )?trained|actual run|tatsächlich|réel(?:le)?"
    r"|efectiv[oa]|effettiv[oa]|werkelijk"
    r"|published|released|uploaded|shipped|submitted|handed in|veröffentlicht|publiée?|publicad[oa]|pubblicat[oa]"
    r"|gepubliceerd"
    r"|opublikowan\w*|опубликован\w*|опублікован\w*|yayımlanan|dirilis|publicerad|udgivet|julkaistu))[)\]!.\s]*$"
    r"|[(\[←⬅👈—–-]\ufe0f?\s*(?:这里|此处|本仓库|本模型|发布|公开|公開|ここ|本リポジトリ|本モデル|여기|이 모델|هنا"
    r"|اینجا|यहाँ|यहां)[)\]!.\s]*$",
    re.IGNORECASE,
    stems=(
        "actual;actual run;aqui;aquí;as run;burada;burası;card;celui-ci;checkpoint;depo;dies;dirilis;"
        "dépôt;efectiv;effettiv;esta;este;gepubliceerd;hemen;her;here;hier;här;ici;julkaistu;model;deze;denn;"
        "opublikowan;page;pubblicat;publicad;publicerad;published;publié;questo;qui;release;released;dett;tämä;"
        "repo;réel;shipped;submitted;handed in;file;one;sini;tatsächlich;this;trained;tu;tutaj;tässä;täällä;udgivet"
        ";uploaded;version;veröffentlicht;werkelijk;where ;yayımlanan;đây;здесь;опубликован;опублікован;репозиторий;"
        "эта;цей;ця;репозиторій;тут;اینجا;هنا;यहाँ;यहां;ここ;公开;公開;发布;本モデル;本リポジトリ;本仓库;本模型;此处;"
        "这里;여기;이 모델"
    ),
    as_written=True,
)


def is_marked_here(name: str) -> bool:
    """Whether the name of a row or column ends with a mark that it is the one on this page ("-sft (you are here)").

    Args:
        name: Plain text.
    """
    return _HERE.search(name[-60:]) is not None


def base_names_in(
    text: str, start: int, end: int, bases: Sequence[str], languages: frozenset[str]
) -> list[tuple[int, int]]:
    """Where a text names a base model other than as what is tuned.

    Args:
        text: Plain text.
        start: Where to begin.
        end: Where to end.
        bases: Telling words of the base models' names, in lower case.
        languages: Languages whose words count.
    """
    low = text[start:end].lower()
    found = []
    for word in bases:
        at = low.find(word)
        if at < 0 or (at and low[at - 1].isalnum()):
            continue
        around = (
            text[max(start, start + at - 48) : start + at],
            text[start + at + len(word) : start + at + len(word) + 32],
        )
        if _MADE_FROM.search(around[0]) or any(
            hit.concept == "finetune" for piece in around for hit in find_concepts(piece, languages)
        ):
            continue
        if GRID_BEHIND.match(around[1]):
            continue  # "Irish grid factor", where the base model is "bert-base-irish"
        found.append((start + at, start + at + len(word)))
    return found


GRID_BEHIND = regex(
    r"\W{0,3}(?:(?:average|national|electricity|power|emission|carbon|energy)\s){0,2}(?:grid|mix|factor"
    r"|electricity|average"
    r"|intensit|power plant|tariff|utility)",
    re.IGNORECASE,
)
"""What makes the word before it a country's name."""


def made_from(before: str) -> bool:
    """Whether the words before a name say that something was made from it ("fine-tuned from")."""
    return _MADE_FROM.search(before) is not None


def names_in(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    """Names of models in a text: ``own-name``, ``other-name`` or ``sibling`` (another version or size of this one).

    Args:
        text: Plain text.
        start: Where to begin.
        end: Where to end.
        names: Word sets of the names of this model.
    """
    found = []
    for match in _NAME.finditer(text, start, end):
        words = words_of(match.group())
        if any(words <= name for name in names):
            found.append(("own-name", match.start(), match.end()))
        elif not _MADE_FROM.search(text[max(start, match.start() - 40) : match.start()]):
            found.append(("other-name", match.start(), match.end()))
    found.extend(_versions(text, start, end, names))
    found.extend(_siblings(text, start, end, names))
    found.extend(_of_another_kind(text, start, end, names))
    found.extend(("own", match.start(), match.end()) for match in _THIS_KIND.finditer(text, start, end))
    low = text[start:end].lower()
    for name in names:
        lettered = [word for word in sorted(name) if not word[0].isdigit()]
        longest = max(lettered, key=len, default="")  # of two as long always the same
        at = low.find(longest) if len(longest) >= (4 if longest.isascii() else 2) else -1
        for _ in range(MOST_NAMED):
            if at < 0:
                break
            version = _VERSION.match(low, at + len(longest)) or _VARIANT.match(low, at + len(longest))
            is_own = (
                version is None
                or version.group(1) in name
                or (version.end() < len(low) and low[version.end()] in " /" and _UNIT_NEXT.match(low, version.end()))
            )
            last = _LAST_NUMBER.match(low, at + len(longest))
            is_own = is_own and (last is None or last.group(1) in name or not any(map(str.isdigit, name)))
            found.append(("own-name" if is_own else "other-name", start + at, start + at + len(longest)))
            at = low.find(longest, at + len(longest))
    return found


_LAST_NUMBER = regex(r"(?:-[^\W\d_]{1,12}){1,3}-v?(\d{1,2})(?![\w.-])")
"""The number at the end of a name of several parts ("journal-ner-1" on the card of "journal-ner-2")."""
MOST_NAMED = 6
"""Times that a sentence names a model of one family."""
_HYPHENED = regex(
    r"(?<![\w/.-])([A-Z][^\W\d_]{2,20}(?:-[A-Z][^\W\d_]{2,20})?)-([A-Z][^\W\d_]{1,20}|[SMLBH](?![\w-])"
    r"|\d{1,4}[BM])(?![\w-]{0,40}[.](?:py|ai|com|org))",
    stems="-",
)


def _siblings(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    """Models of the same family whose second name is another one ("Wren-Chat" on the card of "Wren-Guard")."""
    return [
        ("sibling", match.start(), match.end())
        for match in _HYPHENED.finditer(text, start, end)
        for name in names
        if frozenset(match.group(1).lower().split("-")) <= name
        and match.group(2).lower() not in name
        and not _MADE_FROM.search(text[max(start, match.start() - 40) : match.start()])
    ]


_KINDS = (
    r"(?:older|old|earlier|previous|former|bigger|larger|smaller|multilingual|monolingual|bilingual|sister|sibling"
    r"|twin|other|heavier|lighter"
    r"|full-size|teacher|uncased|cased|quanti[sz]ed|single-\w+|multi-\w+|next|retired|discontinued|internal"
    r"|commercial|predecessor)"
)
_ANOTHER_KIND = regex(
    rf"(?:(?<=[.;!?]\s)|(?<![\s\S])|,\s(?:and|but|while|whereas)\s)(?:the|our|its"
    rf"|my)\s(?P<kind>(?:[\w'’-]+\s){{0,2}}?{_KINDS}\s(?:[\w'’-]+\s){{0,2}}?)"
    r"(?:model|voice|edition|version|variant|release|network|checkpoint|adapter|system|one|parser|tagger|classifier"
    r"|generation|sibling|direction|(?:language )?pair)\b",
    re.IGNORECASE,
    stems="the;our;its;my & adapter;checkpoint;classifier;direction;edition;generation;model;network;one;"
    "pair;parser;release;sibling;system;tagger;variant;version;voice",
)
"""A sentence about another edition ("The older single-speaker voice came to 8.4 kg")."""
_THIS_KIND = regex(
    r"\b(?:this|the present)\s(?!(?:base|earlier|older|previous|other|larger|smaller|bigger|original|teacher|parent"
    r"|kind|sort|type|class|size)\b)"
    r"(?:[\w-]+\s){1,2}(?:model|checkpoint|adapter|network|voice|tagger|classifier|encoder|decoder|fine-?tune"
    r"|forecaster|detector)\b",
    re.IGNORECASE,
    stems="this;the present",
)
"""This model, by what it is ("belong to this kidney model")."""


def _of_another_kind(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    """Editions by which a sentence begins, and whose kind is not in the name of this one."""
    own = {word for name in names for word in name}
    return [
        ("sibling", match.start("kind"), match.end())
        for match in _ANOTHER_KIND.finditer(text, start, end)
        if own.isdisjoint(words_of(match["kind"]))
    ]


def _versions(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    """Versions that a text names, this model's or another one ("Version 2" on the card of "Linnet v3")."""
    own = {word for name in names for word in name if word[0].isdigit()}
    if not own:
        return [("sibling", match.start(), match.end()) for match in _ONCE.finditer(text, start, end)]
    found = [
        ("own-name" if (match.group(1) or match.group(2)) in own else "sibling", match.start(), match.end())
        for match in _NUMBERED.finditer(text, start, end)
        if not _SOFTWARE.search(text, max(start, match.start() - 24), match.start())
    ]
    if any(_SIZE.fullmatch(word) for word in own):
        found.extend(
            (
                "own-name" if match.group(1).lower().replace(",", ".") in own else "sibling",
                match.start(),
                match.end(),
            )
            for match in _SIZED.finditer(text, start, end)
        )
    if any(word.isdigit() for word in own):
        found.extend(
            ("sibling", match.start(), match.end())
            for match in _NAMED_AND_NUMBERED.finditer(text, start, end)
            if any(match.group(1).lower() in name for name in names) and match.group(2) not in own
        )
    return found


_SOFTWARE = regex(r"\b(?:code ?carbon|\w*tracker|eco2ai|calculator|algorithms|python|torch|cuda|tpu)\s$", re.IGNORECASE)
_ONCE = regex(
    r"\b(?:versi(?:on|ó|one|oni?|e|ooni?)|versão|wersj\w{1,3}|верси\w{1,3}|версі\w{1,3}|sürüm\w*"
    r"|bertsio\w*)\s?[01](?:\.\d)?\b"
    r"[^.;:]{0,24}\s(?:still|noch|encore|todavía|aún|ainda|ancora|encara|nog|jeszcze|ещё|еще|ще|hâlâ|henüz|masih|ännu"
    r"|fortfarande|endnu|stadig|vielä|oraindik)\b",
    re.IGNORECASE,
    stems="vers;wersj;верси;версі;sürüm;bertsio",
)
"""A first version that was still otherwise, on a card without a number."""
_NAMED_AND_NUMBERED = regex(r"\b([^\W\d_]{4,30})[\s-][vV]?(\d{1,2})(?!\w|[.,]\d|\s?(?:kg|g|t|%)\b)")
"""A name with the number of a generation behind it ("Linnet 1" on the card of "Linnet 2")."""


_TRAINING_OF = regex(
    r"\b(?:[Tt]raining|[Ff]ine-?tuning|[Pp]re-?training)"
    r" (?:of|that of) (?:the )?([A-Z][a-z]{3,20}(?:[A-Z][a-z]+)?)(?![\w-])"
    r"|\bbut that of ([A-Z][a-z]{3,20})(?![\w-])"
)
_NO_NAME = frozenset(["This", "These", "Those", "That", "Their", "Both", "Each", "Large", "Deep", "Language", "Neural"])


def of_another_name(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    """Names in "the training of Osprey" that are none of this model's.

    Args:
        text: Plain text.
        start: Where to begin.
        end: Where to end.
        names: Word sets of the names of this model.
    """
    own = {word for name in names for word in name}
    return [
        ("other-name", match.start(), match.end())
        for match in (_TRAINING_OF.finditer(text, start, end) if own else ())
        if (name := match[1] or match[2]) not in _NO_NAME
        and not any(
            word.startswith(name.lower()) or name.lower().startswith(word) for word in own if len(word) > LEAST_SHARED
        )
    ]


LEAST_SHARED = 2


def words_of(name: str) -> frozenset[str]:
    """Words of a model's name."""
    return frozenset(word.lower() for word in _PUNCTUATED.findall(name[:200]))


_A_SIZE = regex(r"(?<![\w.,])(\d{1,4}(?:\.\d{1,2})?)[ -]?([bm])\b", re.IGNORECASE)
_THIS_ONE = regex(
    r"\bthis (?:is the )?(?:repository|repo|model card|card|page|checkpoint|model|version|variant)\b(?:[^.\n]"
    r"|\.\d){0,80}",
    re.IGNORECASE,
)
INTRODUCTION_LINES, SENTENCE_CAP = 60, 1_000


def size_of(name: str) -> str | None:
    """The size that a model's name states ("Kestrel 3.4B": "3.4b"); None where it states none, or several.

    Args:
        name: Plain text.
    """
    sizes = {f"{match[1]}{match[2]}".lower() for match in _A_SIZE.finditer(name[:200])}
    return sizes.pop() if len(sizes) == 1 else None


def own_size(card: Document) -> str | None:
    """The size that a card says is the one of its repository ("this repository holds the 3.4B base checkpoint").

    Args:
        card: The card.
    """
    for line in card.body[:INTRODUCTION_LINES]:
        if (
            line.kind == "text"
            and (match := _THIS_ONE.search(line.plain[:SENTENCE_CAP]))
            and (size := size_of(match.group()))
        ):
            return size
    return size_of(card.title or "")


def is_of_known_others(name: str, title: str) -> bool:
    """Whether a row is named after a known model that this one's title does not name.

    Args:
        name: Plain text.
        title: First heading of the card.
    """
    return any(match.group().lower() not in title.lower() for match in _KNOWN.finditer(name))
