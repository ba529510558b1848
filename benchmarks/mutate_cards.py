"""Mutation run on card reading: every room of ``mining/card``, or the modules named.

``python -m benchmarks.mutate_cards [MUTANTS] [SEED] [MODULE...]`` draws mutants among all places of the modules and
prints survivors as JSON. Each mutant is one changed operator, constant or condition. The tests are collected once; a
forked child puts the changed code into the functions that are loaded and runs the tests that reach the changed lines,
in order until one fails. Which tests reach a line is measured once, with every cache of texts emptied before each
test; a line that fills a table, which is kept, is reached by all tests of its module. A change of what runs at import
(a constant, a default, a function that builds a table) is judged by a child that imports everything anew.
``MUTATE_SLICE=1/4`` judges the first quarter of the sample.

Three controls end the run when they do not hold: every module's own code put in place changes nothing; the same code
imported anew changes nothing; a module whose functions all raise is noticed by the tests that reach it. A child that
uses too much time is counted as killed, and named apart.

No mutant is made of what cannot change an answer (``is_without_answer``): sizes of caches, flags of dataclasses,
``strict`` of ``zip``. Nothing else is left out.
"""

from __future__ import annotations

import functools
import gc
import hashlib
import importlib.abc
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, Literal

import msgspec

from benchmarks.mutants import ROOT, Mutant, deadly, mutant, parsed, places, source

UNITS = ("mining.units.numbers", "mining.units.quantities", "mining.units.unit_words")
TESTS = (
    "settle_parts settle_traps units card_strangers card_strangers_later card_strangers_latest card_strangers_more "
    "card_shared card_kinds_of_prose card_durations card_front_matters card_lexicon card_choice card_tables_cut "
    "card_statements card_parts "
    "card_amounts context_nothing context_sentences context_kinds context_paraphrases context_places context_cards "
    "context card_roles card_rows card_sentences card_wordings card_document card_equations card_meters card_hostile "
    "card_gates card_changed reviewed_kinds mend patterns given_files sources_cards card_kept "
    "card_readings card_mutants_words card_mutants_files card_mutants_values card_mutants_sentences "
    "card_mutants_tables card_mutants_metadata card_mutants_lexicon card_mutants_measures card_mutants_amounts "
    "card_mutants_settling card_mutants_candidates card_mutants_document card_activities "
    "card_passages context_durations context_origins card_mutants_claims card_mutants_numbers "
    "card_mutants_roles card_mutants_said card_mutants_context card_mutants_rows"
)
SKIPPED = "not every_float and not come_back and not any_text and not linear and not costs_more and not megabytes"
"""Slow properties, and tests of time: a slow machine is no dead mutant."""
LONGEST_S = 60
"""CPU time a child may use beyond four times what its tests take without a change."""
TABLES = (None, 64)
"""Sizes of the caches that hold tables; they take long to fill, and are not emptied before each test."""
FILL_TABLES = ("mining.card.lexicon.", "mining.units.")
"""Rooms of which a change may change any table."""
WARM = "test_card_readings"
"""Tests that run once before any child is forked, so that expressions are compiled and tables filled for all."""
COLD_EVERY, COLD, MORE = 40, "cold:", 3
"""Every so many tests one is run with empty tables; the mark of its lines; how many times more often than expected such
a test reaches a line that fills a table."""
End = Literal["passed", "failed", "took too long"]


def codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from codes(inner)


def put_code(changed: Mutant) -> None:
    """Give every loaded function of the module its changed code, whoever has imported it."""
    file = str(source(changed.module))
    new = {(code.co_qualname, code.co_firstlineno): code for code in codes(compile(changed.tree, file, "exec"))}
    for function in [one for one in gc.get_objects() if isinstance(one, FunctionType)]:
        code = new.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
        if code is not None and function.__code__.co_filename == file:
            function.__code__ = code


