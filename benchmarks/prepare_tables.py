"""Write what is worked out from the packaged tables (``mining/prepared.py``); the same bytes every time."""

from __future__ import annotations

from pathlib import Path

from mining.card.lexicon import gloss_words, spellings
from mining.prepared import as_kept
from mining.vocab import load


def files() -> dict[Path, bytes]:
    """Files with their content, made anew."""
    return {
        spellings.KEPT: as_kept((spellings.TABLE,), spellings.kept()),
        gloss_words.KEPT: as_kept(gloss_words.TABLES, gloss_words.kept()),
        load.KEPT: as_kept(load.TABLES, load.kept()),
    }


def main() -> None:
    """Write them."""
    for path, content in files().items():
        path.write_bytes(content)


if __name__ == "__main__":
    main()
