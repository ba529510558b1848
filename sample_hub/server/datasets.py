"""Data sets that clients create and commit to: kept in memory, read back as they were sent.

The server answers every preupload with ``regular``, so that files of any size come inside the commit itself.
"""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass, field

import msgspec

from sample_hub.server.answers import Request, Response, ok, refusal, repository_not_found
from sample_hub.server.pulls import content_of

VERB = re.compile(r"/api/datasets/(?P<id>[^/]+/[^/]+)/(?P<verb>preupload|commit|revision)/[^/]+")


@dataclass
class CreatedDatasets:
    """Data sets by name.

    Attributes:
        files: Content of the files of each data set, by path.
        commits: Messages of the commits to each data set, oldest first.
    """

    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    commits: dict[str, list[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def create(self, request: Request) -> Response:
        """``POST /api/repos/create``."""
        if request.token is None:
            return refusal(401, "Invalid username or password.")
        try:
            body = msgspec.json.decode(request.body)
            name = f"{body.get('organization') or 'synthetic-user'}/{body['name']}"
        except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
            return refusal(400, "expected a name")
        address = f"{request.host}/datasets/{name}"
        with self._lock:
            if name in self.files:
                return Response(
                    409, msgspec.json.encode({"error": "You already created this dataset repo", "url": address})
                )
            self.files[name], self.commits[name] = {}, []
        return ok({"url": address, "name": name, "id": name})

    def act(self, match: re.Match[str], request: Request) -> Response:
        """Preupload, commit or revision of one data set."""
        name = match["id"]
        if name not in self.files:
            return repository_not_found(request.token)
        if match["verb"] == "revision":
            return self.info(name)
        if request.token is None:
            return refusal(401, "Invalid username or password.")
        try:
            return self._preupload(request) if match["verb"] == "preupload" else self._commit(name, request)
        except (msgspec.DecodeError, KeyError, TypeError, ValueError, StopIteration):
            return refusal(400, "expected files")

    def info(self, name: str) -> Response:
        """What ``/api/datasets/{id}`` says of a data set that was created here."""
        files = self.files[name]
        digest = hashlib.sha1(repr(sorted(files.items())).encode(), usedforsecurity=False).hexdigest()
        siblings = [{"rfilename": path} for path in sorted(files)]
        return ok({"_id": digest[:24], "id": name, "sha": digest, "private": False, "tags": [], "siblings": siblings})

    def _preupload(self, request: Request) -> Response:
        wanted = msgspec.json.decode(request.body)["files"]
        rows = [{"path": str(item["path"]), "uploadMode": "regular", "shouldIgnore": False} for item in wanted]
        return ok({"files": rows})

    def _commit(self, name: str, request: Request) -> Response:
        lines = [msgspec.json.decode(line) for line in request.body.splitlines() if line.strip()]
        header = next(line["value"] for line in lines if line["key"] == "header")
        files = {line["value"]["path"]: content_of(line["value"]) for line in lines if line["key"] == "file"}
        with self._lock:
            self.files[name] |= files
            self.commits[name].append(str(header.get("summary", "")))
        oid = hashlib.sha1(request.body, usedforsecurity=False).hexdigest()
        address = f"{request.host}/datasets/{name}/commit/{oid}"
        return ok({"success": True, "commitOid": oid, "commitUrl": address, "hookOutput": ""})
