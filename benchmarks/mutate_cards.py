"""Small mutation run on card reading: units and every room of ``mining/card``.

``python benchmarks/mutate_cards.py [MUTANTS A MODULE] [SEED] [MODULE...]`` prints survivors as JSON. Each mutant is one
changed operator, constant or condition; a forked child runs the tests of card reading against it until one fails.
A fork costs no imports. Nothing is read from ``../shared`` unless it is there: the score is that of all tests.
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
UNITS = ("mining.units.numbers", "mining.units.quantities", "mining.units.unit_words")
TESTS = (
    "settle_parts settle_traps units card_strangers card_shared card_amounts context_nothing context_sentences "
    "context_kinds context_paraphrases context_places context_cards context card_roles card_rows card_sentences "
    "card_wordings card_document card_equations card_meters front_matter"
)
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
        signal.alarm(300)
        try:
            replace(name, tree)
            import pytest

            tests = [f"tests/test_{part}.py" for part in TESTS.split() if (ROOT / f"tests/test_{part}.py").exists()]
            options = ["-x", "-q", "-W", "ignore", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", SKIPPED]
            os._exit(1 if pytest.main([*options, *tests]) else 0)
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


def rooms() -> list[str]:
    """Every module of card reading that holds code, and those of units."""
    files = sorted((ROOT / "mining" / "card").rglob("*.py"))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files if file.name != "__init__.py"]
    return [*UNITS, *names]


def main(mutants: int, seed: int, modules: list[str]) -> int:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    import hypothesis
    import pytest

    assert hypothesis
    assert pytest
    answer: dict[str, object] = {"seed": seed}
    killed = tried = 0
    unchanged = modules[0]
    if is_killed(unchanged, ast.parse(source(unchanged).read_text(encoding="utf-8"))):
        raise SystemExit(f"{unchanged}: the tests do not hold without a mutation")
    for name in modules:
        tree = ast.parse(source(name).read_text(encoding="utf-8"))
        chosen = list(places(tree))
        chosen = random.Random(f"{seed} {name}").sample(chosen, min(mutants, len(chosen)))
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
    answer["killed"], answer["tried"], answer["killed_share"] = killed, tried, killed / max(1, tried)
    sys.stdout.write(json.dumps(answer, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:3]]
    raise SystemExit(main(*(numbers + [40, 7][len(numbers) :]), sys.argv[3:] or rooms()))
