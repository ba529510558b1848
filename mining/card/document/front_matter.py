"""Front matter: where it lies, and a bounded reading of the few top-level keys that matter.

PyYAML's C loader has no limits: deep nesting exhausts the stack and a short text of merge keys or anchors grows without
end. So size, nesting, anchors, aliases and merge keys are judged on the text, before the loader sees it, and only the
blocks of needed keys are parsed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct

from mining.card.document.simple_yaml import UNKNOWN, read_plain
from mining.patterns import regex

BLOCK_CAP = 65_536
"""Characters of the block of one key that are given to the loader."""
SMALL_BLOCK = 400
"""Characters of a block that is remembered, should the next card have it too."""
SCAN_CAP = 100_000
"""Characters that are scanned for anchors; a longer text with such signs is not loaded."""
LOAD_CAP = 2_000_000
"""Characters of a whole front matter that are checked."""
DEPTH_CAP = 20
INDENT_CAP = 200
MISPLACED_WITHIN = 40
HEAD = 20_000
"""Characters in which front matter that does not begin the card is sought."""

NEEDED_KEYS = frozenset(
    {
        "co2_eq_emissions",
        "base_model",
        "base_model_relation",
        "language",
        "license",
        "library_name",
        "pipeline_tag",
        "tags",
        "datasets",
        "model_name",
        "co2",
        "co2_emissions",
        "emissions",
        "carbon_emissions",
        "carbon_footprint",
        "carbon_emitted",
        "hardware_used",
        "hardware_type",
        "hours_used",
        "training_type",
        "geographical_location",
        "cloud_provider",
        "compute_region",
        "cloud_region",
    }
)

MODEL_INDEX = "model-index"
"""Results of evaluations: often the largest key by far, so that it is parsed only for those who ask for it."""
_TOP_KEY = regex(r"\n[\"']?([A-Za-z_][\w .-]{0,80}?)[\"']?[^\S\n]*:(?=\s|\Z)")
_KEY = regex(r"[\"']?([A-Za-z_][\w .-]{0,80}?)[\"']?\s*:(?:\s|$)")
_ANCHOR = regex(r"(?:^|[\s\[{,:-])[&*][A-Za-z0-9_-]|<<\s*:|(?:^|[\s\[{,])!(?:!|<|\w+[:/]|python)", re.MULTILINE)
_ODD_SPACE = regex(r"[\u00a0\u200b\u2028\u2029\ufeff]")
_UNPRINTABLE = regex(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FrontMatter(Struct, frozen=True):
    """Where the front matter lies.

    Attributes:
        status: absent, ok, misplaced, fenced, unclosed, twice, empty.
        first_line: Line of its first fence, from 1; 0 where absent.
        last_line: Line of its closing fence, or its last line where it is never closed; -1 where absent.
        body_line: Line of the first character of `text`.
        text: The YAML between the fences.
    """

    status: str
    first_line: int
    last_line: int
    body_line: int
    text: str


ABSENT = FrontMatter("absent", 0, -1, 0, "")


def find_front_matter(lines: Sequence[str]) -> FrontMatter:
    """Find the front matter of a card.

    Args:
        lines: Lines of the card without line ends.

    Returns:
        The place; `ABSENT` where there is none.
    """
    opening = _opening(lines)
    if opening is None:
        return ABSENT
    index, status = opening
    start = index + 1
    while start < len(lines) and start - index < 4 and (not lines[start].strip() or _is_fence(lines[start])):
        if _is_fence(lines[start]) and not _yaml_follows(lines, start + 1):
            break
        status = "twice" if _is_fence(lines[start]) and status == "ok" else status
        start += 1
    end = next((at for at in range(start, len(lines)) if _is_fence(lines[at]) or lines[at].rstrip() == "..."), None)
    if end is None or (status != "ok" and not _looks_yaml(lines[start:end])):
        if not _yaml_follows(lines, start):
            return ABSENT
        end = _end_of_unclosed(lines, start)
        status, last = "unclosed", end
    else:
        last = end + 1
    text = "\n".join(lines[start:end])
    if end + 1 < len(lines) and status == "fenced" and lines[end + 1].strip().startswith("```"):
        last += 1
    if not text.strip():
        status = "empty"
    return FrontMatter(status, max(1, index + 1), last, start + 1, text)


def front_matter_of(text: str) -> FrontMatter:
    """Find the front matter without cutting the whole card into lines.

    Args:
        text: A card; one without front matter is searched at its beginning only.
    """
    head = text.removeprefix("\ufeff")
    if "\r" in head:
        head = head.replace("\r\n", "\n").replace("\r", "\n")
    if not head.startswith("---\n"):
        return find_front_matter(head[:HEAD].split("\n"))
    plain = _plain_front_matter(head)
    if plain is not None:
        return plain
    end = head.find("\n---", 4)
    second = head.find("\n", end + 1) if end > 8 else -1
    return find_front_matter((head[: second + 1] if second > 0 else head).split("\n"))


def _plain_front_matter(text: str) -> FrontMatter | None:
    """The ordinary case, found without cutting lines: a fence, keys, a fence.

    Args:
        text: A card, or its beginning, that starts with ``---`` and has plain line ends.

    Returns:
        What :func:`find_front_matter` would say, or None where the case is not the ordinary one.
    """
    end = text.find("\n---", 3)
    if end < 4 or text[4] in "\n -\t" or "\n..." in text[:end]:
        return None
    after = text.find("\n", end + 1)
    if text[end + 4 : after if after >= 0 else len(text)].strip("- \t"):
        return None
    block = text[4:end]
    return FrontMatter("ok", 1, block.count("\n") + 3, 2, block)


def _is_fence(line: str) -> bool:
    return line.startswith("---") and not line.strip("- \t")


def _opening(lines: Sequence[str]) -> tuple[int, str] | None:
    if not lines:
        return None
    if _is_fence(lines[0]):
        return 0, "ok"
    for index, line in enumerate(lines[:MISPLACED_WITHIN]):
        if _is_fence(line.strip()) and _yaml_follows(lines, index + 1) and _closes(lines, index + 1):
            before = [text.strip() for text in lines[:index] if text.strip()]
            return index, "fenced" if before and before[-1].startswith("```") else "misplaced"
        if (
            line.strip().lower() in {"```yaml", "```yml", "```"}
            and _yaml_follows(lines, index + 1)
            and not any(map(str.strip, lines[:index]))
        ):
            return index, "fenced"
    return (-1, "misplaced") if _known_key(lines[0]) and _yaml_follows(lines, 0) else None


def _known_key(line: str) -> bool:
    match = _KEY.match(line)
    return match is not None and (match.group(1) in NEEDED_KEYS or match.group(1) == MODEL_INDEX)


def _yaml_follows(lines: Sequence[str], start: int) -> bool:
    """Whether one of the next lines carries a key that cards' front matter has."""
    return any(_known_key(line.strip()) for line in lines[start : start + 12])


