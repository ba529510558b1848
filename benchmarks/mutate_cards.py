"""Small mutation run on units and settling.

``python benchmarks/mutate_cards.py [MUTANTS A MODULE] [SEED]`` prints survivors as JSON. Each mutant is one changed
operator, constant or condition; a forked child runs the tests of units and traps against it. A fork costs no imports,
so a few hundred mutants take minutes on one core.
"""

from __future__ import annotations

import ast
import copy
import importlib.abc
import json
import os
import random
import signal
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
MODULES = (
    "mining.card.resolve.settling",
    "mining.units.numbers",
    "mining.card.resolve.plausibility",
    "mining.card.values.rounding",
    "mining.card.resolve.candidates",
    "mining.units.quantities",
)
TESTS = ("tests/test_settle_parts.py", "tests/test_settle_traps.py", "tests/test_units.py")
SKIPPED = "not every_float and not come_back and not any_text"
SWAPS: dict[type, type] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


def places(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Number and kind of every node that can be changed."""
    for at, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
            yield at, "compare"
        elif isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in SWAPS:
            yield at, "operator"
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
        ):
            yield at, "number"
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield at, "truth"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield at, "not"


def mutate(tree: ast.Module, place: int) -> tuple[ast.Module, str]:
    """The changed module and a word about the change."""
    changed = copy.deepcopy(tree)
    node = next(node for at, node in enumerate(ast.walk(changed)) if at == place)
    before = ast.unparse(node)
    if isinstance(node, ast.Compare):
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, (ast.BinOp, ast.BoolOp)):
        node.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.Constant):
        node.value = (not node.value) if isinstance(node.value, bool) else node.value * 2 + 1
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd()
        node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
    return ast.fix_missing_locations(
        changed
    ), f"line {getattr(node, 'lineno', 0)}: {before[:90]} -> {ast.unparse(node)[:90]}"


def is_killed(name: str, tree: ast.Module) -> bool:
    """Whether the tests notice; the child's memory is thrown away."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        signal.alarm(60)
        try:
            replace(name, tree)
            import pytest

            os._exit(1 if pytest.main(["-x", "-q", "-W", "ignore", "-k", SKIPPED, *TESTS]) else 0)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


class _Importer(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Hands out the changed module in place of the one on disk."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name = name
        self.tree = tree

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, origin=str(source(fullname))) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, str(source(self.name)), "exec"), module.__dict__)


def source(name: str) -> Path:
    return ROOT / (name.replace(".", "/") + ".py")


def replace(name: str, tree: ast.Module) -> None:
    """Put the changed module in place before anything of the package is imported."""
    for loaded in [other for other in sys.modules if other.startswith("mining")]:
        del sys.modules[loaded]
    sys.meta_path.insert(0, _Importer(name, tree))


def main(mutants: int, seed: int) -> int:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    import hypothesis
    import pytest

    assert hypothesis
    assert pytest
    answer: dict[str, object] = {"seed": seed}
    killed = tried = 0
    for name in MODULES:
        tree = ast.parse(source(name).read_text(encoding="utf-8"))
        if is_killed(name, tree):
            raise SystemExit(f"{name}: the tests do not hold without a mutation")
        chosen = list(places(tree))
        chosen = random.Random(seed).sample(chosen, min(mutants, len(chosen)))
        survivors = []
        for place, _ in chosen:
            changed, word = mutate(tree, place)
            if is_killed(name, changed):
                killed += 1
            else:
                survivors.append(word)
            tried += 1
        answer[name] = {"mutants": len(chosen), "survivors": survivors}
        sys.stderr.write(f"{name}: {len(chosen) - len(survivors)} of {len(chosen)} killed; survivors: {survivors}\n")
        sys.stderr.flush()
    answer["killed_share"] = killed / max(1, tried)
    sys.stdout.write(json.dumps(answer, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    raise SystemExit(main(*(numbers + [40, 7][len(numbers) :])))