def caches() -> list[Any]:
    """Every cache of a loaded function of ours or of a test."""
    kind = type(functools.cache(print))
    ours = ("mining.card.", "mining.units.", "test_")
    return [one for one in gc.get_objects() if isinstance(one, kind) and str(one.__module__).startswith(ours)]


def empty(kept: list[Any]) -> None:
    """So that a test reaches all it needs, and a child's answers are those of the changed code."""
    for one in kept:
        one.cache_clear()


def is_of_texts(kept: Any) -> bool:
    """Whether a cache holds answers of texts, and no tables."""
    return kept.cache_parameters()["maxsize"] not in TABLES


def end_of(work: Callable[[], bool], expected_s: float) -> End:
    """What a forked child says; an error is a failure."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        limit_s = LONGEST_S + 4 * int(expected_s)
        resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s))
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        signal.alarm(10 * limit_s)
        try:
            os._exit(0 if work() else 1)
        except BaseException:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code in {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM}:
        return "took too long"
    return "failed" if code else "passed"


class _Importer(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Hands out the changed module in place of the one on disk."""

    def __init__(self, changed: Mutant) -> None:
        self.changed = changed

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        is_it = fullname == self.changed.module
        return ModuleSpec(fullname, self, origin=str(source(fullname))) if is_it else None

    def exec_module(self, module: ModuleType) -> None:
        file = str(source(self.changed.module))
        module.__file__ = file
        exec(compile(self.changed.tree, file, "exec"), module.__dict__)


