"""The house itself: who may import whom, sizes of modules and functions, words that must not stand anywhere."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest

from analysis.commands.sample import ALLOCATIONS
from mining.sampling.drawing import Allocation

LEAVES = {
    "mining.errors",
    "mining.escaping",
    "mining.source_contracts",
    "mining.lock",
    "mining.envelope",
    "mining.paths",
    "mining.units",
    "mining.fields",
    "mining.corrections",
    "mining.meter_files",
    "mining.schema",
    "mining.files",
    "mining.freshness",
    "mining.version",
    "mining.patterns",
    "mining.remembered",
    "mining.prepared",
}
DOORS = (
    "analysis/cli.py",
    "analysis/api.py",
    "analysis/commands/",
    "analysis/estimates/",
    "analysis/classify/cards.py",
    "analysis/classify/targets.py",
    "analysis/classify/lists_of_models.py",
    "analysis/classify/front_matter_edit.py",
    "analysis/classify/suggestion.py",
    "analysis/classify/apply_suggestion.py",
    "analysis/history/",
    "analysis/publishing/",
    "analysis/questions/vocabulary.py",
)
"""Files of the analysis side that may see the mining side: the command line, the classifier with its interface, and
the history."""

# Room -> rooms of the mining side that it may import, apart from the leaves and itself.
MINING_ROOMS: dict[str, set[str]] = {
    "mining.errors": set(),
    "mining.escaping": set(),
    "mining.lock": {"mining.errors"},
    "mining.envelope": {"mining.fields"},
    "mining.paths": set(),
    "mining.units": set(),
    "mining.patterns": set(),
    "mining.remembered": set(),
    "mining.prepared": set(),
    "mining.fields": set(),
    "mining.corrections": set(),
    "mining.meter_files": set(),
    "mining.schema": set(),
    "mining.files": {"mining.errors"},
    "mining.freshness": {"mining.files", "mining.version"},
    "mining.version": set(),
    "mining.vocab": set(),
    "mining.tables": set(),
    "mining.snapshot": set(),
    "mining.hub": set(),
    "sample_hub": set(),
    "mining.card": {"mining.vocab"},
    "mining.normalize": {"mining.card", "mining.vocab"},
    "mining.crawl": {"mining.hub", "mining.snapshot", "mining.vocab"},
    "mining.source_contracts": {"mining.crawl"},
    "mining.acquire_snapshot": {"mining.crawl", "mining.snapshot"},
    "mining.sources": {
        "mining.crawl",
        "mining.snapshot",
        "mining.card",
        "mining.normalize",
        "mining.hub",
        "mining.vocab",
        "sample_hub",
    },
    "mining.build": {
        "mining.snapshot",
        "mining.normalize",
        "mining.tables",
        "mining.card",
        "mining.sources",
        "mining.vocab",
    },
    "mining.build.run": {"mining.build", "mining.snapshot", "mining.normalize", "mining.tables"},
    "mining.archive": {
        "mining.sources",
        "mining.crawl",
        "mining.hub",
        "mining.snapshot",
        "mining.build",
        "mining.normalize",
        "mining.tables",
    },
    "mining.sampling": {"mining.tables", "mining.normalize"},
    "mining.exports": {"mining.tables"},
}
NETWORK_MODULES = {"requests", "httpx", "httpx2", "urllib.request", "http.client", "pooch", "socket"}
NETWORK_ROOMS = {"mining.hub", "sample_hub"}
NETWORK_FILES = {"mining/sources/published.py", "mining/sources/dump.py"}
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 60


def sources(project_dir: Path, *packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (project_dir / package).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Full names of everything that a file imports, at any depth."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def strings(path: Path) -> str:
    """All text constants of a file that are not docstrings, joined."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs)
    return "\n".join(node.value for node in texts if isinstance(node.value, str))


def length(function: ast.FunctionDef) -> int:
    """Lines of a function without its docstring: what a reader has to follow."""
    first = function.body[0]
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return (
        (function.end_lineno or 0) - function.lineno - ((first.end_lineno or 0) - first.lineno + 1 if documented else 0)
    )


def room_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def module_name(project_dir: Path, path: Path) -> str:
    return ".".join(path.relative_to(project_dir).with_suffix("").parts)


def test_mining_rooms_import_only_what_the_table_allows(project_dir: Path) -> None:
    wrong = []
    for path in sources(project_dir, "mining"):
        own = room_of(module_name(project_dir, path))
        if own == "mining.__init__":
            continue
        assert own in MINING_ROOMS, f"{path.relative_to(project_dir)} lies in no room"
        allowed = MINING_ROOMS[own] | LEAVES | {own}
        used = {room_of(name) for name in imports(path) if name.startswith("mining.")}
        wrong += [f"{path.relative_to(project_dir)} imports {name}" for name in used - allowed]
    assert not wrong


def test_mining_never_imports_analysis(project_dir: Path) -> None:
    assert not [
        path
        for path in sources(project_dir, "mining")
        if any(name.split(".")[0] == "analysis" for name in imports(path))
    ]


def test_analysis_sees_mining_only_through_leaves_and_doors(project_dir: Path) -> None:
    wrong = []
    for path in sources(project_dir, "analysis"):
        relative = path.relative_to(project_dir).as_posix()
        if relative.startswith(DOORS):
            continue
        used = {name for name in imports(path) if name.startswith("mining")}
        wrong += [f"{relative} imports {name}" for name in used if name != "mining" and room_of(name) not in LEAVES]
    assert not wrong


