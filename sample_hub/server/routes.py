"""From method and path to an answer, its rate-limit bucket, and its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from sample_hub.server.answers import Request, Response, ok, refusal
from sample_hub.server.datasets import VERB, CreatedDatasets
from sample_hub.server.listing import Listing
from sample_hub.server.pulls import Pulls
from sample_hub.server.repos import Repositories
from sample_hub.server.view import View

VERBS = "revision|commits|treesize|paths-info|tree|preupload|commit"
# A legacy repository has a single name; a verb in second place tells the two forms apart.
MODEL_VERB = re.compile(
    rf"/api/models/(?P<id>(?!(?:[^/]+)/(?:{VERBS})/)[^/]+/[^/]+|[^/]+)/(?P<verb>{VERBS})/(?P<rev>[^/]+)(?P<rest>/.*)?"
)
DISCUSSIONS = re.compile(r"/api/models/(?P<id>[^/]+(?:/[^/]+)?)/discussions")
MODEL = re.compile(r"/api/models/(?P<id>[^/]+(?:/[^/]+)?)")
DATASET = re.compile(r"/api/datasets/(?P<id>[^/]+(?:/[^/]+)?)(?:/revision/[^/]+)?")
DATASET_TREE = re.compile(r"/api/datasets/(?P<id>[^/]+/[^/]+)/(?:tree|paths-info)/[^/]+(?:/(?P<folder>.+))?")
CACHE = re.compile(r"/api/resolve-cache/models/(?P<id>[^/]+(?:/[^/]+)?)/(?P<rev>[0-9a-f]{40})/(?P<path>.+)")
DATASET_FILE = re.compile(r"/datasets/(?P<id>[^/]+/[^/]+)/(?:resolve|raw)/(?P<rev>[^/]+)/(?P<path>.+)")
FILE = re.compile(r"/(?P<id>[^/]+(?:/[^/]+)?)/(?P<verb>resolve|raw)/(?P<rev>[^/]+)/(?P<path>.+)")


class Route(NamedTuple):
    """Where a request goes.

    Attributes:
        bucket: Rate-limit bucket: api, resolvers, pages, or None where requests are not counted.
        kind: Kind of request, for the counters.
        act: Makes the answer.
    """

    bucket: str | None
    kind: str
    act: Callable[[], Response]


@dataclass
class Router:
    """All routes over one view.

    Attributes:
        view: Models as they stand.
        listing: The listing.
        repositories: Single repositories.
        pulls: Commits received.
        datasets: Data sets that clients created.
        count_cache: Whether the address behind a resolve redirect is counted too (the Hub's documentation does not
            say).
    """

    view: View
    listing: Listing
    repositories: Repositories
    pulls: Pulls
    count_cache: bool = False
    datasets: CreatedDatasets = field(default_factory=CreatedDatasets)

    def route(self, request: Request) -> Route:
        """Find the route of a request."""
        path = request.path
        if path == "/api/models":
            return Route("api", "list", lambda: self.listing.answer(request))
        if path.startswith("/api/"):
            return self._cache(request) or self._model(request) or self._other_api(request)
        file = FILE.fullmatch(path)
        if file is not None:
            return self._file(request, file)
        data = DATASET_FILE.fullmatch(path)
        if data is not None:
            place = unquote(data["id"]), unquote(data["rev"]), unquote(data["path"])
            return Route("resolvers", "dataset-file", lambda: self.repositories.dataset_file(*place, request))
        if path == "/models-json":
            return Route("pages", "count", self._count)
        return Route("pages", "page", lambda: refusal(404, "Sorry, we can't find the page you are looking for."))

    def _count(self) -> Response:
        total = sum(map(self.view.alive, range(self.view.size))) if not self.view.quiet else self.view.size
        return ok({"models": [], "numItemsPerPage": 30, "numTotalItems": total, "pageIndex": 0})

    def _other_api(self, request: Request) -> Route:
        fixed: dict[str, tuple[str, str, Callable[[], Response]]] = {
            "/api/models-json": ("pages", "count", self._count),
            "/api/whoami-v2": ("api", "whoami", lambda: self.pulls.who_am_i(request)),
            "/api/repos/create": ("api", "create", lambda: self.datasets.create(request)),
            "/api/validate-yaml": ("api", "validate", lambda: self.pulls.validate_yaml(request)),
        }
        if request.path in fixed:
            return Route(*fixed[request.path])
        sent = VERB.fullmatch(request.path)
        if sent is not None and (request.method == "POST" or sent["id"] in self.datasets.files):
            return Route("api", sent["verb"], lambda: self.datasets.act(sent, request))
        tree = DATASET_TREE.fullmatch(request.path)
        if tree is not None:
            place = unquote(tree["id"]), unquote(tree["folder"] or "")
            return Route("api", "tree", lambda: self.repositories.dataset_tree(*place, request))
        dataset = DATASET.fullmatch(request.path)
        if dataset is not None:
            dataset_id = unquote(dataset["id"])
            if dataset_id in self.datasets.files:
                return Route("api", "dataset", lambda: self.datasets.info(dataset_id))
            return Route("api", "dataset", lambda: self.repositories.dataset(dataset_id, request))
        return Route("api", "unknown", lambda: refusal(404, "Not found"))

    def _cache(self, request: Request) -> Route | None:
        match = CACHE.fullmatch(request.path)
        if match is None:
            return None
        model_id, path = unquote(match["id"]), unquote(match["path"])
        bucket = "resolvers" if self.count_cache else None
        return Route(bucket, "cache", lambda: self.repositories.raw(model_id, match["rev"], path, request))

    def _file(self, request: Request, match: re.Match[str]) -> Route:
        model_id, revision, path = unquote(match["id"]), unquote(match["rev"]), unquote(match["path"])
        act = self.repositories.resolve if match["verb"] == "resolve" else self.repositories.raw
        kind = "card" if path == "README.md" else "file"
        return Route("resolvers", kind, lambda: act(model_id, revision, path, request))

    def _model(self, request: Request) -> Route | None:
        match = MODEL_VERB.fullmatch(request.path)
        talk = DISCUSSIONS.fullmatch(request.path)
        if talk is not None:
            talked_of = unquote(talk["id"])
            return Route("api", "discussions", lambda: self.pulls.discussions(talked_of, request))
        if match is None:
            plain = MODEL.fullmatch(request.path)
            if plain is None:
                return None
            name = unquote(plain["id"])
            return Route("api", "info", lambda: self.repositories.info(name, "main", request))
        model_id, revision, rest = unquote(match["id"]), unquote(match["rev"]), unquote(match["rest"] or "/")[1:]
        repositories, pulls = self.repositories, self.pulls
        acts: dict[str, tuple[str, Callable[[], Response]]] = {
            "revision": ("info", lambda: repositories.info(model_id, revision, request)),
            "commits": ("commits", lambda: repositories.commits(model_id, revision, request)),
            "treesize": ("treesize", lambda: repositories.tree_size(model_id, revision, rest, request)),
            "paths-info": ("paths-info", lambda: repositories.paths_info(model_id, revision, request)),
            "tree": ("tree", lambda: repositories.tree(model_id, revision, request)),
            "preupload": ("preupload", lambda: pulls.preupload(model_id, request)),
            "commit": ("commit", lambda: pulls.commit(model_id, request)),
        }
        kind, act = acts[match["verb"]]
        return Route("api", kind, act)


def make_router(
    view: View, *, refused_in_listing: Collection[str], refused_in_info: Collection[str] = (), count_cache: bool = False
) -> Router:
    """Wire all routes over one view."""
    repositories = Repositories(view, refused_in_info)
    return Router(view, Listing(view, refused_in_listing), repositories, Pulls(repositories), count_cache)
