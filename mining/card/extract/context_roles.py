"""Whose a device or a duration is, and of what.

The events of a sentence that make a role, and the role at a place in it. A role is not made by one word but by the
order of words in a clause: the last event before a place decides, else the next one behind it, else what the clause
before left. Words of training end the roles of use, only words for the card's own model end those of others.
"""

from __future__ import annotations

import re

from msgspec import Struct

from mining.card.document.document import Document
from mining.card.extract.model_names import made_from
from mining.card.once import once
from mining.patterns import regex, text_before
from mining.remembered import remembered

__all__ = ["TRAINED", "Roles", "name_of", "own_names"]

TRAINED = regex(
    r"fine-?\s?tun(?:ed|ing|e)|finetun|t(?<!\wt)rain(?:ed|ing|s)?\b|p(?<!\wp)(?:re-?train(?:ed|ing|s)?|erformed)\b"
    r"|c(?<!\wc)(?:onducted|arried out|omputations?)\b|s(?<!\ws)pent\b|e(?<!\we)xperiments\b|j(?<!\wj)obs?\b"
    r"|r(?<!\wr)(?:etrain(?:ed|ing|s)?|an (?:on|for)|uns? (?:took|used))\b|d(?<!\wd)istill",
    re.IGNORECASE,
    stems="train;tun;performed;conducted;spent;carried out;computation;ran ;experiments;job;run;distill",
)
"""Every alternative begins with a plain letter, so that the search leaps from one of them to the next."""
_TIME = regex(
    r"\d\s?(?:million\s|thousand\s|[km]\s)?(?:gpu |[a-z]{1,2}\d{2,4}[a-z]? (?:gpu[ -])?)?(?:h\b|hours?\b"
    r"|days?\b|weeks?\b|months?\b|min(?:ute)?s?\b|s(?:ec(?:ond)?s?)?\b)",
    re.IGNORECASE,
)
_OWN = regex(
    r"\b(?:this|the final|the released?|our (?:own )?|final|these)\s(?:[\w-]+\s)?(?:model|adapter|checkpoint|version"
    r"|run|release|network|"
    r"training|encoder|decoder|classifier|ensemble|weights|student)\b|\breleased (?:here|model|checkpoint)|\bours?\b"
    r"|\bwe (?:\w+ed|ran|used|fine|train|pre|get|got|obtain|arrive)"
    r"|\bthis model\b|\bfinal\b"
    r"|\b(?:wir|ich|nous|abbiamo|hemos|nosaltres|wij|мы|ми|vi)\b(?=(?:[^.;,]|[.,]\d){0,60}\b(?:fine-tuned|trained)\b)",
    re.IGNORECASE,
    stems="this;final;release;our;these;we ;wir;ich;nous;abbiamo;hemos;nosaltres;wij;мы;ми;vi",
)
_EVENTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "use",
        regex(
            r"\binferen\w*|\bdeploy\w*|\bserv(?:e[ds]?|ing)\b|\bto run\b|\bcan (?:be )?run\b"
            r"|(?<!this )(?<!our )(?<!the )\bruns? (?:at"
            r"|in real)\b|\bfits?\s(?:on|in|into|onto|within|comfortably)\b|\bload(?:ed|ing)? (?:on|in|the model)"
            r"|\blatency|\bthroughput|\btokens?/s|\btokens per second|\bquantiz\w*|\bspeed ?up"
            r"|\bfaster\b(?! with \W?unsloth)|\bif you\b"
            r"|\byou (?:can|may|will|should|need)\b(?! (?:also )?(?:download|find|see|read|get|view))"
            r"|\bsupport(?:s|ed)\b|\bcompatible\b|\btested on\b|\breal[- ]time\b",
            re.IGNORECASE,
            stems="inferen;deploy;serv;to run;can run;be run;run at;runs at;run in;runs in"
            ";fit;load;latency;throughput;token;quantiz;speed;faster;you;support;"
            "compatible;"
            "tested on;real",
        ),
    ),
    (
        "need",
        regex(
            r"\brequir\w*|\brecommend\w*|\bneeds?\b|\bneeded\b(?!\s(?:\w+\s)?[~\d])|\bminimum\b|\bat least \d+\s?gb"
            r"|(?<!gb )(?<!gb of )\bvram\b",
            re.IGNORECASE,
            stems="requir;recommend;need;minimum;at least;vram",
        ),
    ),
    (
        "evaluation",
        regex(
            r"\bevaluat\w*|\brunning (?:the )?(?:full )?(?:mteb|mmlu|glue|helm|bench\w*|evals?)\b"
            r"|\ba/b test\w*|\bbenchmark(?:ed|ing|s)?\b|\btesting\b|\bvalidat(?:ion|ed) (?:took|ran|on"
            r"|used|takes)",
            re.IGNORECASE,
            stems="evaluat;running;a/b test;benchmark;testing;validat",
        ),
    ),
    (
        "data",
        regex(
            r"\b(?:(?:produced|generated|created|synthesi[sz]ed|filtered|labell?ed|transcribed"
            r"|scraped|annotated)\s(?:by|with|using)\b[^.;,]{2,60}?\bon\s|(?:ocr|deduplicat\w*|preparation alone)\b"
            r"|data(?:set)? (?:generation|filtering|preparation|preprocessing|collection)\b)"
            r"|^\W*(?:this |the )?(?:data )?(?:generation|generating|synthesis|filtering|labell?ing|preprocessing"
            r"|transcription|scraping)\b",
            re.IGNORECASE,
            stems="ocr;deduplicat;preparation;produced;generat;created;synthesi;filter;label;transcri;scrap;"
            "annotat;preprocess;data & annotated;collection;created;deduplicat;filtered;filtering;generated;"
            "generating;generation;label;ocr;preparation;preparation alone;preprocessing;produced;scraped;"
            "scraping;synthesi;synthesis;transcribed;transcription",
        ),
    ),
    (
        "other",
        regex(
            r"\b(?:original\b|c(?<!in c)(?<!by c)ompar(?:ed|ison|able|ing|e)\b|previous\b|predecessor"
            r"|other models?\b|unlike\b"
            r"|b(?<=.b)ase(?:line)? model(?:'s)?\b|baselines?\b"
            r"|teacher\b|paper(?=\s?:| (?:used|reports|trained))|e(?<!lacoste e)t al\b|competitor|versus\b"
            r"|vs\.?\s"
            r"|parent model|for reference\b|authors of\b|yardstick\b|for scale\b|for orientation\b"
            r"|to compare\b)",
            re.IGNORECASE,
            stems="original;compar;previous;predecessor;other model;unlike;base;teacher;paper;et "
            "al;competitor;versus;vs;parent model;for reference;authors of;yardstick;for scale;for orientation;"
            "to compare",
        ),
    ),
    (
        "trial",
        regex(
            r"\btrials?\b|\bablations?\b|\bpilot\b|\bfailed\b|\babandoned\b|\bsweeps?\b|\bhyper-?parameter (?:search"
            r"|tuning|optimi)\w*|\bpreliminary\b"
            r"|\bearlier (?:runs?|attempts?)\b|\btest runs?\b|\battempts?\b|\bdebug\w*",
            re.IGNORECASE,
            stems="trial;ablation;pilot;failed;abandoned;sweep;hyper;preliminary;earlier;test run;attempt;debug",
        ),
    ),
    (
        "planned",
        regex(
            r"\bwould\b|\bmight\b|\bexample:|\bfor (?:example|instance)\b"
            r"|\b(?:could|can|may|should) (?:also )?(?:take|last|need|require|be (?:re)?trained"
            r"|run)|\bplan(?:ned|s)?\b(?! to)|\bplan to\b"
            r"|\bexpect(?:ed)? to\b|\baim(?:s|ed)? to\b(?! (?:provide|describe|present|document|give))|\bif (?:we|it"
            r"|the|trained)\b|\bhad it\b|\bexample,|\bsuppose\b|\bimagine\b"
            r"|\bintended:|\bcancell?ed\b|\btarget(?:s|ed)?\b(?! (?:language|task|domain))",
            re.IGNORECASE,
            stems="would;might;example;instance;could;can ;may ;should;plan;expect;aim;if ;had it;suppose;imagine;"
            "intended;cancel;target",
        ),
    ),
)
_TRAINING_BEGINS = regex(
    r"fine-?\s?tun(?:ed(?! (?:model|checkpoint))|ing|e)\b"
    r"|\b(?:(?:pre-?|re)?train(?:ed(?! (?:model|network|weights|checkpoint))|ing|s)\b|distill)",
    re.IGNORECASE,
    stems="train;tun;distill",
)
"""Words that end a statement about use; a trained model is no training."""
_ENDED_BY_TRAINING = frozenset({"use", "need", "evaluation", "data"})
_ENDED_BY_OWN = frozenset({"use", "need", "evaluation", "other", "trial", "data"})
_CLAUSE = regex(r"[;,，；、]\s?|:\s|\s-\s|[()（）]|\b(?:while|whereas|but|and)\b", re.IGNORECASE)
_FAMILIES = (
    "gpt|bert|llama|bloom|palm|mistral|mixtral|falcon|opt|qwen|gemma|gemini|claude|vit|resnet|whisper|wav2vec|hubert"
    "|xlm|xlnet|electra|"
    "deberta|roberta|t5|mt5|bart|clip|dall|stable "
    "diffusion|phi|deepseek|olmo|pythia|yi|baichuan|chatglm|glm|nllb|dino"
)
_SIZE = regex(r"\d[bmBM]\b")
_FAMILY = regex(rf"(?<![\w/.])(?:{_FAMILIES})(?![a-z])", re.IGNORECASE, stems=_FAMILIES.replace("|", ";"))
_VARIANT = regex(
    r"[^\W\d]-(?:tiny|mini|small|base|medium|large|xl|xxl|huge|giant)\b",
    re.IGNORECASE,
    stems="base;giant;huge;large;medium;mini;small;tiny;xl & -",
)
_NAMED = regex(
    rf"(?<![\w/.-])(?!(?:another|this|that|every|each|our|own|new|small|large|first|train\w*"
    rf"|with|from|a|an|the|of|to|for|in|on|at|is|consumed|used|released|final|full|published|resulting|main"
    rf"|uploaded)\s)"
    rf"(?:(?:[A-Z][\w.]*-)*[A-Z][\w.-]*[\s-]\d+(?:\.\d+)?[BM]\b(?!\s(?:\S+\s){{0,2}}(?:[gt]pu|hours))"
    rf"|[^\W\d]{{3,24}}-(?:tiny|mini|small|base|medium|large|xl|xxl|huge|giant)\b"
    rf"|(?:\w+-)?(?:{_FAMILIES})(?![a-z])[\w.-]*)",
    re.IGNORECASE,
)
_SUBJECT_BEHIND = regex(
    r"(?:\s\([^()]{0,40}\))?[,\"\u201d]?\s(?:[\"\u201c\u201d]\s?)?(?!(?:\w+\s){0,3}?(?:fine-?tun|finetun"
    r"|adapt))(?:\w+\s){0,3}?"
    r"(?:needed|took|was|were|used|consumed|required|emitted|ran|takes|needs|uses|has|trained|reports?|cost)\b",
    re.IGNORECASE,
)
_STATES = regex(
    r"\b(?:Meta|Google|OpenAI|Mistral|Microsoft|NVIDIA|Alibaba|Qwen|DeepSeek|[Ii]ts (?:authors?|makers?|creators?"
    r"|vendor)|[Tt]he (?:authors|makers|creators|vendor)(?: of [^.;,]{2,30})?)"
    r"\s(?:gives?|reports?|states?|declares?|attributes?|puts?|quotes?|claims?|estimates?|publish\w*)\b"
    r"|\bfoundation we build on\b"
    r"|\b(?:whose|dessen|deren|dont (?:les|la|le|l['’])|cuy[oa]s?|cuj[oa]s?|(?:il|i|la) cui|waarvan de|vars|hvis"
    r"|jonka)\s?"
    r"(?:authors?|makers?|creators?|developers?|team|paper|card|report|Autoren|Entwickler|Karte|Bericht|auteurs?"
    r"|fiche|article|équipe"
    r"|autor\w*|equip\w*|ficha|artículo|artigo|scheda|articolo|författare|forfatter\w*|kort\b|tekijät|kortti)",
    stems="give;report;state;declare;attribute;put;quote;claim;estimate;publish;foundation;whose;dessen;deren"
    ";dont ;cuy;cuj"
    ";cui;waarvan;vars;hvis;jonka & alibaba;"
    "author;authors;creator;creators;deepseek;foundation we build on;google;maker;makers;meta;"
    "microsoft;mistral;nvidia;openai;qwen;vendor;autor;entwickler;karte;bericht;auteur;fiche;article;équipe;equip;ficha"
    ";artículo;artigo;scheda;articolo;författare;forfatter;kort;tekijät;developer;team;paper;card;report",
)
"""Others state what they spent."""
_SUBJECT_BEFORE = regex(
    r"\b(?:pre-?)?train(?:ing|ed)?\s(?:(?:of|for)\s)?(?:the\s|an?\s)?(?:original\s)?(?:model\s)?$", re.IGNORECASE
)
_TOLD_OF_MAKING = regex(
    r",\s(?!(?:pre-?)?trained by\b|which\b|that\b|whose\b|itself\b|a model\b|who\b|where\b)", re.IGNORECASE
)
"""Behind the name of what was tuned: a comma, and what the tuning took ("an adapter for owl-7b, trained for 8 h")."""
_BEGINS_CLAUSE = regex(r"(?:^|[,;.:(]\s)(?:[^\W\d]+\s){0,2}$")
"""Before a name that begins a sentence or a clause: its subject, or what it is said of."""
_COUNTS = regex(r"\s(?!(?:continued|further|tuned|adapted|fine)\b)(?:[^\W\d]+\s){0,3}\d")
"""Behind a name: a number that is said of it, at once ("Condor-540B occupied 6,144 chips")."""
_TUNED_BEHIND = regex(
    r"(?=[^.;]*[^\x00-\x7f])[^.;]{0,120}\bfine-tuned(?:\s\S{1,8}){0,2}\W*$", re.IGNORECASE, stems="fine"
)
_FOR = regex(r"\b(?:for|as for|of)\s(?:the\s)?$", re.IGNORECASE)
_A_KIND = regex(r"\b(?:is|as|am) (?:an?|1)\s(?:[\w.-]+\s){0,2}$", re.IGNORECASE)
"""Before a family's name that says what kind of model it is ("is a 45M GPT")."""
_ONLY_LIKE = regex(r"-(?:style|like|type|based|inspired|class|size)$", re.IGNORECASE)
_OURS = regex(r"\b(?:our|this|these|the present)\s(?:\w+\s)?$", re.IGNORECASE)
_ANAPHOR = regex(r"\W{0,3}(?:It|They|Its|Their|That|Those)\b")


