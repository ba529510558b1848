"""Closed vocabularies and packaged reference data.

``vocabulary(name)`` gives an encoder (standard, fixed, hopeless, unseen), ``finder(name)`` finds its spellings inside a
text, ``is_hopeless(text)`` knows placeholders, ``intensity(place)`` and ``power(hardware)`` answer from packaged tables
with their band; ``mining.vocab.quarantine`` counts what stood in no list. Tables are read when they are first needed;
their origin is told in ``SOURCES.md``.
"""

from __future__ import annotations

from mining.vocab.encoder import Coded, Encoder, fold
from mining.vocab.finder import Finder, Match
from mining.vocab.load import VOCABULARIES, finder, is_hopeless, vocabulary
from mining.vocab.reference import IntensityEstimate, PowerEstimate, country_of, intensity, machine, power

__all__ = [
    "VOCABULARIES", "Coded", "Encoder", "Finder", "IntensityEstimate", "Match", "PowerEstimate", "country_of", "finder",
    "fold", "intensity", "is_hopeless", "machine", "power", "vocabulary",
]  # fmt: skip
