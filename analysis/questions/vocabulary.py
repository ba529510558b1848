"""What the closed vocabularies of mining say of a tag or a tool; the questions' only door to them."""

from __future__ import annotations

from collections.abc import Iterable

from mining.vocab.load import vocabulary

METER_KINDS = {"tracker": "meter", "measurement": "meter", "platform": "platform", "dashboard": "dashboard"}
CALCULATED, NOT_SAID = "calculator", "not said"


def tasks_of(tags: Iterable[str]) -> str:
    """All tasks among the tags of a model, joined; empty where there is none.

    >>> tasks_of(["pytorch", "translation", "text2text-generation"])
    'text2text-generation+translation'
    """
    known = vocabulary("task")
    return "+".join(sorted({name for tag in tags if (name := known.encode(tag).name)}))


def kind_of_tool(tool: str | None) -> str:
    """Whether a number was read from a meter, a platform or a dashboard, worked out by a calculator, or not said.

    >>> kind_of_tool("codecarbon"), kind_of_tool("mlco2"), kind_of_tool(None)
    ('meter', 'calculator', 'not said')
    """
    known = vocabulary("tool")
    if tool is None or tool not in known:
        return NOT_SAID
    return METER_KINDS.get(known.attributes(tool).get("kind", ""), CALCULATED)