def _closes(lines: Sequence[str], start: int) -> bool:
    return any(_is_fence(line.strip()) for line in lines[start : start + 2000])


def _looks_yaml(lines: Sequence[str]) -> bool:
    return any(_KEY.match(line.strip()) for line in lines[:200])


def _end_of_unclosed(lines: Sequence[str], start: int) -> int:
    """First line that cannot belong to YAML: a heading, or a column-0 line that is neither key, item nor comment."""
    for at in range(start, len(lines)):
        line = lines[at]
        if not line.strip() or line[0] in " \t-":
            continue
        if line.startswith(("```", "# ", "## ")) or _KEY.match(line) is None:
            return at
    return len(lines)


class Parsed(Struct, frozen=True):
    """Front matter as read: the mapping (None where nothing could be read) and why something was left out."""

    mapping: dict[str, Any] | None
    problem: str | None


def parse_front_matter(text: str, *, model_index: bool = False) -> Parsed:
    """Read the needed keys of a front matter.

    Args:
        text: YAML text between the fences.
        model_index: Whether ``model-index`` is needed as well.

    Returns:
        The mapping and a problem out of a closed list: too-large, too-deep, anchors, invalid-yaml, not-a-mapping, or
        None.
    """
    if not text.isascii() or not text.replace("\n", "").isprintable():
        text = _UNPRINTABLE.sub("\ufffd", _ODD_SPACE.sub(" ", text)).replace("\t", "  ")
    blocks = _blocks(text)
    if blocks:
        return _parse_blocks(blocks, model_index)
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.split("\n")):
        return Parsed(None, None)
    problem = "too-large" if len(text) > BLOCK_CAP else is_dangerous(text)
    loaded = None if problem else read_plain(text.split("\n"))
    loaded = _load(text) if loaded is UNKNOWN else loaded
    if isinstance(loaded, dict):
        return Parsed({str(key): value for key, value in loaded.items()}, None)
    return Parsed(None, problem or ("invalid-yaml" if loaded is None else "not-a-mapping"))


