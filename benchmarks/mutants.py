"""Mutants of a module: one changed operator, comparison, constant or condition each, and the lines of it."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
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


def is_without_answer(call: ast.Call) -> bool:
    """Whether the arguments of a call change how fast or how strict the code is, and no answer.

    The size of a cache; ``frozen`` and ``slots`` of a dataclass, which only forbid; ``strict`` of ``zip``, which turns
    a fault of ours into an error.
    """
    name = ast.unparse(call.func).rpartition(".")[2]
    return name in {"lru_cache", "dataclass"} or (name == "zip" and bool(call.keywords))


def places(tree: ast.AST) -> Iterator[int]:
    """Number, in the order of ``ast.walk``, of every node that can be changed."""
    excluded = {
        id(constant)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and is_without_answer(call)
        for given in [*call.args, *(keyword.value for keyword in call.keywords)]
        for constant in [given]
        if isinstance(constant, ast.Constant)
    }
    for at, node in enumerate(ast.walk(tree)):
        if id(node) in excluded:
            continue
        if (
            (isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS)
            or (isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in SWAPS)
            or (isinstance(node, ast.Constant) and isinstance(node.value, int | float))
            or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
        ):
            yield at


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    module: str
    tree: ast.Module
    word: str
    lines: frozenset[int]
    is_in_function: bool

    @property
    def where(self) -> str:
        """Module, line and change, in words."""
        return f"{self.module}, {self.word}"


def mutant(name: str, tree: ast.Module, place: int) -> Mutant:
    """The changed module, a word about the change, and the lines by which tests are picked."""
    changed = copy.deepcopy(tree)
    node: Any = next(node for at, node in enumerate(ast.walk(changed)) if at == place)
    before = ast.unparse(node)
    lines, is_in_function = surroundings(changed, node)
    if isinstance(node, ast.Compare):
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp | ast.BoolOp):
        node.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.Constant):
        assert isinstance(node.value, int | float)
        node.value = (not node.value) if isinstance(node.value, bool) else node.value * 2 + 1
    else:
        node.op = ast.UAdd()
        node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
    word = f"line {node.lineno}: {before[:90]} -> {ast.unparse(node)[:90]}"
    return Mutant(name, ast.fix_missing_locations(changed), word, frozenset(lines), is_in_function)


def deadly(name: str) -> Mutant:
    """A module of which every function raises."""
    tree = parsed(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body.insert(0, ast.parse("raise AssertionError").body[0])
    return Mutant(name, ast.fix_missing_locations(tree), "every function raises", frozenset(), True)


def surroundings(tree: ast.Module, node: ast.expr) -> tuple[set[int], bool]:
    """Lines of the node and of a plain statement around it, and whether a function's body holds it."""
    lines = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    is_in_function = False
    for parent in ast.walk(tree):
        if isinstance(parent, ast.FunctionDef) and any(
            inner is node for part in parent.body for inner in ast.walk(part)
        ):
            is_in_function = True
        if isinstance(parent, ast.stmt) and any(inner is node for inner in ast.walk(parent)):
            lines.add(parent.lineno)
            if not any(isinstance(inner, ast.stmt) for inner in ast.walk(parent) if inner is not parent):
                lines |= set(range(parent.lineno, (parent.end_lineno or parent.lineno) + 1))
    functions = [one.lineno for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.ClassDef)]
    return lines - set(functions), is_in_function


def source(name: str) -> Path:
    return ROOT / (name.replace(".", "/") + ".py")


def parsed(name: str) -> ast.Module:
    return ast.parse(source(name).read_text(encoding="utf-8"))
