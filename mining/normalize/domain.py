"""Application domain of a model.

Two rules stand side by side: today's (the Hub's task decides, then the tags that name a task or a family of models) and
the 2023 study's tag dictionary, made deterministic. The study took the most frequent domain among a model's *distinct*
domains, so that ties, hence nearly all conflicts, fell to the interpreter's hash order; here votes are counted per tag,
tasks before model families before concepts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from mining.vocab import vocabulary

ORDER = ("NLP", "Computer Vision", "Audio", "Multimodal", "Reinforcement Learning", "Tabular", "Other")

_LIBRARY_DOMAIN = {
    "sentence-transformers": "NLP", "setfit": "NLP", "spacy": "NLP", "flair": "NLP", "fasttext": "NLP",
    "stanza": "NLP", "span-marker": "NLP", "timm": "Computer Vision", "ultralytics": "Computer Vision",
    "diffusers": "Computer Vision", "speechbrain": "Audio", "espnet": "Audio", "pyannote-audio": "Audio",
    "asteroid": "Audio", "stable-baselines3": "Reinforcement Learning", "sample-factory": "Reinforcement Learning",
    "ml-agents": "Reinforcement Learning", "lerobot": "Reinforcement Learning", "sklearn": "Tabular",
}  # fmt: skip
"""Libraries that serve one domain only; asked last."""


def domain_of(pipeline_tag: str | None, tags: Sequence[str], library: str | None) -> tuple[str | None, str | None]:
    """Domain by today's rule.

    Args:
        pipeline_tag: Task as the Hub gives it.
        tags: Tags as listed.
        library: Main library.

    Returns:
        The domain and the rule that gave it: ``pipeline-tag``, ``task-tag`` or ``library``; (None, None) where nothing
        tells it.
    """
    if pipeline_tag and (domain := task_domain(pipeline_tag)):
        return domain, "pipeline-tag"
    told = [domain for tag in tags if (domain := task_domain(tag))]
    if told:
        return _winner(Counter(told)) if len(told) > 1 else told[0], "task-tag"
    if library and library in _LIBRARY_DOMAIN:
        return _LIBRARY_DOMAIN[library], "library"
    return None, None


@lru_cache(maxsize=65_536)
def task_domain(tag: str) -> str | None:
    """Domain of a task of the Hub; None for a tag that names no task of the vocabulary."""
    tasks = vocabulary("task")
    name = tasks.encode(tag).name
    return tasks.attributes(name)["domain"] if name is not None else None


def _winner(votes: Counter[str]) -> str:
    """Most votes; ties by the fixed order of domains."""
    return min(
        votes, key=lambda domain: (-votes[domain], ORDER.index(domain) if domain in ORDER else len(ORDER), domain)
    )