def test_only_the_network_room_touches_the_network(project_dir: Path) -> None:
    wrong = []
    for path in sources(project_dir, "mining", "analysis"):
        relative = path.relative_to(project_dir).as_posix()
        if room_of(module_name(project_dir, path)) in NETWORK_ROOMS or relative in NETWORK_FILES:
            continue
        wrong += [f"{relative} imports {name}" for name in imports(path) if name in NETWORK_MODULES]
    assert not wrong


def test_the_sample_generator_shares_nothing_with_the_readers(project_dir: Path) -> None:
    for path in sources(project_dir, "sample_hub"):
        used = {name for name in imports(path) if name.split(".")[0] in {"mining", "analysis"}}
        assert not used, f"{path} imports {used}"


def test_the_recomputation_never_reads_the_published_values(project_dir: Path) -> None:
    readers = [
        path.name
        for path in sources(project_dir, "analysis")
        if "published_numbers.yml" in strings(path) and path.name != "replicate.py"
    ]
    assert readers == []


@pytest.mark.parametrize("limit", [MAX_MODULE_LINES])
def test_modules_are_small(project_dir: Path, limit: int) -> None:
    long = {
        path.relative_to(project_dir).as_posix(): lines
        for path in sources(project_dir, "mining", "analysis")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > limit
    }
    assert not long


def test_functions_are_small(project_dir: Path) -> None:
    long = []
    for path in sources(project_dir, "mining", "analysis"):
        functions = (
            node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
        )
        long += [f"{path.name}:{node.name}" for node in functions if length(node) >= MAX_FUNCTION_LINES]
    assert not long


def test_no_catch_all_modules(project_dir: Path) -> None:
    assert not [
        path
        for path in sources(project_dir, "mining", "analysis")
        if path.stem in {"utils", "helpers", "misc", "common"}
    ]


def tracked(project_dir: Path) -> list[Path]:
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=project_dir, capture_output=True, text=True, check=False)
    if answer.returncode:
        pytest.skip("not a git checkout")
    return [project_dir / name for name in answer.stdout.split("\0") if name]


def test_nothing_committed_names_a_machine(project_dir: Path) -> None:
    pattern = re.compile(r"(?<![\w.])/(?:work|root|farm|home/\w+)/")
    wrong = []
    for path in tracked(project_dir):
        if not path.is_file() or path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [
            f"{path.relative_to(project_dir)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    assert not wrong


def test_nothing_committed_is_large(project_dir: Path) -> None:
    gazetteer = project_dir / "mining" / "vocab" / "tables" / "places.txt"
    most = {gazetteer: 1_400_000}  # names of cities: compressed they could not be reviewed
    files = [path for path in tracked(project_dir) if path.is_file()]
    large = [path for path in files if path.stat().st_size > most.get(path, 1_000_000)]
    assert not large


ORDERED_AGAIN = {"analysis/questions/conclusions.py"}
"""A closed list in an order of its own: weakest verdict first."""
COLD_STARTS = {"analysis/commands/sample.py": (ALLOCATIONS, get_args(Allocation))}
"""Written twice so that ``--help`` imports nothing that computes; the two are compared here."""


def test_every_closed_list_has_one_home(project_dir: Path) -> None:
    """Members of a ``Literal`` stand in it alone; whoever needs them as values takes ``get_args``."""
    literals: dict[frozenset[str], set[str]] = {}
    values: dict[frozenset[str], set[str]] = {}
    for path in sources(project_dir, "mining", "analysis"):
        name = path.relative_to(project_dir).as_posix()
        of_literals: set[int] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
                of_literals.add(id(node.slice))
                if members := texts_in(node.slice):
                    assert members not in literals, f"{sorted(members)} in {name} and {literals[members]}"
                    literals[members] = {name}
            elif isinstance(node, (ast.Tuple, ast.List, ast.Set)) and id(node) not in of_literals:
                values.setdefault(texts_in(node), set()).add(name)
    again = {place for members in literals if len(members) > 2 for place in values.get(members, set())}
    assert again - ORDERED_AGAIN == set(COLD_STARTS)
    assert all(tuple(one) == tuple(other) for one, other in COLD_STARTS.values())


ENDED = ("Answer", "Task", "Verdict", "judge", "Quantity", "Column", "Picture")
"""Names that once had two or three homes. (``Estimate`` has two: that of a training stands in the published schema.)"""


def test_ended_collisions_stay_ended(project_dir: Path) -> None:
    """One class, function or alias of that name in the whole product."""
    homes: dict[str, list[str]] = {}
    for path in sources(project_dir, "mining", "analysis", "sample_hub"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [getattr(node, "name", "")] + [getattr(each, "id", "") for each in getattr(node, "targets", ())]
            for name in set(ENDED) & set(names):
                homes.setdefault(name, []).append(path.relative_to(project_dir).as_posix())
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def texts_in(node: ast.expr) -> frozenset[str]:
    """Members of a list of texts; empty where it is none, or of one member."""
    members: list[Any] = [getattr(each, "value", None) for each in getattr(node, "elts", ())]
    return frozenset(members) if len(members) > 1 and all(isinstance(each, str) for each in members) else frozenset()