class _Event(Struct, frozen=True, order=True):
    at: int
    role: str


def own_names(*names: str | None) -> frozenset[str]:
    """Words of the names a card gives its own model, folded to letters and digits."""
    return frozenset(_WORDS.findall(" ".join(filter(None, names)).lower()))


_WORDS = regex(r"[^\W_]+")


def name_of(card: Document) -> str | None:
    """The name that a card gives its model: its first heading, its metadata's, or bold words that begin its text."""
    stated = _STATED.search(card.front.text) if "model_name:" in card.front.text else None
    first = next((line.text for line in card.body if line.kind == "text"), "")
    bold = _BOLD.match(first)
    names = (card.title, stated and stated[1], bold and bold[1])
    return " ".join(filter(None, names)) or None


_STATED = regex(r"^model_name:[ \t]*[\"']?([^\"'\n]{2,80})", re.MULTILINE)
_BOLD = regex(r"\W{0,3}\*\*(\w[\w.]*-[\w.-]{1,60})\*\*", stems="**")
_FIRST_WORD = regex(r"[^\W_]*")
_NO_NAMES = frozenset({"the", "a", "an", "model", "base", "for", "of", "and", "in", "card"})


class _Clause(Struct, frozen=True):
    """A clause: its end, its events in order, and the role it begins in."""

    end: int
    events: tuple[_Event, ...]
    role: str | None