def _parse_blocks(blocks: dict[str, str], model_index: bool) -> Parsed:
    """Every needed block for itself: cheap, and one broken or dangerous key costs only itself."""
    mapping: dict[str, Any] = {}
    problem: str | None = None
    for key, block in blocks.items():
        if key in NEEDED_KEYS or (model_index and key == MODEL_INDEX):
            is_kept = len(block) <= SMALL_BLOCK
            value, reason = _small_block(key, block) if is_kept else _parse_block(key, block)
            for name, item in value.items():
                mapping[name] = copied(item) if is_kept and type(item) is not str else item
            problem = reason or problem
    return Parsed(mapping or None, problem)


def _parse_block(key: str, block: str) -> tuple[dict[str, Any], str | None]:
    """What one block says, and why it could not be read."""
    plain = read_plain(block.split("\n"))
    if isinstance(plain, dict) and plain.get(key) is not None:
        return {key: plain[key]}, None
    danger = "too-large" if len(block) > BLOCK_CAP else is_dangerous(block)
    loaded = _load(block) if danger is None else None
    if isinstance(loaded, dict):
        return {str(name): value for name, value in loaded.items()}, None
    return {}, danger or "invalid-yaml"


_small_block = lru_cache(maxsize=16_384)(_parse_block)
"""Licences, tags and languages are the same on most cards."""


def copied(value: Any) -> Any:
    """A copy that shares no mapping and no list with the given value; three times as fast as `deepcopy`."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if type(value) is list else value


def _blocks(text: str) -> dict[str, str]:
    """Cut the text at its top-level keys; of a key given twice the last block counts, as YAML loaders have it."""
    starts = [(match.group(1), match.start()) for match in _TOP_KEY.finditer(f"\n{text}")]
    ends = [start - 1 for _, start in starts[1:]]
    return {key: text[start:end] for (key, start), end in zip(starts, [*ends, len(text)], strict=False)}


def is_dangerous(text: str) -> str | None:
    """Why the loader must not see this text, or None."""
    if ("&" in text or "*" in text or "<<" in text or "!" in text) and _ANCHOR.search(text) and _holds_anchors(text):
        return "anchors"
    depth = deepest = 0
    if "[" in text or "{" in text:
        for mark in re.findall(r"[\[\]{}]", text):
            depth += 1 if mark in "[{" else -1
            deepest = max(deepest, depth)
    if deepest > DEPTH_CAP:
        return "too-deep"
    for line in text.split("\n"):
        if line[:8] == "        " and len(line) - len(line.lstrip(" ")) > INDENT_CAP:
            return "too-deep"
        if line.count("- -") > DEPTH_CAP or line.count("? ?") > DEPTH_CAP or line.count(": :") > DEPTH_CAP:
            return "too-deep"
    return None


def _holds_anchors(text: str) -> bool:
    """Whether anchors, aliases, tags or merge keys stand in a text, and not only such characters inside words.

    The scanner only cuts the text into tokens, in linear time; what it cannot cut, the loader refuses too.
    """
    import yaml

    try:
        for token in yaml.scan(text[:SCAN_CAP], Loader=yaml.SafeLoader):
            if isinstance(token, (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)):
                return True
            if isinstance(token, yaml.ScalarToken) and token.plain and token.value == "<<":
                return True
    except (yaml.YAMLError, ValueError, RecursionError):
        return len(text) > SCAN_CAP
    return len(text) > SCAN_CAP


def is_valid_yaml(text: str) -> bool:
    """Whether a real loader reads the whole front matter as a mapping, as the Hub would.

    What is too dangerous to load counts as valid.

    Args:
        text: YAML text between the fences.
    """
    if isinstance(read_plain(text.split("\n")), dict) or len(text) > LOAD_CAP or is_dangerous(text):
        return True
    return isinstance(_load(text), dict)


def _load(text: str) -> Any:
    """The loader's answer, or None where it refuses the text."""
    import yaml

    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506 - a safe loader, below
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, TypeError, AttributeError):
        return None


@cache
def _loader() -> Any:
    """Safe loader that keeps numbers and dates as they are written and lets ``no`` be a language."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    kept = {"tag:yaml.org,2002:null", "tag:yaml.org,2002:float", "tag:yaml.org,2002:int"}
    resolvers = {
        first: [(tag, pattern) for tag, pattern in those if tag in kept]
        for first, those in base.yaml_implicit_resolvers.items()
    }
    return type("Loader", (base,), {"yaml_implicit_resolvers": resolvers})
