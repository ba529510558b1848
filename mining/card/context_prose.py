"""Context stated in sentences: "was trained on 8 V100 for 90 hours", the calculator's paragraph, the tool that measured."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from mining.card.anatomy import Anatomy, Line
from mining.card.context_fields import ELSEWHERE, device_claims, duration_claim, name_claim
from mining.card.context_values import is_generic, read_duration, read_name
from mining.schema import Claim, Quantity

__all__ = ["prose_claims", "tag_claims"]

LINE_CAP = 4_000
"""Characters of a paragraph that are looked at."""

_TRAINED = re.compile(
    r"\b(?:pre-?|re)?train(?:ed|ing|s)?\b|fine-?\s?tun(?:ed|ing|e)|finetun|\bperformed\b|\bconducted\b|\bspent\b"
    r"|\bcarried out\b|\bcomputation\b"
    r"|entra[iî]n|entren|treinad|addestra|trainiert|学習|训练|обуч|\bran on\b|\bran for\b|experiments",
    re.IGNORECASE,
)
_NOT_TRAINING = re.compile(
    r"inferen|\bdeploy|requir|recommend|\bneeds?\b|\bneeded\b|minimum|at least \d+\s?gb|\bserv(?:e|ing)\b|\bvram\b"
    r"|to run|can be run|runs? on|fits?\b|load(?:ed|ing)? (?:on|in|the model)"
    r"|latency|throughput|tokens?/s|evaluated on|quantiz|benchmark(?:ed|s)?\b|speed ?up|faster|if you|you can"
    r"|you (?:may|will|should|need)|support(?:s|ed)\b|compatible|tested on",
    re.IGNORECASE,
)
_HARDWARE_HINT = re.compile(
    r"gpu|tpu|[avph]100|h[28]00|a800|\brtx|\bgtx|titan|quadro|\bt4\b|\bl4\b|l40|a10g?\b|a[346]0\b|a[456]000|k80"
    r"|mi[1235]\d{2}|gaudi|trainium|ipu\b|dgx|ascend"
    r"|xeon|\bi[3579]-|epyc|ryzen|core\s?\(tm\)|\bm[1-5] (?:pro|max|ultra)|apple m[1-5]|macbook|\dxlarge|v[2-6][ep]?-\d|p40\b|a30\b",
    re.IGNORECASE,
)
_GENERIC = re.compile(r"[gt]pu|nvidia|tesla|geforce|accelerator|\bmac\b|macbook|apple|cpu", re.IGNORECASE)
_TIME_HINT = re.compile(
    r"\d\s?(?:h|s)\b|hours?|\bhrs?\b|\bdays?\b|weeks?|months?|minutes|\bmins?\b|seconds|heures|stunden|時間", re.IGNORECASE
)
_TIME_NEAR = re.compile(
    r"(?:train\w*|tun(?:ed|ing)|took|takes|taken|spent|last(?:ed|s)|ran|run|computation|compute|cumulative|within"
    r"|experiments?)\b[^.;]{0,160}$",
    re.IGNORECASE,
)
_TIME_AFTER = re.compile(
    r"^[\s)]{0,3}(?:(?:of|for|on|using|with|to)\s[^.;]{0,60})?(?:comput|train|fine-?tun|[gt]pu|v100|a100|h100|run\b|on (?:a|an|one|\d))",
    re.IGNORECASE,
)
_TIME_DECOY_BEFORE = re.compile(
    r"\b(?:per|each|every)\b[^.;]{0,24}$|audio|speech|video|\bold\b|within the (?:last|next)|in the (?:last|next"
    r"|past)|transcri|dialogue|recordings"
    r"|collected|update[sd]?\b|expires?|released?|deadline|response",
    re.IGNORECASE,
)
_TIME_DECOY_AFTER = re.compile(
    r"^\s?(?:per|each|/|a (?:day|week))\b|^.{0,20}\b(?:audio|speech|video|old|data|dataset|corpus|recordings?"
    r"|transcri\w*|dialogues?|later|ago|before|news|samples)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[a-zà-ÿ\d)%\]\"'])[.!?](?=\s+[A-Z\"'(\[]|\s*$)|(?<=[。！？])")

_TEMPLATE_TOOL = re.compile(
    r"(?:machine\s?learning|\bml)\s(?:co2\s)?(?:impact|emissions?|carbon)\s(?:impact\s)?calculator|mlco2\.github\.io"
    r"|ml\s?co2\b|\blacoste\b",
    re.IGNORECASE,
)
"""The calculator that the Hub's card template names; "can be estimated using" it is the template's sentence and states nothing."""
_TOOL_WORDS = (
    ("codecarbon", re.compile(r"code\s?-?carbon\b", re.IGNORECASE)),
    ("mlco2", _TEMPLATE_TOOL),
    ("carbontracker", re.compile(r"carbon\s?tracker\b", re.IGNORECASE)),
    ("eco2ai", re.compile(r"eco2\s?ai\b", re.IGNORECASE)),
    ("green-algorithms", re.compile(r"green[\s-]algorithms?\b", re.IGNORECASE)),
    ("experiment-impact-tracker", re.compile(r"experiment[\s-]impact[\s-]tracker", re.IGNORECASE)),
    ("cloud-carbon-footprint", re.compile(r"cloud carbon footprint", re.IGNORECASE)),
    ("cumulator", re.compile(r"\bcumulator\b", re.IGNORECASE)),
    ("ecologits", re.compile(r"\becologits\b", re.IGNORECASE)),
)
_TOOL_HINT = re.compile(r"carbon|calculator|mlco2|ml\s?co2|lacoste|eco2|green.algo|impact.tracker|cumulator|ecologits", re.IGNORECASE)
_MEASURED = re.compile(
    r"measur|estimat|track|calculat|comput|monitor|using|used|with\b|via\b|\bby\b|according to|reported|quantif"
    r"|record|obtained|thanks to|ermittelt|gemessen|mesur|calcul|medid|stimat|見積|計算|测",
    re.IGNORECASE,
)
_ONLY_POSSIBLE = re.compile(
    r"\b(?:can|could|may|might|should|to) be (?:\w+ )?(?:estimat|calculat|comput|measur)|you can (?:estimate"
    r"|calculate|use)|consider using|peut être estim|pueden? (?:ser )?estimar|podem ser estimad",
    re.IGNORECASE,
)
_AUTOTRAIN = re.compile(
    r"(?:train|tun)\w*\s(?:using|with|via|by|on|through)\s(?:the\s)?(?:hugging\s?face'?s?\s|hf\s|🤗\s?)?auto-?\s?(?:train|nlp)\b",
    re.IGNORECASE,
)
_WIDGET = re.compile(r"I love Auto(?:Train|NLP)\b")
"""The sentence that the service writes into every card as an example."""
_AUTOTRAIN_LINE = re.compile(r"^\W{0,6}CO2 Emissions \(in grams\)\W{1,6}\d", re.IGNORECASE)
_OF_TYPE = re.compile(
    r"in region (?P<region>[^,.;]{2,40}),? which has a carbon efficiency|us(?:ing|ed) (?P<provider>[^,.;]{2,40}?) in region", re.IGNORECASE
)
_PRETRAINING = re.compile(
    r"\b(?P<what>pre-?\s?training|fine-?\s?tuning)\s(?:took|takes|lasted|utilized|utilised|consumed"
    r"|was (?:done|performed|conducted|carried out) (?:by utili[sz]ing|by using|on|using)"
    r"|used (?:a|about|around|approximately))",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"tuned|finetun|pre-?\s?trained|built (?:on top|upon)", re.IGNORECASE)
_DEFINITION = re.compile(
    r"(?<!which )(?<!that )\bis an?\b[^.;:,]{0,80}?\b(?:model|transformer|network|encoder|decoder)s?,?\s(?P<pre>pre-?\s?trained\b)"
    r"|\b(?:this|the|our|it)\b[^.;:,]{0,60}?\b(?:is|was|has been)\s(?:an?\s)?(?:[\w-]+\s){0,3}?(?:fine-?\s?tuned|finetuned)\s"
    r"(?:version|variant|checkpoint|from)\b"
    r"|\bmodel (?:fine-?\s?tuned|finetuned) from\b|\b(?:was|is|were) built (?:on top of|upon) (?=[^\s.]{3,60}-)",
    re.IGNORECASE,
)
"""A description that says how the card's own model came about."""
_PLACE_BEHIND = re.compile(r"co2\w{0,3}\s{0,2}\((?P<region>[^\W\d][^()]{2,40})\)\W*$", re.IGNORECASE)