class Roles:
    """The roles of the places of one sentence, worked out when first asked for.

    Args:
        said: The gloss of a sentence.
        own: Words of the card's own names; a model with other words in its name is another one.
        before: Roles of the sentence before; a pronoun takes its last one over.
    """

    def __init__(self, said: str, own: frozenset[str], before: Roles | None = None) -> None:
        self._said = said
        self._own = own
        self._before = before if before is not None and _ANAPHOR.match(said) and not before.is_of_own else None

    @once
    def is_of_own(self) -> bool:
        """Whether the sentence begins with the card's own model."""
        return not self._own.isdisjoint(own_names(" ".join(self._said.split()[:3])) - _NO_NAMES)

    def is_own_name(self, place: int) -> bool:
        """Whether the word at an offset of the gloss belongs to the card's own names."""
        return not self._own.isdisjoint(own_names(_FIRST_WORD.match(self._said, place).group()))  # type: ignore[union-attr]

    @once
    def _clauses(self) -> list[_Clause]:
        clauses = []
        carried = "other" if self._before is not None and self._before.last == "other" else None
        strange = _strange_events(self._said, self._own)
        if carried is None and not strange:
            return [_Clause(len(self._said), (), None)]  # own trainings alone end no role
        events = sorted((*strange, *_own_events(self._said)))
        at = start = 0
        for match in (*_CLAUSE.finditer(self._said), None):
            end = match.start() if match else len(self._said)
            stop = at
            while stop < len(events) and events[stop].at <= end:
                stop += 1
            inside = tuple(events[at:stop])
            if any(event.role == "need" for event in inside) and _is_measured(self._said, start, end, inside):
                inside = tuple(event for event in inside if event.role != "need")
            clauses.append(_Clause(end, inside, carried))
            for event in inside:
                carried = _after(carried, event.role)
            if match is not None and match.group()[0] in ";；" and carried != "other":
                carried = None
            at, start = stop, match.end() if match else end
        return clauses

    @once
    def last(self) -> str | None:
        """The role that the sentence ends in."""
        role = self._clauses[-1].role
        for event in self._clauses[-1].events:
            role = _after(role, event.role)
        return role

    def at(self, place: int) -> str | None:
        """Role of what stands at an offset of the gloss; None for training of the own model."""
        clause = next((one for one in self._clauses if place <= one.end), self._clauses[-1])
        events, role = clause.events, clause.role
        ahead = False
        for event in events:
            if event.at <= place:
                role, ahead = _after(role, event.role), True
        if ahead or role is not None:
            return role
        later = [event.role for event in events if event.at > place]
        return (
            next((one for one in later if one not in {"own", "trained"}), None) if "trained" not in later[:1] else None
        )


