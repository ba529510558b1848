"""The few answers that need a token: who am I, and pull requests, which are recorded and never merged."""

from __future__ import annotations

import base64
import hashlib
import threading
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sample_hub.server.answers import Request, Response, ok, refusal
from sample_hub.server.repos import Repositories


@dataclass(frozen=True)
class PullRequest:
    """What a client committed.

    Attributes:
        model_id: Repository.
        number: Number of the pull request in that repository; 0 for a commit without one.
        summary: Commit message.
        description: Commit description.
        parent: Commit that the client started from, where it said so.
        files: Content of the files added or changed, by path.
        deleted: Paths deleted.
    """

    model_id: str
    number: int
    summary: str
    description: str = ""
    parent: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()


class Pulls:
    """Commits as clients sent them.

    Args:
        repositories: Where to look the repository up.
    """

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories
        self._lock = threading.Lock()
        self.received: list[PullRequest] = []

    def who_am_i(self, request: Request) -> Response:
        """``GET /api/whoami-v2``."""
        if request.token is None:
            return refusal(401, "Invalid username or password.", said="Invalid username or password.")
        auth = {"type": "access_token", "accessToken": {"displayName": "loopback", "role": "write"}}
        return ok(
            {
                "type": "user",
                "id": "0" * 24,
                "name": "synthetic-user",
                "fullname": "Synthetic User",
                "isPro": False,
                "auth": auth,
            }
        )

    def validate_yaml(self, request: Request) -> Response:
        """``POST /api/validate-yaml``: every card is accepted; the Hub's own rules are not repeated here."""
        try:
            body = msgspec.json.decode(request.body)
        except msgspec.DecodeError:
            return refusal(400, "invalid JSON")
        text = str(body.get("content", "")) if isinstance(body, dict) else ""
        warnings = [] if text.startswith("---") else [{"message": "empty or missing yaml metadata in repo card"}]
        return ok({"errors": [], "warnings": warnings})

    def preupload(self, model_id: str, request: Request) -> Response:
        """``POST /api/models/{id}/preupload/{rev}``: every file is small enough for git."""
        problem = self._problem(model_id, request)
        if problem is not None:
            return problem
        try:
            wanted = msgspec.json.decode(request.body)["files"]
            rows = [{"path": str(item["path"]), "uploadMode": "regular", "shouldIgnore": False} for item in wanted]
        except (msgspec.DecodeError, KeyError, TypeError):
            return refusal(400, "expected a list of files")
        return ok({"files": rows})

    def commit(self, model_id: str, request: Request) -> Response:
        """``POST /api/models/{id}/commit/{rev}``: NDJSON of a header and files; recorded, nothing else changes."""
        problem = self._problem(model_id, request)
        if problem is not None:
            return problem
        try:
            lines = [msgspec.json.decode(line) for line in request.body.splitlines() if line.strip()]
            parts = [(line["key"], line["value"]) for line in lines]
            header = next(value for key, value in parts if key == "header")
            files = {value["path"]: content_of(value) for key, value in parts if key == "file"}
        except (msgspec.DecodeError, KeyError, TypeError, ValueError, StopIteration):
            return refusal(400, "expected NDJSON with a header and files")
        deleted = tuple(value["path"] for key, value in parts if key in ("deletedFile", "deletedFolder"))
        with self._lock:
            number = 0
            if request.one("create_pr") in ("1", "true", "True"):
                number = 1 + sum(pull.model_id == model_id and pull.number > 0 for pull in self.received)
            self.received.append(
                PullRequest(
                    model_id,
                    number,
                    header.get("summary", ""),
                    header.get("description", ""),
                    header.get("parentCommit"),
                    files,
                    deleted,
                )
            )
            count = len(self.received)
        oid = hashlib.sha1(b"%d\n" % count + request.body, usedforsecurity=False).hexdigest()
        answer: dict[str, Any] = {
            "success": True,
            "commitOid": oid,
            "commitUrl": f"{request.host}/{model_id}/commit/{oid}",
            "hookOutput": "",
        }
        if number:
            answer["pullRequestUrl"] = f"{request.host}/{model_id}/discussions/{number}"
        return ok(answer)

    def discussions(self, model_id: str, request: Request) -> Response:
        """``GET /api/models/{id}/discussions``: the pull requests, all of them open."""
        problem = self._problem(model_id, request)
        if problem is not None:
            return problem
        with self._lock:
            pulls = [pull for pull in self.received if pull.model_id == model_id and pull.number > 0]
        rows = [{"num": pull.number, "title": pull.summary, "status": "open", "isPullRequest": True} for pull in pulls]
        return ok({"discussions": rows, "count": len(rows), "start": 0})

    def _problem(self, model_id: str, request: Request) -> Response | None:
        if request.token is None:
            return refusal(401, "Invalid username or password.", said="Invalid username or password.")
        index = self._repositories.look(model_id, request)
        return index if isinstance(index, Response) else None


def content_of(value: dict[str, str]) -> bytes:
    """Bytes of a committed file."""
    if value.get("encoding") == "base64":
        return base64.b64decode(value["content"], validate=True)
    return value["content"].encode()
