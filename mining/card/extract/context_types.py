"""How the card's own model was made.

Pre-trained, fine-tuned, or both, from what metadata, labels and sentences say of it. What is said is weighed
(:data:`WEIGHTS`); the heavier side is the answer, both where each is said strongly and no base model is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from msgspec.structs import replace

from mining.card.document.document import Document, LabelledValue, Line, is_labelled
from mining.card.extract.context_checkpoints import STARTING_LABELS, TOKENS, checkpoint_claims
from mining.card.extract.context_roles import Roles, own_names
from mining.card.extract.context_statements import ASIDE, claim_of, statements
from mining.card.extract.context_tables import is_no_training
from mining.card.lexicon.gloss import Locale, gloss
from mining.card.lexicon.keywords import Cue
from mining.card.values.context_values import is_nothing
from mining.patterns import regex
from mining.schema import Claim

__all__ = ["type_claims"]

_SCRATCH = regex(
    r"\bfrom (?:scratch|nothing|zero|the first token|the ground up)\b|\brandom(?:ly)?\s(?:weights?\s)?initiali[sz]\w*"
    r"|\binitiali[sz]\w*\s(?:\w+\s)?(?:at random"
    r"|randomly|from random)|\binitiali[sz]ation:?\W{1,3}(?:is |was )?random"
    r"|\brandom(?:ly)?\s(?:starting\s)?(?:weights|start)\b|\b(?:no|without(?: any)?)\s(?:starting|initial|inherited"
    r"|pre-?trained)\s(?:weights|checkpoint)|\bno weights (?:were |was )?(?:taken|inherited|reused|loaded|used)"
    r"|\bnothing (?:was |is )?(?:inherited|taken over|reused)\b|\bnot (?:derived|initiali[sz]ed) from any\b",
    re.IGNORECASE,
    stems="from scratch;from nothing;from zero;from the first;from the ground;random;weights;checkpoint;"
    "nothing;from any",
)
_NO_SCRATCH = regex(
    r"\b(?:not|n't|stopped|stop|rather than|instead of|(?<!-)only|than|never|head|layers?"
    r"|tokeni[sz]er|unlike|no longer|engine|code"
    r"|written|implement\w*|projector|connector|classifier head|embeddings?)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_NOT_FROM_SCRATCH = regex(
    r"(?:tidak|nicht|niet|nie|ne|pas|non|no|не|inte|ikke|không|没有|并非|不是|لم|نه)\s(?:\S+\s){0,3}$", re.IGNORECASE
)
"""The same in other languages, a few words before."""
_A_BASE = regex(
    r"\W*(?:1\s)?original\s(?:\S+\s){1,2}?\S+,\s|[^.;]{0,40}?(?:是|は|\b(?:es|est|ist|è|é|är|er|jest|to|adalah|là)\b)"
    r"[^.;]{0,60}original\s\S*(?:模型|モデル|model|modèle|modell)",
    re.IGNORECASE,
)
"""A sentence that calls the own model a base model, as other languages do with the word for "original"."""
_INSTALLED = regex(
    r"\W{0,3}(?:安装|安裝|搭建|インストール|構築|설치|install|set up|setup|구축|编写|実装|구현)", re.IGNORECASE
)
"""What else is done from scratch."""
_TRAINS = regex(
    r"\b(?:pre-?)?(?:train|learn)\w*|\bbuilt\b|\bmodel\b|\bencoder\b|\bdecoder\b|\bnetwork\b|\bweights\b"
    r"|\bparam(?:eter)?s\b|\barchitecture\b|\brandom|\binherited\b|[^\x00-\x7f]",
    re.IGNORECASE,
)
_TUNING = (
    r"fine-?\s?tun(?:ed|e|ing)|finetun(?:ed|e|ing)|instruct(?:ion)?[\s-]tun(?:ed|e|ing)"
    r"|preference[\s-](?:tun(?:ed|e|ing)|optimi[sz]\w+)"
)
_FINE = regex(
    rf"\b(?:{_TUNING})\b|\b(?:q?lora|dora|peft|ia3)\s(?:fine\S*\s)?(?:adapter|weights|fine\S*)\b|\badapter (?:for|of"
    rf"|on)\b|\b(?:tuned|further trained)\s(?=on\b|with\b)|\bbuilt (?:on top of|upon) (?=\S{{3,60}}-)"
    r"|\binitiali[sz]ed (?:from|with) (?:(?:the )?(?:weights|checkpoint) of )?(?=[^\s,.;]*[^\W\d][^\s,.;]*[-/\d])"
    r"|\btrained (?:\w+ )?(?:starting )?from (?:the )?(?!scratch|zero|random|data)"
    r"(?=[^\s,;]*[^\W\d](?:[^\s,;]*[-/\d]|[^\s,;]*BERT|[a-z]+[A-Z]))"
    r"|\blora (?:rank|r ?=)"
    r"|\b(?:starts?|started|begins?|resumed|continued)\s(?:at|from|with)\s(?:the\s)?(?:version"
    r"|v)\s?\d\S*\s(?:weights|checkpoint)"
    r"|\bstarting from (?!(?:the )?(?:version|release|epoch|step|python|commit|v\d))"
    r"(?:\S+\s){0,3}?(?=\S*(?:[A-Z]\S*[A-Z]|[a-z]-\S*[a-z\d]|[A-Za-z]\d))"
    r"|\b(?:we|i|it)\s(?:\w+\s)?(?:started|began|departed"
    r"|set out)\s(?:out\s)?from\s(?:the\s)?(?=[`\"']?[\w./]*[^\W\d]-\w)"
    r"|\b(?:continued|continual|further|additional|carried on (?:the|with)|extended|second) pre-?\s?train(?:ed|ing)\b",
    re.IGNORECASE,
    stems="tun;optimi;lora;dora;peft;ia3;adapter;built ;train;initiali;from;weights;checkpoint",
)
_OF_USERS = regex(
    r"^\S{0,3}\s?(?:코드|code|scripts?\b|performance|scores?\b|notebook|examples?\b|guide|tutorial|recipes?\b|library"
    r"|api\b|하는|을 진행해|on (?:your|their|downstream)|for (?:your|their|downstream|other))"
    r"|^[^.;]{0,60}\b(?:downstream|task-specific data)\b",
    re.IGNORECASE,
)
"""Words behind "fine-tuning" that make it the users'."""
_FINE_MADE = regex(
    r"\b(?:version|variant|checkpoint|model|adapter|from|on|with|using|using|by|upon|starting)\b|\bof\s", re.IGNORECASE
)
_NOT_MADE = regex(
    r"(?:\b(?:can|could|may|might|should|must|will|would|to|not|be|please|you|users?|easily|for|before|without|if"
    r"|when|during|any|your|recommend\w*|suited|suitable|need\w*|require\w*|other|these|downstream|further"
    r"|following|via|support\w*|look for|than|ready|intended|tänkt|avsedd|beregnet|gedacht"
    r"|bedoeld|ment)\s(?:\w+\s){0,2}?|\btask-specific\s|\bdata (?:for"
    r"|used for)\s)$",
    re.IGNORECASE,
)
_PRE = regex(r"\bpre-?\s?train(?:ed|ing)\b|\bwe pre-?train\b", re.IGNORECASE, stems="pre")
_PRE_TYPE = regex(r"\b(?:type|tipo|typ)\b\W{0,3}pre-?\s?train", re.IGNORECASE, stems="pre")
_PRE_MADE = regex(
    r"\s?(?:from scratch|(?:(?:it|this|them|model|checkpoint|weights|encoder"
    r"|transformer)\s)?(?:on|with|for|using|over|in|took"
    r"|took|lasted|used|consumed|was|has|by)\b|from\b(?=.{0,30}scratch))|\W*$"
    r"|,\s[^.;]{0,40}(?:\d|\b[a-z]+)\s(?:\S+\s)?(?:\d+\s?[x×]\s|[avhm][i\d]\d{1,3}|gpus?\b|tpus?\b|rtx)",
    re.IGNORECASE,
)
_OF_BASE = regex(
    r"\b(?:based on|built (?:on|upon)|initiali[sz]\w+|starting (?:from|point)|start(?:s|ed|ing)? (?:from|with)"
    r"|begins? with|from|using|uses?|leverag\w+|load\w*|of|existing|publicly|with|on top of)\s(?:\w+\s){0,3}?$",
    re.IGNORECASE,
)
_DEFINITION = regex(
    r"\bis an?\b(?:[^.;:,]|(?<=\d)[.,](?=\d)){0,80}?\b(?:model|transformer|network|encoder"
    r"|decoder)s?(?:\s[^.;:,]{1,40})?,?\s$|^\W*(?:an?"
    r"|the)\s[^.;:]{0,90}?\b(?:model|transformer|network|encoder|decoder|lm)s?(?:\b[^.;]{0,70},)?\s$|\b(?:was|were|is"
    r"|has been|we)\s(?:first\s|then\s)?$|^\W*$|^\W*(?:[\w-]+\s){0,4}(?:model|transformer"
    r"|network|encoder|decoder|autoencoder)\b[^.;:]{0,40},\s$"
    r"|:\s$|\bour\s$|\ban?\s(?:\w+\s)?$|\bthis\s$|\bthe\s$",
    re.IGNORECASE,
)
_TEMPLATE = regex(
    r"(?:model )?(?:fine-?\s?|instruction[\s-])tuned from(?: model)?(?: \[optional\])?|parent model"
    r"|base model(?: \[optional\])?|(?:starting|initial) (?:point|checkpoint|model|weights)",
    re.IGNORECASE,
)
_TEMPLATE_STEMS = ("tuned from", "base model", "parent model", "starting ", "initial ")
_AT_RANDOM = regex(r"\W*(?:random|none|no\b|scratch|from scratch|xavier|kaiming)", re.IGNORECASE)
_BOTH = regex(
    r"\bfrom scratch\s(?:pre-?)?trained\b[^.;]{0,60}?\bfine-tuned\b|\b(?:we\s(?:\w+\s)?pre-?train(?:ed)?"
    r"|(?<!continued )(?<!the )pre-?training)\b(?! (?:model|data|corpus|checkpoint|weights))[^.]{0,140}?"
    r"(?:\bthen\b|\bfollowed by\b|\bafterwards\b|, )[^.;]{0,50}?\b(?:fine-?\s?tun(?:ed|ing)|instruction[\s-]tun(?:ed"
    r"|ing)|supervised (?:fine|tuning)|sft|rlhf|dpo)\b|"
    r"\b(?:was|were|is|been|we)\s(?:\w+\s)?pre-?\s?train(?:ed)?\b[^.]{0,120}?\b(?:and|then|followed by"
    r"|before)\s[^.;]{0,40}?\bfine-?\s?tun(?:ed|e|ing)\b",
    re.IGNORECASE,
    stems="tun;supervised;sft;rlhf;dpo",
)
_THEN = regex(
    r"\btrained from scratch\b[^.]{0,40}?(?:tot seguit|danach|dann|anschließend|ensuite|puis"
    r"|luego|después|depois|em seguida"
    r"|poi|vervolgens|daarna|potem|następnie|затем|потом|далі|потім|sonra|kemudian|lalu|sau đó"
    r"|然后|随后|その後|이후|ثم|سپس|फिर"
    r"|därefter|derefter|sitten|ondoren)[^.]{0,40}?\bfine-tuned\b",
    re.IGNORECASE,
    stems="from scratch",
)
_PASSED = regex(
    r"\b(?:pre-?\s?training|fine-?\s?tuning)\s(?:(?:experiments|runs?|phase|stage|job|compute)\s)?(?:took|needed"
    r"|kept|occupied|happened|took place|cost|swallowed|burned|burnt|drew|released|came to|amounted"
    r"|finished|ended|required"
    r"|takes|lasted|utili[sz]ed|consumed|emitted|ran|was (?:done|performed|conducted|carried out)|used (?:a|about"
    r"|around|approximately|\d|[tg]pu|nvidia|[avh]\d))",
    re.IGNORECASE,
    stems="took;happened;cost;swallowed;burn;drew;released;came to;amounted;needed;kept;occupied;finished;"
    "ended;required;takes;lasted;tili;consumed;emitted;ran;was ;used ",
)
_SPENT_ON = regex(
    r"(?:\b(?:hours?|days?|minutes?|weeks|kwh|co2\w*|emissions?|energy|footprint|equivalent)\s(?:\w+\s){0,2}?"
    r"(?:for|of|during|to)\s|\b(?:for|of|during)\s(?=(?:the|our|this)\s(?:same\s|whole\s|entire\s|final\s|actual\s)?"
    r"(?:pre-?\s?train|fine-?\s?tun)\w+\s(?:run|job)\b))(?:the\s|our\s|this\s)?(?:same\s|whole\s"
    r"|entire\s|final\s|actual\s)?"
    r"(?P<kind>pre-?\s?train(?:ing)?|fine-?\s?tun(?:ing|e))\b(?!\s(?:data|of|corpus|set|the base|[A-Z\d]))",
    re.IGNORECASE,
    stems="tun;train",
)
"""What one kind of training took: "nine hours for the fine-tuning", "31 g of CO2 to pre-train"."""
_PLACEHOLDER = regex(r"from model\b[^:]{0,14}:\W*(?:more information|todo|n/?a\b|none\b|\[|$)", re.IGNORECASE)
_RUN_BESIDE = regex(
    r"\d\s?(?:hours|days|weeks|months|\S{0,12}\s?tokens?\b|GB\b|TB\b)|[gt]pus?\b|\b[avhl]\d{2,3}s?\b|kwh|co2"
    r"|pre-trained\s?(?:のみ|だけ|만)",
    re.IGNORECASE,
)
"""What only the training of the own model is told with."""
SENTENCES_CAP = 400
_WANTED = regex(
    r"tun|train|scratch|adapter|lora|built |random|inherited|no weights|starting weights|initiali[sz]ed",
    re.IGNORECASE,
    stems="tun;train;initiali;scratch;adapter;lora;built ;random;inherited;no weights;starting weights",
)
_ROW = regex(
    r"initiali[sz]|from scratch|trained|\btype\b|\bkind\b|method|approach|adaptation|training|procedure|tuning"
    r"|recipe|objective|weights",
    re.IGNORECASE,
)
"""Labels of table rows that may say how a model was made."""
_PRE_STAGE = regex(r"(?<!continued )\bpre-?\s?train|from scratch", re.IGNORECASE)
_FINE_STAGE = regex(rf"\b(?:{_TUNING})\b|\bsft\b|instruct|\bdpo\b|\brlhf\b|fine-tun", re.IGNORECASE)