def _is_measured(said: str, start: int, end: int, events: tuple[_Event, ...]) -> bool:
    """Whether a clause tells of a time, or of the energy that a training which it names before that needed."""
    if _TIME.search(said, start, end) is not None:
        return True
    is_training = events[0].role == "trained" and _SET.match(said, events[0].at) is None
    return is_training and _ENERGY.search(said, start, end) is not None


_SET = regex(r"[\w-]+\s(?:sets?|data\w*|corpus|corpora|splits?|samples?|examples?|images?|texts?)\b", re.IGNORECASE)


_ENERGY = regex(r"\d\s?[kMG]?Wh\b", stems="wh", as_written=True)


def _after(role: str | None, event: str) -> str | None:
    if event == "trained":
        return None if role in _ENDED_BY_TRAINING else role
    if event == "own":
        return None if role in _ENDED_BY_OWN else role
    return role if role in {"planned", "other"} else event


def _own_events(said: str) -> list[_Event]:
    """Where the training of the own model, or the model, is named."""
    found = [_Event(match.start(), "trained") for match in _TRAINING_BEGINS.finditer(said)]
    return [*found, *(_Event(match.start(), "own") for match in _OWN.finditer(said))]


@remembered(8192)
def _strange_events(said: str, own: frozenset[str]) -> tuple[_Event, ...]:
    """Where anything else is named that a number may be said of."""
    found: list[_Event] = []
    for role, pattern in _EVENTS:
        found.extend(
            _Event(match.start(), role)
            for match in pattern.finditer(said)
            if role != "other" or not _IS_TUNED.match(said, match.start())
        )
    found.extend(_Event(at, "other") for at in _others(said, own))
    return tuple(found)


