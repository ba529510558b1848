"""The training types that one sentence gives its card's model, each with its kind of evidence."""

from __future__ import annotations

import re

from mining.card.extract.context_checkpoints import TOKENS
from mining.card.extract.context_origins import began, is_adapter, is_first_training, is_published
from mining.card.extract.context_roles import Roles
from mining.fields import ClaimFlag
from mining.patterns import regex, text_before
from mining.remembered import remembered

__all__ = ["TUNING", "types_of_sentence"]

_SCRATCH = regex(
    r"\btrained (?:all )?over again\b|\brandom\sinit\b|\bno warm[- ]start\b|\bfrom (?:scratch|nothing|zero"
    r"|the first token"
    r"|the ground up)\b|\brandom(?:ly)?\s(?:weights?\s)?initiali[sz]\w*"
    r"|\binitiali[sz]\w*\s(?:\w+\s)?(?:at random"
    r"|randomly|from random)|\binitiali[sz]ation:?\W{1,3}(?:is |was )?random"
    r"|\brandom(?:ly)?\s(?:starting\s)?(?:weights|start)\b|\b(?:no|without(?: any)?)\s(?:starting|initial|inherited"
    r"|pre-?trained)\s(?:weights|checkpoint)|\bno weights (?:were |was )?(?:taken|inherited|reused|loaded|used)"
    r"|\b(?:nothing|none) (?:here )?(?:was |is |of \w+ (?:was |is ))?(?:inherited|taken over|reused|initiali[sz]ed from"
    r"|borrowed|loaded from)\b|\bnot (?:derived|initiali[sz]ed) from any\b"
    r"|\b(?:a|from) cold start\b|\b(?:xavier|kaiming|glorot|he)[- ](?:uniform|normal|init\w*)|\bblank slate\b"
    r"|\bab initio\b"
    r"|\bweights\s(?:\w+\s){0,3}?(?:drawn|started|start|began|begin)\s(?:out\s)?(?:at\s)?random|\brandom (?:initial"
    r"|starting|initiali[sz]ed) (?:weights"
    r"|values|parameters|state)\b|\bno (?:upstream|parent|base) model\b|\bno transfer learning\b",
    re.IGNORECASE,
    stems="again;random;warm;from scratch;from nothing;from zero;from the first;from the ground;random;weights"
    ";checkpoint;"
    "nothing;none;from any;cold start;xavier;kaiming;glorot;he init;he-init;he uniform;he normal;he-normal"
    ";he-uniform;slate;ab initio"
    ";upstream model;parent model;base model;no transfer",
)
_NO_SCRATCH = regex(
    r"\b(?:not|n't|stopped|stop|rather than|instead of|(?<!-)only|than|never|unlike|no longer)\b[^.;]{0,40}$"
    r"|\b(?:head|layers?|tokeni[sz]er|engine|code|written|implement\w*|projector|connector|classifier head"
    r"|embeddings?)\b"
    r"[^.;,]{0,40}$",
    re.IGNORECASE,
    stems="code;connector;embedding;engine;head;implement;instead of;layer;n't;never;no longer;"
    "not;only;projector;stop;than;tokeni;unlike;written",
)
_NOT_FROM_SCRATCH = regex(
    r"(?:tidak|nicht|niet|nie|ne|pas|non|no|не|inte|ikke|không|没有|并非|不是|لم|نه)\s(?:\S+\s){0,3}$", re.IGNORECASE
)
"""The same in other languages, a few words before."""
_A_BASE = regex(
    r"[^.;]{0,60}?\b(?:descri\w+|beschreib\w+|décri\w+|beschrijf\w+|opisu\w+|описыва\w+"
    r"|описує)\s(?:\S+\s){0,2}?original\s"
    r"|\W*(?:1\s)?original\s(?:\S+\s){1,2}?\S+,\s|[^.;]{0,40}?(?:是|は|\b(?:es|est|ist|è|é|är|er|jest|to|adalah|là)\b)"
    r"[^.;]{0,60}original\s\S*(?:模型|モデル|model|modèle|modell)"
    r"|[^.;,，、]{0,60}\boriginal\s?(?:模型|モデル|model\w*|modèle|modell\w*)?\s?[,，、]",
    re.IGNORECASE,
)
"""A sentence that calls the own model a base model, as other languages do with the word for "original"."""
_NO_BASE = regex(r"\W*(?:original|base model|parent model)[^:.]{0,20}:\s\w{2,8}\W", re.IGNORECASE)
"""A label for the base whose value denies it ("Base model: none, trained from scratch")."""
_INSTALLED = regex(
    r"\W{0,3}(?:安装|安裝|搭建|インストール|構築|설치|install|set up|setup|구축|编写|実装|구현)", re.IGNORECASE
)
"""What else is done from scratch."""
TUNING = (
    r"fine-?\s?tun(?:ed|e|ing)|finetun(?:ed|e|ing)|instruct(?:ion)?[\s-]tun(?:ed|e|ing)"
    r"|preference[\s-](?:tun(?:ed|e|ing)|optimi[sz]\w+)"
)
_FINE = regex(
    rf"\b(?:{TUNING})\b|\b(?:q?lora|dora|peft|ia3)\s(?:fine\S*\s)?(?:adapter|weights|fine\S*)\b|\badapter (?:for|of"
    rf"|on)\b|\b(?:tuned|further trained)\s(?=on\b|with\b)|\bbuilt (?:on top of|upon) (?=\S{{3,60}}-)"
    r"|\binitiali[sz]ed (?:from|with) (?:(?:the )?(?:weights|checkpoint) of )?(?=[^\s,.;]*[^\W\d][^\s,.;]*[-/\d])"
    r"|\btrained (?:\w+ )?(?:starting )?from (?:the )?(?!scratch|zero|random|data)"
    r"(?=[^\s,;]*[^\W\d](?:[^\s,;]*[-/\d]|[^\s,;]*bert|[a-z]{2}))"
    r"|\blora (?:rank|r ?=)"
    r"|\b(?:based|built) on (?:the )?[`\"']?(?:[\w.-]{2,40}/[\w.-]{2,80}|[^\W\d]\w*-[\w.-]{2,60})[`\"']?,?\s"
    r"(?:(?:model|checkpoint),?\s)?(?:(?:and|that|which)\s)?(?:(?:was|is|has been)\s)?(?:then\s|further\s)?"
    r"trained (?=on\b|with\b|for\b|using\b)"
    r"|\b(?:starts?|started|begins?|resumed|continued)\s(?:at|from|with)\s(?:the\s)?(?:version"
    r"|v)\s?\d\S*\s(?:weights|checkpoint)"
    r"|\bstarting from (?!(?:the )?(?:version|release|epoch|step|python|commit|v\d))"
    r"(?:\S+\s){0,3}?(?=\S*(?:[a-z]\S*[a-z]|[a-z]-\S*[a-z\d]|[a-z]\d))"
    r"|\b(?:we|i|it)\s(?:\w+\s)?(?:started|began|departed"
    r"|set out)\s(?:out\s)?from\s(?:the\s)?(?=[`\"']?[\w./]*[^\W\d]-\w)"
    r"|\b(?:continued|continual|further|additional|carried on (?:the|with)|extended|second) pre-?\s?train(?:ed|ing)\b",
    re.IGNORECASE,
    stems="tun;optimi;lora;dora;peft;ia3;adapter;built ;based on;further trained;initiali;from;weights;"
    "checkpoint;pre & adapter;adapter ;additional;began;built ;carried on ;checkpoint;continual;"
    "continued;departed;extended;fine;finetun;further;further trained;initiali;instruct;lora r;"
    "preference;second;set out;started;starting from ;trained ;tuned;weights",
)
_OF_USERS = regex(
    r"^\S{0,3}\s?(?:코드|code|scripts?\b|performance|scores?\b|notebook|examples?\b|guide|tutorial|recipes?\b|library"
    r"|api\b|하는|을 진행해|on (?:your|their|downstream)|for (?:your|their|downstream|other))"
    r"|^[^.;]{0,60}\b(?:downstream|task-specific data)\b",
    re.IGNORECASE,
    stems="api;code;downstream;example;guide;library;notebook;other;performance;recipe;score;"
    "script;task-specific data;their;tutorial;your;을 진행해;코드;하는",
)
"""Words behind "fine-tuning" that make it the users'."""
_FINE_MADE = regex(
    r"\b(?:version|variant|checkpoint|model|adapter|from|on|with|using|using|by|upon|starting)\b|\bof\s", re.IGNORECASE
)
_NOT_MADE = regex(
    r"(?:\b(?:can|could|may|might|should|must|will|would|to|not|nothing|none|be|please|you|users?|easily|for"
    r"|before|without|if"
    r"|when|during|any|your|recommend\w*|suited|suitable|need\w*|require\w*|other|these|downstream|further"
    r"|following|via|support\w*|look for|than|ready|intended|tänkt|avsedd|beregnet|gedacht"
    r"|bedoeld|ment|destin\w+|être|ser|essere|kann|können|peut|puede|pueden|pode|podem|può|kan|kunnen|można|можно|можна"
    r"|dapat|bisa)\s(?:\w+\s){0,2}?|\btask-specific\s|\bdata (?:for"
    r"|used for)\s)$",
    re.IGNORECASE,
    stems="any;nothing;none;avsedd;be;bisa;can;could;dapat;data ;destin;downstream;during;easily;following;"
    "for;further;gedacht;if;intended;kan;kunnen;können;may;ment;might;można;must;need;"
    "not;other;peut;please;pode;puede;può;ready;recommend;require;ser;should;suitable;"
    "suited;support;than;these;to;tänkt;via;when;will;without;would;you;être;можна;можно",
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
    stems="based on;begin;built ;existing;from;initiali;leverag;load;of;publicly;start;use;using;with",
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
_BOTH = regex(
    r"\bfrom scratch\s(?:pre-?)?trained\b[^.;]{0,60}?\bfine-tuned\b|\b(?:we\s(?:\w+\s)?pre-?train(?:ed)?"
    r"|(?<!continued )(?<!the )pre-?training)\b(?! (?:model|data|corpus|checkpoint|weights))[^.]{0,140}?"
    r"(?:\bthen\b|\bfollowed by\b|\bafterwards\b|, )[^.;]{0,50}?\b(?:fine-?\s?tun(?:ed|ing)|instruction[\s-]tun(?:ed"
    r"|ing)|supervised (?:fine|tuning)|sft|rlhf|dpo)\b|"
    r"\b(?:was|were|is|been|we)\s(?:\w+\s)?pre-?\s?train(?:ed)?\b[^.]{0,120}?\b(?:and|then|followed by"
    r"|before)\s(?:(?!to be )[^.;]){0,40}?\bfine-?\s?tun(?:ed|e|ing)\b",
    re.IGNORECASE,
    stems="tun;supervised;sft;rlhf;dpo & from scratch;train;training",
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
    r"\b(?:pre-?\s?training|fine-?\s?tuning|(?:instruct(?:ion)?|sft|dpo|rlhf|alignment|preference|chat)"
    r"(?:[\s-](?:tuning|stage|phase|step)){1,2})\s(?:(?:experiments|runs?|phase|stage|job|compute)\s)?(?:took|needed"
    r"|kept|occupied|happened|took place|cost|swallowed|burned|burnt|drew|released|came to|amounted"
    r"|finished|ended|required"
    r"|takes|lasted|utili[sz]ed|consumed|emitted|ran|was (?:done|performed|conducted|carried out)|used (?:a|about"
    r"|around|approximately|\d|[tg]pu|nvidia|[avh]\d))",
    re.IGNORECASE,
    stems="pre;fine;instruct;sft;dpo;rlhf;alignment;chat & took;happened;cost;swallowed;burn;drew;released"
    ";came to;amounted"
    ";needed;kept;occupied;finished;"
    "ended;required;takes;lasted;tili;consumed;emitted;ran;was ;used ",
)
_LABELLED_COST = regex(
    r"[-*•+\s]{0,6}(?:pre-?\s?train|fine-?\s?tun)(?:ing|ed)?\b[^:.;]{0,16}:\s[^;]{0,60}?\d\s?(?:h\b|hours?|days?|weeks?|min|k?wh\b)",
    re.IGNORECASE,
    stems="pre;fine & :",
)
"""A stage with what it took ("pretraining: 6 days, 8 V100")."""
_ADVISES = regex(r"\byour?\b|\bcan\b|enough|suffic|recommend|\bneeds?\b|should|at least|minimum", re.IGNORECASE)
"""What a user is told who tunes the model again."""
_SPENT_ON = regex(
    r"(?:\b(?:hours?|days?|minutes?|weeks|kwh|co2\w*|emissions?|energy|footprint|equivalent)\s(?:\w+\s){0,2}?"
    r"(?:for|of|during|to)\s|\b(?:for|of|during)\s(?=(?:the|our|this)\s(?:same\s|whole\s|entire\s|final\s|actual\s)?"
    r"(?:pre-?\s?train|fine-?\s?tun)\w+\s(?:run|job)\b))(?:the\s|our\s|this\s)?(?:same\s|whole\s"
    r"|entire\s|final\s|actual\s)?"
    r"(?P<kind>pre-?\s?train(?:ing)?|fine-?\s?tun(?:ing|e))\b(?!\s(?:data|of|corpus|set|the base|[a-z\d]))",
    re.IGNORECASE,
    stems="pre;fine & tun;train",
)
"""What one kind of training took: "nine hours for the fine-tuning", "31 g of CO2 to pre-train"."""
_OF_OWN = regex(
    r"\b(?P<kind>pre-?\s?train(?:ing|ed)|fine-?\s?tun(?:ing|ed))\s(?:run\s)?(?:of|von|de|di|van|av"
    r"|af)\s(?:the\s)?(?=\S)",
    re.IGNORECASE,
    stems="pre;fine & train;tun",
)
"""One kind of training of a model that is named behind it."""
_FIRST_AND_THEN = regex(
    rf"\btrained\s(?:\w+\s)?from scratch\b[^.]{{0,60}}?\b(?:then|and|afterwards|,)\s[^.;]{{0,40}}?(?:{TUNING})\b"
    rf"|\b(?:we|i)\s(?:first\s)?trained\s[^.;]{{0,60}}?\bfrom (?:scratch|nothing|zero)\b[^.;]{{0,90}}?\b(?:then|and)\s"
    rf"(?:\w+\s){{0,3}}?(?:we|i)?\s?(?:{TUNING})\b"
    rf"|\bpre-?trained,?\s(?:(?:and|then)\s)*(?:{TUNING})(?:,|\s(?:and|by|with|on)\b)"
    rf"|\bcontinued (?:the )?(?:\S+\s)?pre-?train\w*\b(?:[^.;]|\.(?=\d)){{0,120}}?(?:\b(?:then|and)\s[^.;]{{0,30}}?"
    rf"(?:{TUNING}|tuned)|\S*[^\x00-\x7f]\S*\s(?:[^.;]|\.(?=\d)){{0,120}}?\bfine-tuned)\b"
    r"|\bpre-?training\b[^.;]{0,30}?\band\s(?:post-?training|instruction[\s-]tuning|fine-?tuning|alignment|sft)\b"
    r"(?=[^.;]{0,60}\b(?:ran|run|took|together|hours|done|on)\b)",
    re.IGNORECASE,
    stems="scratch;from nothing;from zero;pre-train;pretrain",
)
_RUN_BESIDE = regex(
    r"\d\s?(?:hours|days|weeks|months|\S{0,12}\s?tokens?\b|GB\b|TB\b)|[gt]pus?\b|\b[avhl]\d{2,3}s?\b|kwh|co2"
    r"|pre-trained\s?(?:のみ|だけ|만)",
    re.IGNORECASE,
)
"""What only the training of the own model is told with."""


def _of_cost(said: str, roles: Roles, foreign: bool) -> tuple[str, ClaimFlag] | None:
    """The type that a sentence gives with what it took, or both types one after the other."""
    both = _FIRST_AND_THEN.search(said)
    if both is not None and roles.at(both.start()) is None:
        return ("both", "stage")
    has_digit = any(map(str.isdigit, said))
    of_own = _OF_OWN.search(said) if has_digit else None
    if of_own is not None and roles.is_own_name(of_own.end()) and not is_published(said, of_own.end()):
        return ("pre-training" if of_own["kind"].lower().startswith("pre") else "fine-tuning", "cost")
    labelled = _LABELLED_COST.match(said)
    passed = _PASSED.search(said) or (labelled if labelled and not _ADVISES.search(said) else None)
    if passed is not None and roles.at(passed.start()) is None:
        return ("pre-training" if passed.group().lower().lstrip(" -*•+").startswith("pre") else "fine-tuning", "cost")
    spent = _SPENT_ON.search(said) if has_digit else None
    if spent is not None and roles.at(spent.start("kind")) is None:
        return ("pre-training" if spent["kind"].lower().startswith("pre") else "fine-tuning", "made")
    both = _BOTH.search(said) or (_THEN.search(said) if foreign else None)
    if both is not None and roles.at(both.start()) is None and roles.at(both.end() - 1) is None:
        return ("both", "made")
    return None


@remembered(8192)
def types_of_sentence(
    said: str, own: frozenset[str], heading: bool, foreign: bool = False
) -> tuple[tuple[str, ClaimFlag], ...]:
    """Types that a sentence gives the own model, each with its kind of evidence; many cards share theirs."""
    roles = Roles(said, own)
    told = _of_cost(said, roles, foreign)
    if told is not None:
        return (told,)
    if _is_from_scratch(said, roles, foreign):
        return (("pre-training", "scratch"),)
    found = _of_tuning(said, roles, own, heading, foreign) or _of_first_training(said, roles, own, foreign)
    return () if found is None else (found,)


def _of_tuning(
    said: str, roles: Roles, own: frozenset[str], heading: bool, foreign: bool
) -> tuple[str, ClaimFlag] | None:
    """Fine-tuning that a sentence names, an adapter, or the model that its own began as."""
    adapter = is_adapter(said, foreign)
    if adapter is not None and not _is_elsewhere(said, adapter, own):
        return ("fine-tuning", "adapter")
    named = _named_tuning(said, roles, heading)
    if named is None:
        begun = began(said, foreign)
        return ("fine-tuning", "made") if begun is not None and not _is_elsewhere(said, begun, own) else None
    return named if _PRE_TYPE.search(said) is None else ("pre-training", "made")


def _named_tuning(said: str, roles: Roles, heading: bool) -> tuple[str, ClaimFlag] | None:
    """The first word for fine-tuning that is of the own model; less where it need not have been done."""
    for match in _FINE.finditer(said):
        written = match.group().lower()
        if heading and written.endswith("ing"):
            continue
        behind = said[match.end() :].lstrip()
        if (
            _NOT_MADE.search(text_before(said, match.start()))
            or _OF_USERS.match(behind)
            or roles.at(match.start()) in {"other", "planned", "use", "need"}
        ):
            continue
        made = (
            heading
            or written.startswith(("built", "based", "initiali", "trained ", "lora r", "start", "we ", "i ", "it "))
            or written.endswith(("ed", "e"))
            or "co2" in said.lower()
            or _FINE_MADE.match(behind) is not None
        )
        return ("fine-tuning", "made" if made else "described")
    return None


def _is_from_scratch(said: str, roles: Roles, foreign: bool) -> bool:
    scratch = _SCRATCH.search(said)
    if scratch is None:
        return False
    before = text_before(said, scratch.start())
    return (
        bool(roles.at(scratch.start()) is None or (foreign and _A_BASE.match(said)) or _NO_BASE.match(said))
        and not _INSTALLED.match(said, scratch.end())
        and not _NO_SCRATCH.search(before)
        and not (foreign and _NOT_FROM_SCRATCH.search(before))
    )


def _of_first_training(said: str, roles: Roles, own: frozenset[str], foreign: bool) -> tuple[str, ClaimFlag] | None:
    """Pre-training by what a sentence says was seen, or by the word itself."""
    tokens = TOKENS.search(said)
    if tokens is not None and roles.at(tokens.start()) is None:
        return ("pre-training", "tokens")
    if _PRE_TYPE.search(said) or _is_pretrained(said, roles, foreign):
        return ("pre-training", "made")
    first = is_first_training(said)
    if first is None or Roles(said[: first.start()], own).last in _ELSEWHERE:
        return None
    return ("pre-training", "tokens")


_ELSEWHERE = frozenset({"other", "planned", "use", "need", "data"})


def _is_elsewhere(said: str, match: re.Match[str], own: frozenset[str]) -> bool:
    """Whether what stands before a match makes it one of another model, of a plan or of the users'."""
    before = said[: match.start()]
    return Roles(before, own).last in _ELSEWHERE or _NOT_MADE.search(before) is not None


_A_PRETRAINED = regex(
    r"\S{0,3}[\s-]{0,2}(?:\S+\s)?(?:\S*model|\S*modèle|\S*модел|モデル|済み|模型|모델|\S*gewicht|weights|pesos|poids|pesi"
    r"|vikt|vægt|paino|checkpoint|\S*bert|\S*encoder|\S*код)|済",
    re.IGNORECASE,
    stems="bert;checkpoint;encoder;gewicht;model;modèle;paino;pesi;pesos;poids;vikt;vægt;"
    "weights;код;модел;モデル;模型;済;모델",
)
"""A model that is pre-trained, in other languages, whose gloss has one word for that and for "we pre-trained"."""


_OF_ANOTHER = regex(r"\S{0,4}\s(?:of|von|vom|de|du|del|della|do|van|av|af|di)\s(?:\w+\s)?\S*[^\W\d]-\S")
"""Of a model that has a name of its own ("das Vortraining von gbert-large")."""


def _is_pretrained(said: str, roles: Roles, foreign: bool) -> bool:
    """Whether a sentence says that the own model was pre-trained, not that it began from what was."""
    for match in _PRE.finditer(said):
        before = text_before(said, match.start())
        if roles.at(match.start()) is not None or _OF_BASE.search(before):
            continue
        if foreign and not said.lower().startswith("#") and _RUN_BESIDE.search(said):
            return not (_A_PRETRAINED.match(said, match.end()) or _OF_ANOTHER.match(said, match.end()))
        if not _DEFINITION.search(before):
            continue
        if _PRE_MADE.match(said[match.end() :]):
            return True
    return False