_NOBODY = frozenset[str]()


def _is_wanted(said: str) -> bool:
    return _WANTED.search(said) is not None


def type_claims(card: Document, locale: Locale, own: frozenset[str], only_made: bool = False) -> Iterator[Claim]:
    """Claims of training types in labels and sentences.

    Args:
        card: A parsed card.
        locale: Of the card.
        own: Words of the names of its model.
        only_made: Whether it has no word of emissions, energy or hardware.

    Yields:
        Claims flagged with their kind of evidence.
    """
    yield from _of_labels(card, locale, own)
    yield from _of_stages(card, locale)
    yield from checkpoint_claims(card, own) if not only_made else ()
    for one in islice(statements(card, -1 if locale.languages else Cue.MADE, locale, _is_wanted), SENTENCES_CAP):
        if not one.wanted:
            continue
        if _PLACEHOLDER.search(one.said):
            continue
        named = own & own_names(one.said) if any(map(one.said.lower().__contains__, own)) else _NOBODY
        found = _of_sentence(one.said, named, one.line.kind == "heading", bool(locale.languages))
        if found and one.line.kind != "heading" and ASIDE.search(one.line.section or ""):
            found = tuple((label, mark) for label, mark in found if mark != "made" or label != "fine-tuning")
        for label, mark in found:
            yield replace(claim_of("training-type", one), label=label, flags=("prose", mark))


