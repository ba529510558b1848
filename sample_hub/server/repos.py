"""Answers about one repository: information, files, commits, sizes."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from sample_hub.server.answers import (
    TEXT_TYPE,
    Request,
    Response,
    disabled,
    entry_not_found,
    gated,
    moved,
    ok,
    ranged,
    refusal,
    repository_not_found,
    revision_not_found,
)
from sample_hub.server.catalog import Record
from sample_hub.server.listing import ALWAYS, expand_asked, is_true, pick, refused_field
from sample_hub.server.view import View

COMMITS_PER_PAGE = 50
MOST_PATHS = 2000
INFO = (
    *ALWAYS, "private", "pipeline_tag", "library_name", "tags", "downloads", "likes", "modelId", "author", "sha",
    "lastModified", "gated", "disabled", "mask_token", "widgetData", "model-index", "config", "cardData",
    "transformersInfo", "siblings", "spaces", "createdAt", "safetensors", "gguf", "usedStorage",
)  # fmt: skip


def blob_id(content: bytes) -> str:
    """Git's own name of a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def made_up_hash(text: str) -> str:
    """A stand-in for the SHA-256 of weights that do not exist."""
    return hashlib.sha256(text.encode()).hexdigest()


class Repositories:
    """Answers about single repositories of a view.

    Args:
        view: Models as they stand.
        refused: Fields that information about one model refuses to expand.
    """

    def __init__(self, view: View, refused: Collection[str] = ()) -> None:
        self._view = view
        self._refused = frozenset(refused)

    def look(self, model_id: str, request: Request) -> int | Response:
        """Index of a model that can be looked at, or the answer that says why not (gone, gated, renamed)."""
        catalog = self._view.catalog
        index = catalog.find(model_id)
        if index is None or not self._view.alive(index):
            new = catalog.moved(model_id)
            if new is not None:
                query = f"?{urlencode(request.query)}" if request.query else ""
                return moved(request.path.replace(f"/{model_id}", f"/{new}", 1) + query)
            return repository_not_found(request.token)
        access = catalog.access(index)
        if access == "gone":
            return repository_not_found(request.token)
        return disabled() if access == "disabled" else index

    def revision(self, index: int, revision: str) -> str | None:
        """Commit that a branch name or a commit name stands for, or None."""
        sha = str(self._view.catalog.record(index)["sha"])
        if revision in ("main", "HEAD", sha):
            return sha
        known = {commit["id"] for commit in self._view.catalog.commits(index)}
        return revision if revision in known else None

    def with_revision(
        self, model_id: str, revision: str, request: Request, then: Callable[[int, str], Response]
    ) -> Response:
        """Go on with the model's index and commit, or answer why that cannot be."""
        index = self.look(model_id, request)
        if isinstance(index, Response):
            return index
        sha = self.revision(index, revision)
        return revision_not_found(revision) if sha is None else then(index, sha)

    def info(self, model_id: str, revision: str, request: Request) -> Response:
        """``GET /api/models/{id}``."""
        asked = expand_asked(request)
        problem = refused_field(asked, self._refused)
        if problem is not None:
            return problem

        def tell(index: int, sha: str) -> Response:
            record = self._view.catalog.record(index) | {"sha": sha}
            row = pick(record, (*ALWAYS, *asked)) if asked else pick(record, INFO)
            if is_true(request.one("blobs")) and "siblings" in record:
                row["siblings"] = [self._blob(index, item["rfilename"]) for item in record["siblings"]]
            return ok(row)

        return self.with_revision(model_id, revision, request, tell)

    def _size(self, index: int, path: str) -> int:
        """Bytes of a file: its own where it has a text, else its share of the storage."""
        texts = self._view.catalog.files(index)
        if path in texts:
            return len(texts[path])
        record = self._view.catalog.record(index)
        weights = [item["rfilename"] for item in record["siblings"] if is_large(item["rfilename"])]
        if path in weights:
            return int(record.get("usedStorage", 0)) // len(weights)
        return 1519 if path == ".gitattributes" else 700

    def _blob(self, index: int, path: str) -> Record:
        model_id, size = self._view.catalog.record(index)["id"], self._size(index, path)
        texts = self._view.catalog.files(index)
        oid = blob_id(texts[path]) if path in texts else made_up_hash(f"{model_id}/{path}")[:40]
        row: Record = {"rfilename": path, "blobId": oid, "size": size}
        if is_large(path):
            row["lfs"] = {"sha256": made_up_hash(f"{model_id}/{path}"), "size": size, "pointerSize": 135}
        return row

    def commits(self, model_id: str, revision: str, request: Request) -> Response:
        """``GET /api/models/{id}/commits/{rev}?p=&limit=``, with ``X-Total-Count`` and ``Link``."""

        def tell(index: int, _sha: str) -> Response:
            rows = self._view.catalog.commits(index)
            page = number_or(request.one("p"), 0)
            size = min(number_or(request.one("limit"), COMMITS_PER_PAGE), 1000) or COMMITS_PER_PAGE
            headers = {"X-Total-Count": str(len(rows))}
            if page + 1 < math.ceil(len(rows) / size):
                query = [(name, value) for name, value in request.query if name != "p"]
                headers["Link"] = f'<{request.host}{request.path}?{urlencode([*query, ("p", page + 1)])}>; rel="next"'
            return ok(rows[page * size : (page + 1) * size], headers)

        return self.with_revision(model_id, revision, request, tell)

    def tree_size(self, model_id: str, revision: str, path: str, request: Request) -> Response:
        """``GET /api/models/{id}/treesize/{rev}/{path}``."""

        def tell(index: int, _sha: str) -> Response:
            names = [item["rfilename"] for item in self._view.catalog.record(index)["siblings"]]
            return ok(
                {"path": f"/{path}", "size": sum(self._size(index, name) for name in names if name.startswith(path))}
            )

        return self.with_revision(model_id, revision, request, tell)

    def paths_info(self, model_id: str, revision: str, request: Request) -> Response:
        """``POST /api/models/{id}/paths-info/{rev}``: unknown paths are left out."""
        paths = asked_paths(request)
        if len(paths) > MOST_PATHS:
            return refusal(400, f"too many paths: at most {MOST_PATHS}")

        def tell(index: int, _sha: str) -> Response:
            known = {item["rfilename"] for item in self._view.catalog.record(index)["siblings"]}
            return ok([self._path_row(index, path) for path in paths if path in known])

        return self.with_revision(model_id, revision, request, tell)

    def tree(self, model_id: str, revision: str, request: Request) -> Response:
        """``GET /api/models/{id}/tree/{rev}``: all files in one page."""

        def tell(index: int, _sha: str) -> Response:
            return ok(
                [self._path_row(index, item["rfilename"]) for item in self._view.catalog.record(index)["siblings"]]
            )

        return self.with_revision(model_id, revision, request, tell)

    def _path_row(self, index: int, path: str) -> Record:
        blob = self._blob(index, path)
        row = {"type": "file", "oid": blob["blobId"], "size": blob["size"], "path": path}
        if "lfs" in blob:
            row["lfs"] = {"oid": blob["lfs"]["sha256"], "size": blob["size"], "pointerSize": 135}
        return row

    def resolve(self, model_id: str, revision: str, path: str, request: Request) -> Response:
        """``/{id}/resolve/{rev}/{path}``: 307 to the cache address, with commit and ETag; no weights."""

        def tell(index: int, sha: str) -> Response:
            content = self._readable(index, path, request)
            if isinstance(content, Response):
                return Response(
                    content.status, content.body, content.headers | {"X-Repo-Commit": sha}, content.content_type
                )
            etag = f'"{blob_id(content)}"'
            origin = quote(f"/{model_id}/resolve/{revision}/{path}", "")
            address = f"/api/resolve-cache/models/{quote(model_id)}/{sha}/{quote(path)}?{origin}="
            headers = {"X-Repo-Commit": sha, "ETag": etag, "X-Linked-Size": str(len(content)), "X-Linked-ETag": etag}
            answer = moved(f"{address}&etag={quote(etag, '')}")
            return Response(answer.status, answer.body, answer.headers | headers, answer.content_type)

        return self.with_revision(model_id, revision, request, tell)

    def raw(self, model_id: str, revision: str, path: str, request: Request) -> Response:
        """``/{id}/raw/{rev}/{path}`` and the cache address: the file itself."""

        def tell(index: int, sha: str) -> Response:
            content = self._readable(index, path, request)
            if isinstance(content, Response):
                return content
            headers = {
                "X-Repo-Commit": sha,
                "ETag": f'"{blob_id(content)}"',
                "Content-Disposition": f"inline; filename*=UTF-8''{quote(path.rsplit('/', 1)[-1])}",
            }
            return ranged(Response(200, content, headers, TEXT_TYPE), request)

        return self.with_revision(model_id, revision, request, tell)

    def _readable(self, index: int, path: str, request: Request) -> bytes | Response:
        """Content of a text file, or the answer that says why not."""
        catalog = self._view.catalog
        record = catalog.record(index)
        if catalog.access(index) == "gated":
            return gated(record["id"], request.token)
        content = catalog.files(index).get(path)
        if content is not None:
            return content
        if any(item["rfilename"] == path for item in record["siblings"]):
            if is_large(path):
                return refusal(403, "the loopback Hub holds no weights")
            return b"{}\n" if path.endswith(".json") else b""
        return entry_not_found()

    def dataset(self, dataset_id: str, request: Request) -> Response:
        """``GET /api/datasets/{id}``."""
        known = self._view.catalog.dataset(dataset_id)
        if known is None:
            return repository_not_found(request.token)
        asked = expand_asked(request)
        if request.one("blobs"):
            files = self._view.catalog.dataset_files(dataset_id)
            return ok(known | {"siblings": [large_file(name, content) for name, content in sorted(files.items())]})
        return ok(pick(known, (*ALWAYS, *asked)) if asked else known)

    def dataset_tree(self, dataset_id: str, folder: str, request: Request) -> Response:
        """``GET /api/datasets/{id}/tree/{rev}/{folder}``, ``POST .../paths-info/{rev}``: the unknown is left out."""
        files = self._view.catalog.dataset_files(dataset_id)
        asked = (
            asked_paths(request) if request.method == "POST" else [p for p in files if p.rpartition("/")[0] == folder]
        )
        rows = []
        for path in sorted(path for path in asked if path in files):
            row = large_file(path, files[path])
            lfs = {"oid": row["lfs"]["sha256"], "size": row["size"], "pointerSize": 135}
            rows.append({"type": "file", "oid": row["blobId"], "size": row["size"], "path": path, "lfs": lfs})
        return ok(rows)

    def dataset_file(self, dataset_id: str, revision: str, path: str, request: Request) -> Response:
        """``/datasets/{id}/resolve/{rev}/{path}``: the file itself, without the Hub's redirect before it."""
        known = self._view.catalog.dataset(dataset_id)
        if known is None:
            return repository_not_found(request.token)
        if revision not in ("main", known["sha"]):
            return revision_not_found(revision)
        content = self._view.catalog.dataset_files(dataset_id).get(path)
        headers = {"X-Repo-Commit": known["sha"]}
        if content is None:
            missing = entry_not_found()
            return Response(missing.status, missing.body, missing.headers | headers, missing.content_type)
        headers |= {"ETag": f'"{blob_id(content)}"', "Accept-Ranges": "bytes"}
        return ranged(Response(200, content, headers, "application/octet-stream"), request)


def large_file(name: str, content: bytes) -> Record:
    """A file of a data set as ``blobs=true`` lists it: the Hub keeps its digest."""
    digest = hashlib.sha256(content).hexdigest()
    lfs = {"sha256": digest, "size": len(content), "pointerSize": 135}
    return {"rfilename": name, "blobId": blob_id(content), "size": len(content), "lfs": lfs}


def is_large(path: str) -> bool:
    """Whether a file holds weights, which the Hub keeps outside git."""
    return path.endswith(
        (".safetensors", ".bin", ".gguf", ".h5", ".pt", ".pth", ".zip", ".onnx", ".keras", ".pkl", ".npz")
    )


def number_or(text: str | None, default: int) -> int:
    """A number of the query, or the default."""
    return int(text) if text is not None and text.isdigit() else default


def asked_paths(request: Request) -> list[str]:
    """Paths of a ``paths-info`` request, sent as JSON or as a form."""
    if "json" in request.content_type:
        body: Any = msgspec.json.decode(request.body)
        given: Iterable[Any] = body.get("paths", []) if isinstance(body, dict) else []
        return [str(path) for path in ([given] if isinstance(given, str) else given)]
    return [value for name, value in parse_qsl(request.body.decode()) if name == "paths"]
