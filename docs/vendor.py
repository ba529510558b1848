"""Fetch the third-party files of the explorer's page anew (``make vendor``); a file with another SHA-256 is refused."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
import urllib.request
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "analysis" / "explorer" / "vendored"


def vendor(folder: Path = FOLDER) -> list[str]:
    """Names of the files that were fetched and written.

    Raises:
        SystemExit: A file is not the one that was pinned; nothing is written then.
    """
    fetched: dict[str, bytes] = {}
    for library in json.loads((folder / "vendored.json").read_text(encoding="utf-8")).values():
        with urllib.request.urlopen(library["archive"], timeout=60) as answer:  # noqa: S310 - https, pinned by digest
            packed = io.BytesIO(answer.read())
        with tarfile.open(fileobj=packed) as archive:
            for name, (member, digest) in library["files"].items():
                stream = archive.extractfile(member)
                body = stream.read() if stream else b""
                if hashlib.sha256(body).hexdigest() != digest:
                    sys.exit(f"vendor: {name} is not the file that was pinned; nothing was written")
                fetched[name] = body
    for name, body in fetched.items():
        (folder / name).write_bytes(body)
    return sorted(fetched)


if __name__ == "__main__":
    sys.stdout.write("\n".join(vendor()) + "\n")
