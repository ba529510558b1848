"""Expressions that are looked for by their stems first.

Every text that such an expression matches holds one of them.
"""

from __future__ import annotations

import importlib
import pickle
import pkgutil
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mining.card
from mining import patterns
from mining.patterns import regex


def gated() -> Iterator[tuple[str, str, int, tuple[frozenset[str], ...]]]:
    seen = set()
    for module in pkgutil.walk_packages(mining.card.__path__, "mining.card."):
        names = vars(importlib.import_module(module.name))
        for name, value in names.items():
            flat = value if isinstance(value, tuple) else (value,)
            for one in (part for item in flat for part in (item if isinstance(item, tuple) else (item,))):
                if isinstance(one, patterns._Later) and one._stems and one.pattern not in seen:
                    seen.add(one.pattern)
                    yield f"{module.name}.{name}", one.pattern, one._options, one.stems()


GATED = list(gated())


def test_there_are_such_expressions() -> None:
    assert len(GATED) > 40


@pytest.mark.parametrize(("name", "source", "options", "stems"), GATED)
def test_whatever_matches_holds_a_stem(name: str, source: str, options: int, stems: tuple[frozenset[str], ...]) -> None:
    @settings(max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(re.compile(source, options & ~re.IGNORECASE)))
    def check(text: str) -> None:
        assert all(any(stem in text.lower() for stem in group) for group in stems), (name, text)

    check()


def test_stems_change_nothing_but_the_time() -> None:
    plain, quick = regex(r"\bm[ao]le\b", re.IGNORECASE), regex(r"\bm[ao]le\b", re.IGNORECASE, "mole;male")
    for text in ("a MOLE here", "nothing", "mule", "male mole"):
        assert (plain.search(text) is None) == (quick.search(text) is None)
        assert [one.span() for one in plain.finditer(text)] == [one.span() for one in quick.finditer(text)]
        assert plain.sub("x", text) == quick.sub("x", text)
    assert quick.search("male mole", 4).group() == "mole"  # type: ignore[union-attr]
    assert pickle.loads(pickle.dumps(quick)).search("a mole").span() == (2, 6)