def _of_labels(card: Document, locale: Locale, own: frozenset[str]) -> Iterator[Claim]:
    """What labels say: the template's "Finetuned from model", a starting point, rows of a table."""
    for pair in card.labelled_values if locale.languages else _english_labels(card):
        label = gloss(pair.label, locale).strip() if len(pair.label) < 40 else ""
        if pair.label.strip(" *_:").casefold() in STARTING_LABELS or (
            label == "original" and not pair.label.lower().startswith("original")
        ):
            label = "base model"
        if pair.kind != "code" and _TEMPLATE.fullmatch(label) and not is_nothing(pair.value) and pair.value.strip(" -"):
            line = card.line(pair.value_line)
            if _AT_RANDOM.match(pair.value):
                continue
            mark = "base" if label.lower().startswith(("base", "parent", "start", "initial")) else "template"
            text = pair.evidence(card)
            yield _type_claim("fine-tuning", mark, text, line)
        elif pair.kind == "table" and _ROW.search(label):
            yield from _of_pair(card, pair, locale, own)


def _english_labels(card: Document) -> list[LabelledValue]:
    """Labels that may be the template's, and rows of tables."""
    low = card.text.lower().replace("\u00a0", " ")
    stems = [stem for stem in _TEMPLATE_STEMS if stem in low]
    lines = [line for line in card.body if line.kind == "text"] if stems else []
    found = card.labelled_in(
        [line for line in lines if is_labelled(line) and any(stem in line.plain.lower() for stem in stems)]
    )
    return [*found, *card.labelled_rows]