def pytest_words() -> list[str]:
    tests = [f"tests/test_{part}.py" for part in TESTS.split() if (ROOT / f"tests/test_{part}.py").exists()]
    return ["-x", "-q", "-W", "ignore", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", SKIPPED, *tests]


def passes_anew(changed: Mutant, first: list[str]) -> bool:
    """Whether all tests hold when everything is imported after the change; those of ``first`` are asked first."""
    import pytest

    for loaded in [name for name in sys.modules if name.split(".")[0] in {"mining", "analysis"} or "test_" in name]:
        del sys.modules[loaded]
    sys.meta_path.insert(0, _Importer(changed))

    class Order:
        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
            rank = {name: at for at, name in enumerate(first)}
            items.sort(key=lambda item: rank.get(item.nodeid, len(rank)))

    return pytest.main(pytest_words(), plugins=[Order()]) == 0


@dataclass
class Reach:
    """Seconds of each test, and which tests, by their places among those, run which line of a module."""

    seconds: dict[str, float] = field(default_factory=dict)
    tests: dict[str, dict[int, set[int]]] = field(default_factory=dict)

    @property
    def all_s(self) -> float:
        """Seconds of all tests."""
        return sum(self.seconds.values())

    def of(self, changed: Mutant) -> list[str]:
        """Tests that reach the changed lines, the shortest first."""
        lines = self.tests.get(changed.module, {})
        return self.in_order(set[int]().union(*(lines.get(line, set()) for line in changed.lines)))

    def near(self, changed: Mutant) -> list[str]:
        """Tests that reach any line of the module, the shortest first."""
        return self.in_order(set[int]().union(*self.tests.get(changed.module, {}).values()))

    def in_order(self, places: set[int]) -> list[str]:
        """Those that notice most, then the shortest first."""
        names = [*self.seconds]
        return sorted((names[at] for at in places), key=lambda name: (WARM not in name, self.seconds[name], name))


def reached(by_line: dict[int, set[str]]) -> dict[int, set[str]]:
    """Tests that reach each line; all of the module where a line is reached more often with empty tables."""
    plain = {line: {test.removeprefix(COLD) for test in tests} for line, tests in by_line.items()}
    every = set[str]().union(*plain.values())
    cold = {line: sum(test.startswith(COLD) for test in tests) for line, tests in by_line.items()}
    return {line: every if cold[line] * COLD_EVERY > MORE * len(tests) else tests for line, tests in plain.items()}


class Run:
    """The run itself, in the place of pytest's own loop over the collected tests."""

    def __init__(self, mutants: list[Mutant]) -> None:
        self.mutants = mutants
        self.reach = Reach()
        self.survivors: list[Mutant] = []
        self.slow: list[Mutant] = []
        self.failed = False

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep that a test failed, in its body or in what it needs."""
        self.failed = self.failed or report.failed

    def passes(self, session: Any, items: list[Any]) -> bool:
        """Whether tests hold, one after the other until one does not."""
        for item, after in zip(items, [*items[1:], None], strict=True):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                return False
        return True

    def measure(self, session: Any, kept: Path) -> bool:
        """Run every test once without a change, in a child: tests leave traces in a process."""
        import coverage

        names = {str(source(name)): name for name in rooms()}
        watch = coverage.Coverage(data_file=None, include=list(names), config_file=False)
        watch.start()
        ours = caches()
        of_texts = [one for one in ours if is_of_texts(one)]
        for number, (item, after) in enumerate(zip(session.items, [*session.items[1:], None], strict=True)):
            is_cold = number % COLD_EVERY == 0
            empty(ours if is_cold else of_texts)
            watch.switch_context(COLD * is_cold + item.nodeid)
            began = time.monotonic()
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            self.reach.seconds[item.nodeid] = time.monotonic() - began
            if self.failed:
                say(f"{item.nodeid} fails without a change\n")
                return False
        say(f"measured in {self.reach.all_s:.0f} s\n")
        watch.stop()
        data = watch.get_data()
        places_of = {test: at for at, test in enumerate(self.reach.seconds)}
        for file, name in names.items():
            by_line = data.contexts_by_lineno(file)
            told = reached({line: {*tests} - {""} for line, tests in by_line.items()})
            self.reach.tests[name] = {line: {places_of[test] for test in tests} for line, tests in told.items()}
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(msgspec.json.encode(self.reach))
        unfinished.rename(kept)
        return True

    def control(self, session: Any) -> bool:
        """Whether all tests hold in a child that has put every module's own code in place."""
        for name in rooms():
            put_code(Mutant(name, parsed(name), "", frozenset(), True))
        return self.passes(session, session.items)

    def pytest_runtestloop(self, session: Any) -> bool:
        """Measure, then judge each change inside of a function."""
        items = {item.nodeid: item for item in session.items}
        kept = Path(tempfile.gettempdir()) / f"reach-{digest()}.json"
        if not kept.exists() and end_of(functools.partial(self.measure, session, kept), 600) != "passed":
            raise SystemExit("the tests do not hold without a change")
        self.reach = msgspec.json.decode(kept.read_bytes(), type=Reach)
        empty(caches())
        if end_of(functools.partial(self.control, session), self.reach.all_s) != "passed":
            raise SystemExit("the tests do not hold in a child without a change")
        if not self.passes(session, [one for name, one in items.items() if WARM in name]):
            raise SystemExit("the tests do not hold in this process")

        for name in dict.fromkeys(changed.module for changed in self.mutants):
            if self.end(deadly(name), session, items, self.reach.near) == "passed":
                raise SystemExit(f"{name}: the tests hold when every function of it raises")
        for changed in self.mutants:
            if changed.is_in_function:
                self.judge(changed, self.end(changed, session, items, self.reach.of))
        return True

    def end(self, changed: Mutant, session: Any, items: dict[str, Any], choose: Callable[[Mutant], list[str]]) -> End:
        """How the chosen tests end with the change in place; "passed" where no test is chosen."""
        chosen = choose(changed)

        def work() -> bool:
            put_code(changed)
            of_tables = changed.module.startswith(FILL_TABLES)
            empty([one for one in caches() if of_tables or is_of_texts(one) or one.__module__ == changed.module])
            return self.passes(session, [items[name] for name in chosen])

        return end_of(work, sum(self.reach.seconds[name] for name in chosen)) if chosen else "passed"

    def judge(self, changed: Mutant, end: End) -> None:
        """Note a change that no test noticed, or only by its time, and say so at once."""
        if end == "passed":
            self.survivors.append(changed)
        elif end == "took too long":
            self.slow.append(changed)
        say(f"{end}: {changed.where} ({len(self.reach.of(changed))} tests)\n")


def say(line: str) -> None:
    """One line on the real standard error, past what pytest holds back."""
    assert sys.__stderr__ is not None
    sys.__stderr__.write(line)
    sys.__stderr__.flush()


def digest() -> str:
    """Of what the reach of the tests hangs on: the code and the tests."""
    files = [*(file for room in ("mining", "tests") for file in sorted((ROOT / room).rglob("*.py")))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def rooms() -> list[str]:
    """Every module of card reading that holds code, and those of units."""
    files = sorted((ROOT / "mining" / "card").rglob("*.py"))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files if file.name != "__init__.py"]
    return [*UNITS, *names]


def sampled(mutants: int, seed: int, modules: list[str]) -> list[Mutant]:
    """Mutants drawn among all places of all modules, each place as likely as another."""
    trees = {name: parsed(name) for name in modules}
    everywhere = [(name, place) for name, tree in trees.items() for place in places(tree)]
    drawn = random.Random(seed).sample(everywhere, min(mutants, len(everywhere)))
    part, parts = (int(text) for text in os.environ.get("MUTATE_SLICE", "1/1").split("/"))
    drawn = drawn[part - 1 :: parts]
    at_import = lines_at_import()
    chosen = []
    for name, place in drawn:
        one = mutant(name, trees[name], place)
        chosen.append(replace(one, is_in_function=one.is_in_function and not one.lines & at_import[name]))
    return chosen


def lines_at_import() -> dict[str, set[int]]:
    """Lines of each room that run when everything is imported, measured in an interpreter of its own."""
    files = [str(source(name)) for name in rooms()]
    code = f"""
import coverage, json, importlib
watch = coverage.Coverage(data_file=None, include={files}, config_file=False)
watch.start()
[importlib.import_module(name) for name in {rooms()}]
watch.stop()
print(json.dumps([watch.get_data().lines(file) or [] for file in {files}]))
"""
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return dict(zip(rooms(), map(set, json.loads(said)), strict=True))


def report(run: Run, seed: int) -> dict[str, object]:
    """What was tried, killed and left, of each room and in sum."""
    tried = Counter(room_of(changed) for changed in run.mutants)
    left = Counter(room_of(changed) for changed in run.survivors)
    return {
        "seed": seed,
        "survivors": [changed.where for changed in run.survivors],
        "took too long": [changed.where for changed in run.slow],
        "rooms": {room: f"{count - left[room]} of {count}" for room, count in sorted(tried.items())},
        "killed": len(run.mutants) - len(run.survivors),
        "tried": len(run.mutants),
        "killed_share": 1 - len(run.survivors) / max(1, len(run.mutants)),
    }


def room_of(changed: Mutant) -> str:
    """``mining.card.read`` is a room of its own."""
    package = changed.module.rpartition(".")[0]
    return changed.module if package == "mining.card" else package


def main(mutants: int, seed: int, modules: list[str]) -> int:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    import pytest

    run = Run(sampled(mutants, seed, modules))
    if pytest.main(["-s", *pytest_words()], plugins=[run]) != 0:
        raise SystemExit("the tests do not hold without a change")
    outside = [changed for changed in run.mutants if not changed.is_in_function]
    for control in outside[:1]:
        plain = Mutant(control.module, parsed(control.module), "", frozenset(), False)
        if end_of(functools.partial(passes_anew, plain, []), run.reach.all_s) != "passed":
            raise SystemExit(f"{plain.module}: the tests do not hold after importing anew")
    for changed in outside:
        run.judge(changed, end_of(functools.partial(passes_anew, changed, run.reach.near(changed)), run.reach.all_s))
    sys.stdout.write(json.dumps(report(run, seed), indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:3]]
    mutants, seed = numbers + [200, 7][len(numbers) :]
    raise SystemExit(main(mutants, seed, sys.argv[3:] or [name for name in rooms() if name not in UNITS]))