def prose_claims(card: Anatomy) -> Iterator[Claim]:
    """Context claims of all paragraphs of a body.

    Args:
        card: A dissected card.

    Yields:
        Claims with standard names, in order of lines.
    """
    for line in card.lines:
        if line.kind == "code" and _WIDGET.search(line.text):
            yield _named("autotrain", line, 0, len(line.text))
        if line.kind not in {"text", "heading", "table"} or len(line.plain) < 6:
            continue
        plain = line.plain[:LINE_CAP]
        if line.kind != "table":
            yield from _hardware_and_hours(card, line, plain)
            yield from _region(line, plain)
            yield from _training_type(line, plain)
        yield from _tool(card, line, plain)


def _sentences(plain: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE.finditer(plain):
        yield start, match.end()
        start = match.end()
    if start < len(plain):
        yield start, len(plain)


def _base(quantity: Quantity, line: Line, start: int, end: int) -> Claim:
    text = line.text[start:end].strip()
    return Claim(
        quantity=quantity,
        text=text,
        where=f"card:{line.section or ''}:{line.number}",
        line=line.number,
        section=line.section,
        scope="training-run",
        flags=("prose",),
    )


def _hardware_and_hours(card: Anatomy, line: Line, plain: str) -> Iterator[Claim]:
    device, time = _HARDWARE_HINT.search(plain), _TIME_HINT.search(plain)
    if (device is None and time is None) or (line.section and ELSEWHERE.search(line.section)):
        return
    trained_before = False
    for start, end in _sentences(plain):
        sentence = plain[start:end]
        trained = _TRAINED.search(sentence) is not None
        if _NOT_TRAINING.search(sentence):
            trained_before = False
            continue
        if device is not None and trained:
            weak = _GENERIC.search(sentence) is not None
            base = _base("hardware", line, start, end)
            yield from (claim for claim in device_claims(sentence, weak, base) if claim.label and not is_generic(claim.label))
        if time is not None and (trained or trained_before):
            yield from _hours(line, sentence, start, trained_before)
        trained_before = trained


def _hours(line: Line, sentence: str, start: int, trained_before: bool) -> Iterator[Claim]:
    duration = read_duration(sentence)
    if duration is None:
        return
    before, after = " ".join(sentence[: duration.start].split()), " " + " ".join(sentence[duration.end :].split())
    if _TIME_DECOY_BEFORE.search(before[-60:]) or _TIME_DECOY_AFTER.search(after[:40]):
        return
    if not (_TIME_NEAR.search(before[-200:]) or _TIME_AFTER.search(after[:80]) or (trained_before and _TIME_NEAR.search(before))):
        return
    end = start + len(sentence)
    yield duration_claim(duration, _base("duration", line, start, end), ())


def _region(line: Line, plain: str) -> Iterator[Claim]:
    if "carbon efficiency" in plain and (match := _OF_TYPE.search(plain)):
        for quantity in ("region", "provider"):
            for found in _OF_TYPE.finditer(plain):
                if found[quantity]:
                    yield name_claim(quantity, found[quantity], line.text[match.start() : match.end()], line, "training-run", ("prose",))
    behind = _PLACE_BEHIND.search(plain[-120:]) if plain.rstrip().endswith(")") else None
    if behind is not None and read_name("region", behind["region"]).name is not None:
        yield name_claim("region", behind["region"], line.text.strip(), line, "training-run", ("prose",))


def _training_type(line: Line, plain: str) -> Iterator[Claim]:
    match = _PRETRAINING.search(plain)
    if match is not None:
        text = line.text[match.start() : match.end()]
        yield name_claim("training-type", match["what"], text, line, "training-run", ("prose",))
        return
    defined = _DEFINITION.search(" ".join(plain[:600].split())) if _DEFINES.search(plain) else None
    if defined is not None:
        label = "pre-training" if defined["pre"] else "fine-tuning"
        yield replace(_base("training-type", line, 0, min(len(plain), 600)), label=label, flags=("prose", "definition"))


def _tool(card: Anatomy, line: Line, plain: str) -> Iterator[Claim]:
    if _AUTOTRAIN_LINE.match(plain) or ("auto" in plain.lower() and _AUTOTRAIN.search(plain)) or _WIDGET.search(plain):
        yield _named("autotrain", line, 0, len(plain))
        return
    if _TOOL_HINT.search(line.text) is None:
        return
    for start, end in _sentences(plain):
        # addresses are blanked in the plain text, and a link to the calculator counts as naming it
        for name, pattern in _TOOL_WORDS:
            match = pattern.search(plain, start, end) or (pattern.search(line.text, start, end) if name == "mlco2" else None)
            if match is not None and _is_use(plain, line.text, start, end, match):
                yield _named(name, line, start, end)


def _is_use(plain: str, text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether the sentence says that the tool was used, not that one could use it or that a package carries its name."""
    if match.re is _TEMPLATE_TOOL and _ONLY_POSSIBLE.search(plain, start, end):
        return False
    glued = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    if "-" in glued or "_" in glued:
        return False
    linked = "mlco2.github.io" in match.group().lower() and any(map(str.isdigit, plain[start:end]))
    return linked or _MEASURED.search(plain, start, end) is not None


def _named(name: str, line: Line, start: int, end: int) -> Claim:
    return replace(_base("tool", line, start, end), label=name)


def tag_claims(card: Anatomy) -> Iterator[Claim]:
    """The service that a tag of the front matter names as the trainer (AutoTrain, AutoNLP).

    Args:
        card: A dissected card.

    Yields:
        At most one tool claim.
    """
    in_tags = False
    for line in card.lines[max(0, card.front.first_line - 1) : max(0, card.front.last_line)]:
        in_tags = line.text.startswith("tags:") or (in_tags and line.text[:1] in " -\t")
        if in_tags and _TAG.search(line.text):
            yield Claim(quantity="tool", label="autotrain", text=line.text.strip(), where="metadata:tags", line=line.number, flags=("tag",))
            return


_TAG = re.compile(r"(?:^tags:\s*\[?|[\s,\"'-])(?:autotrain|autonlp)(?=[\s,\"'\]]|$)", re.IGNORECASE)