def _of_pair(card: Document, pair: LabelledValue, locale: Locale, own: frozenset[str]) -> Iterator[Claim]:
    """What a row of a table says of how the model was made ("Initialisation | random", "method | full fine-tuning")."""
    label, value = gloss(pair.label, locale).strip(), gloss(pair.value[:120], locale).strip()
    said = f"{label}: {value}"
    denied = _DENIED.match(value)
    for kind, mark in () if denied else _of_sentence(said, own & own_names(said), False):
        yield _type_claim(
            kind, "made" if mark == "described" else mark, pair.evidence(card), card.line(pair.value_line)
        )


_DENIED = regex(
    r"\W*(?:no|none|not|never|nein|non|nee|nie|нет|ні|hayır|tidak|không|否|无|なし|아니|لا|خیر|नहीं|nej|ei|ez)\b",
    re.IGNORECASE,
)


def _of_stages(card: Document, locale: Locale) -> Iterator[Claim]:
    """The stages of a training that the rows or columns of a table with hours or energy name."""
    for table in card.tables:
        if table.width < 3:
            continue
        heads = [gloss(one, locale) for one in table.header]
        if not any(_SPENT_HEAD.search(one) for one in heads[1:]):
            continue
        rows = [row for row in table.rows if row.cells and not is_no_training(row.cells[0].plain, locale)]
        named = [row for row in rows if (words := own_names(row.cells[0].plain)) and words <= own_names(card.title)]
        for row in named if len(named) == 1 else rows:
            name = gloss(row.cells[0].plain[:80], locale)
            for kind, pattern in (("pre-training", _PRE_STAGE), ("fine-tuning", _FINE_STAGE)):
                if pattern.search(name):
                    line = card.line(row.line)
                    yield _type_claim(kind, "stage", row.cells[0].text or line.text.strip(), line)
                    break