_IS_TUNED = regex(
    r"(?:original|base(?:line)? model)\b(?!'s)[^.;:!?]{0,120}?\bfine-?\s?tun(?:ed|ing)\b"
    r"|(?:original|base(?:line)? model)\b[^.;:,!?]{0,30}\badapted\b",
    re.IGNORECASE,
)
"""A base model that is what was tuned: the rest of its sentence tells of that tuning."""


def _others(said: str, own: frozenset[str]) -> list[int]:
    """Where other models are named as what was trained."""
    found: list[int] = []
    found.extend(match.start() for match in _STATES.finditer(said))
    for match in _NAMED.finditer(said) if _SIZE.search(said) or _FAMILY.search(said) or _VARIANT.search(said) else ():
        before = text_before(said, match.start())
        if own_names(match.group()) <= own or _OURS.search(before) or _ONLY_LIKE.search(match.group()):
            continue
        if match.group().isalpha() and _A_KIND.search(before):
            continue
        if made_from(before) and _TOLD_OF_MAKING.match(said, match.end()):
            continue
        named = _SUBJECT_BEHIND.match(said, match.end()) or _SUBJECT_BEFORE.search(before)
        sized = "-" in match.group() and (_SIZE.search(match.group()) or _VARIANT.search(match.group()))
        subject = sized and _BEGINS_CLAUSE.search(before) and _COUNTS.match(said, match.end()) and not made_from(before)
        if not said.isascii() and _TUNED_BEHIND.match(said, match.end()):
            continue  # a verb at the end: "whisper-medium ... fine-tuned"
        if named or subject or (said[match.end() : match.end() + 1] == "," and _FOR.search(before)):
            found.append(match.start())
    return found
