"""The import graph: no circle of files, no private door of another library, nothing imported that is not declared."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from itertools import chain
from pathlib import Path

PRODUCT = ("mining", "analysis", "sample_hub")


def module_of(project_dir: Path, path: Path) -> str:
    parts = path.relative_to(project_dir).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def for_types_only(tree: ast.Module) -> set[int]:
    """Ids of the nodes below ``if TYPE_CHECKING``."""
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
    return {id(inner) for block in blocks for inner in chain.from_iterable(map(ast.walk, block.body))}


def imported(path: Path) -> set[str]:
    """Everything a file imports when it runs, at any depth; names of ``from a import b`` as ``a.b``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped, found = for_types_only(tree), set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def files_of(project_dir: Path) -> dict[str, Path]:
    paths = chain.from_iterable((project_dir / package).rglob("*.py") for package in PRODUCT)
    return {module_of(project_dir, path): path for path in sorted(paths)}


def graph_of(project_dir: Path) -> dict[str, set[str]]:
    """Module to the modules of the product that it imports."""
    modules = files_of(project_dir)
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        seen = set()
        for target in imported(path):
            found = target if target in modules else target.rpartition(".")[0]
            if found in modules:
                seen.add(found)
        graph[name] = seen - {name}
    return graph


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Strongly connected parts of more than one module (Tarjan 1972, without recursion: by repeated pruning)."""
    left = {name: set(targets) for name, targets in graph.items()}
    while True:
        ends = {name for name, targets in left.items() if not targets & left.keys()}
        starts = left.keys() - set(chain.from_iterable(left.values()))
        if not ends | starts:
            return [sorted(left)] if left else []
        left = {name: targets & left.keys() for name, targets in left.items() if name not in ends | starts}


def test_circles_are_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


def test_no_circle_of_files(project_dir: Path) -> None:
    assert circles(graph_of(project_dir)) == []


def test_the_sample_hub_is_a_leaf(project_dir: Path) -> None:
    users = {
        name for name, targets in graph_of(project_dir).items() if any(t.startswith("sample_hub") for t in targets)
    }
    outside = {name for name in users if not name.startswith("sample_hub")}
    assert outside <= {"analysis.commands.serve_sample", "mining.sources.sample"}


def test_no_private_door_of_another_library(project_dir: Path) -> None:
    own = (*PRODUCT, "tests", "benchmarks", "docs")
    wrong = [
        f"{name} imports {target}"
        for name, path in files_of(project_dir).items()
        for target in imported(path)
        if target.split(".")[0] not in own and re.search(r"\._(?!_)", target)
    ]
    assert wrong == []


def test_every_imported_package_is_declared(project_dir: Path) -> None:
    project = tomllib.loads((project_dir / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    declared = {re.split(r"[\[<>=!~; ]", each)[0].lower().replace("_", "-") for each in wanted}
    providers = metadata.packages_distributions()
    wrong = []
    for name, path in files_of(project_dir).items():
        for top in {target.split(".")[0] for target in imported(path)} - set(PRODUCT) - sys.stdlib_module_names:
            known = {found.lower().replace("_", "-") for found in providers.get(top, [top])}
            if not known & declared:
                wrong.append(f"{name} imports {top}")
    assert wrong == []