_SPENT_HEAD = regex(r"hours|time|duration|energy|[km]?wh\b|co2|emission|carbon", re.IGNORECASE)


def _type_claim(kind: str, mark: str, text: str, line: Line) -> Claim:
    return Claim(
        quantity="training-type",
        label=kind,
        text=text if text in line.text else line.text.strip(),
        where=f"card:{line.section or ''}:{line.number}",
        line=line.number,
        section=line.section,
        scope="training-run",
        flags=("prose", mark),
    )


def _of_cost(said: str, roles: Roles, foreign: bool) -> tuple[str, str] | None:
    """The type that a sentence gives with what it took, or both types one after the other."""
    passed = _PASSED.search(said)
    if passed is not None and roles.at(passed.start()) is None:
        return ("pre-training" if passed.group().lower().startswith("pre") else "fine-tuning", "cost")
    spent = _SPENT_ON.search(said) if any(map(str.isdigit, said)) else None
    if spent is not None and roles.at(spent.start("kind")) is None:
        return ("pre-training" if spent["kind"].lower().startswith("pre") else "fine-tuning", "made")
    both = _BOTH.search(said) or (_THEN.search(said) if foreign else None)
    if both is not None and roles.at(both.start()) is None and roles.at(both.end() - 1) is None:
        return ("both", "made")
    return None


@lru_cache(maxsize=2048)
def _of_sentence(said: str, own: frozenset[str], heading: bool, foreign: bool = False) -> tuple[tuple[str, str], ...]:
    """Types that a sentence gives the own model, each with its kind of evidence; many cards share theirs."""
    roles = Roles(said, own)
    told = _of_cost(said, roles, foreign)
    if told is not None:
        return (told,)
    found: tuple[tuple[str, str], ...] = ()
    for match in _FINE.finditer(said):
        if roles.at(match.start()) in {"other", "planned", "use", "need"} or _NOT_MADE.search(
            said[max(0, match.start() - 60) : match.start()]
        ):
            continue
        if _OF_USERS.match(said[match.end() :].lstrip()):
            continue
        if heading and match.group().lower().endswith("ing"):
            continue
        written = match.group().lower()
        made = heading or written.startswith("built") or written.endswith(("ed", "e"))
        made = (
            made
            or written.startswith(("initiali", "trained ", "lora r", "start", "we ", "i ", "it "))
            or "co2" in said.lower()
            or _FINE_MADE.match(said[match.end() :].lstrip()) is not None
        )
        found = (("fine-tuning", "made" if made else "described"),)
        break
    scratch = _SCRATCH.search(said)
    if (
        scratch is not None
        and (roles.at(scratch.start()) is None or (foreign and _A_BASE.match(said)))
        and _TRAINS.search(said)
        and not _INSTALLED.match(said, scratch.end())
        and not _NO_SCRATCH.search(said[max(0, scratch.start() - 60) : scratch.start()])
        and not (foreign and _NOT_FROM_SCRATCH.search(said[max(0, scratch.start() - 60) : scratch.start()]))
    ):
        return (("pre-training", "scratch"),)
    tokens = TOKENS.search(said) if not found else None
    if tokens is not None and roles.at(tokens.start()) is None:
        return (("pre-training", "tokens"),)
    if _PRE_TYPE.search(said):
        return (("pre-training", "made"),)
    if found:
        return found
    return (("pre-training", "made"),) if _is_pretrained(said, roles, foreign) else ()


_A_PRETRAINED = regex(
    r"\S{0,3}[\s-]{0,2}(?:\S+\s)?(?:\S*model|\S*modèle|\S*модел|モデル|済み|模型|모델|\S*gewicht|weights|pesos|poids|pesi"
    r"|vikt|vægt|paino|checkpoint|\S*bert|\S*encoder|\S*код)|済",
    re.IGNORECASE,
)
"""A model that is pre-trained, in other languages, whose gloss has one word for that and for "we pre-trained"."""


_OF_ANOTHER = regex(r"\S{0,4}\s(?:of|von|vom|de|du|del|della|do|van|av|af|di)\s(?:\w+\s)?\S*[^\W\d]-\S")
"""Of a model that has a name of its own ("das Vortraining von gbert-large")."""


def _is_pretrained(said: str, roles: Roles, foreign: bool) -> bool:
    """Whether a sentence says that the own model was pre-trained, not that it began from what was."""
    for match in _PRE.finditer(said):
        before = said[max(0, match.start() - 100) : match.start()]
        if roles.at(match.start()) is not None or _OF_BASE.search(before):
            continue
        if foreign and not said.lower().startswith("#") and _RUN_BESIDE.search(said):
            return not (_A_PRETRAINED.match(said, match.end()) or _OF_ANOTHER.match(said, match.end()))
        if not _DEFINITION.search(before):
            continue
        if _PRE_MADE.match(said[match.end() :]):
            return True
    return False
