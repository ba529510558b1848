"""Durations as cards write them, a form each: hours, what they count, their marks and the words that state them."""

from __future__ import annotations

import pytest

from mining.card.values.context_durations import Duration, read_duration, read_durations
from mining.card.values.duration_parts import whole_of_parts

WALL, DEVICES = "wall-clock", "device-hours"
MARK = ("approximate",)


def told(one: Duration, text: str) -> tuple[object, ...]:
    return pytest.approx(one.hours), pytest.approx(one.value), one.unit, one.basis, one.marks, text[one.start : one.end]


@pytest.mark.parametrize(
    ("text", "durations"),
    [
        # clocks
        ("2h30", [(2.5, 2.5, "h", None, (), "2h30")]),
        ("it ran 2h30.", [(2.5, 2.5, "h", None, (), "2h30")]),
        ("12h05 at night", [(145 / 12, 145 / 12, "h", None, (), "12h05")]),
        ("1 h, 6 m", [(1.1, 1.1, "h", None, (), "1 h, 6 m")]),
        ("12 hrs 30 mins", [(12.5, 12.5, "h", None, (), "12 hrs 30 mins")]),
        ("took 3 h 16 GPUs", [(3.0, 3.0, "h", WALL, (), "3 h")]),
        ("v2h30", []),
        ("12:30:18", [(12.505, 12.505, "h", None, (), "12:30:18")]),
        ("roughly 1:30:00", [(1.5, 1.5, "h", None, MARK, "1:30:00")]),
        ("~12:30:00", [(12.5, 12.5, "h", None, MARK, "12:30:00")]),
        ("1 day, 2:30:00", [(26.5, 26.5, "h", None, (), "1 day, 2:30:00")]),
        ("2:30:00.55", [(2.5, 2.5, "h", None, (), "2:30:00.55")]),
        ("1-02:30:00", [(26.5, 26.5, "h", None, (), "1-02:30:00")]),
        ("2024-05-12 10:30:00, elapsed 03:20:10", [(12010 / 3600, 12010 / 3600, "h", None, (), "03:20:10")]),
        ("12:30", []),
        ("1:2:3", []),
        # hours of devices, the device between number and unit
        ("300 V100 GPU hours", [(300.0, 300.0, "h", DEVICES, (), "300 V100 GPU hours")]),
        ("about 103k chip-hours", [(103_000.0, 103_000.0, "h", DEVICES, MARK, "103k chip-hours")]),
        ("1.5 million GPU hours", [(1.5e6, 1.5e6, "h", DEVICES, (), "1.5 million GPU hours")]),
        ("2 A100 days", [(48.0, 2.0, "d", DEVICES, (), "2 A100 days")]),
        ("3 A100 weeks", [(504.0, 3.0, "wk", DEVICES, (), "3 A100 weeks")]),
        ("3 A100 months", [(2190.0, 3.0, "mo", DEVICES, (), "3 A100 months")]),
        ("2 GPU-years", [(17_532.0, 2.0, "yr", DEVICES, (), "2 GPU-years")]),
        ("12 h x 4 GPUs", [(12.0, 12.0, "h", DEVICES, (), "12 h")]),
        ("12 hours in aggregate", [(12.0, 12.0, "h", DEVICES, (), "12 hours")]),
        # chains of units
        ("8 hours and 24 minutes", [(8.4, 8.4, "h", WALL, (), "8 hours and 24 minutes")]),
        ("8 Stunden und 24 Minuten", [(8.4, 8.4, "h", WALL, (), "8 Stunden und 24 Minuten")]),
        ("4 days, 3 hours", [(99.0, 99.0, "h", WALL, (), "4 days, 3 hours")]),
        (
            "24 minutes and 8 hours",
            [(0.4, 24.0, "min", WALL, (), "24 minutes"), (8.0, 8.0, "h", None, (), "8 hours")],
        ),
        ("8 hours and 9 hours", [(8.0, 8.0, "h", None, (), "8 hours"), (9.0, 9.0, "h", None, (), "9 hours")]),
        (
            "8-9 hours and 24 minutes",
            [(8.5, 8.5, "h", None, ("range",), "8-9 hours"), (0.4, 24.0, "min", WALL, (), "24 minutes")],
        ),
        # small numbers in words
        ("two days", [(48.0, 2.0, "d", WALL, (), "two days")]),
        ("half a day", [(12.0, 0.5, "d", WALL, (), "half a day")]),
        ("half an hour", [(0.5, 0.5, "h", None, (), "half an hour")]),
        ("sixteen hours", [(16.0, 16.0, "h", None, (), "sixteen hours")]),
        ("an hour", [(1.0, 1.0, "h", None, (), "an hour")]),
        ("both days", [(48.0, 2.0, "d", WALL, (), "both days")]),
        ("a couple hours", [(2.0, 2.0, "h", None, (), "couple hours")]),
        ("8 0.5 hours", [(8.5, 8.5, "h", None, (), "8 0.5 hours")]),
        ("the 6-minute training", [(0.1, 6.0, "min", WALL, (), "6-minute")]),
        # what says the basis
        ("3 weeks", [(504.0, 3.0, "wk", WALL, (), "3 weeks")]),
        ("90 seconds", [(0.025, 90.0, "s", WALL, (), "90 seconds")]),
        ("8 hours", [(8.0, 8.0, "h", None, (), "8 hours")]),
        ("it lasted 12 hours", [(12.0, 12.0, "h", WALL, (), "12 hours")]),
        ("12 h (wall-clock)", [(12.0, 12.0, "h", WALL, (), "12 h")]),
        ("12 h per GPU", [(12.0, 12.0, "h", None, (), "12 h")]),
        # marks
        ("up to 10 hours", [(10.0, 10.0, "h", None, ("upper-bound",), "10 hours")]),
        ("more than 10 hours", [(10.0, 10.0, "h", None, ("lower-bound",), "10 hours")]),
        # between two times
        ("from 10:00 to 14:30", [(4.5, 4.5, "h", WALL, (), "from 10:00 to 14:30")]),
        ("started 22:00, ended 04:15", [(6.25, 6.25, "h", WALL, (), "started 22:00, ended 04:15")]),
        ("between 9:06 and 9:00", [(23.9, 23.9, "h", WALL, (), "between 9:06 and 9:00")]),
        # no durations of a training
        ("16 H100", []),
        ("a pair of 4090s", []),
        ("Ryzen 5 5600H", []),
        ("3D", []),
        ("3d", [(72.0, 3.0, "d", WALL, (), "3d")]),
        ("2 years", []),
        ("queries a month", []),
        ("100 requests per hour", []),
        ("2 hours per epoch", []),
        ("one second-hand card", []),
        ("16 hours of audio", []),
        ("16 hours of pure compute", [(16.0, 16.0, "h", None, (), "16 hours")]),
        ("16 hours later", []),
        ("16 hours ago", []),
    ],
)
def test_durations_of_a_sentence(text: str, durations: list[tuple[object, ...]]) -> None:
    assert [told(one, text) for one in read_durations(text)] == durations


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("two thirds of a day", 16.0),
        ("three quarters of a week", 126.0),
        ("a quarter of an hour", 0.25),
        ("half of a day", 12.0),
        ("a fifth of the month", 146.0),
    ],
)
def test_fractions_of_a_unit(text: str, hours: float) -> None:
    (found,) = read_durations(f"it took {text}")
    assert found.hours == pytest.approx(hours, rel=1e-3)


@pytest.mark.parametrize(
    ("value", "label", "duration"),
    [
        ("12", "Hours used", (12.0, 12.0, "h", None, (), "12")),
        ("12", "Time", None),
        ("12.5", "Training time (h)", (12.5, 12.5, "h", None, (), "12.5")),
        ("2", "Zeit in Stunden", (2.0, 2.0, "h", None, (), "2")),
        ("90", "Duration (min)", (1.5, 90.0, "min", None, (), "90")),
        ("5400", "Duration (s)", (1.5, 5400.0, "s", None, (), "5400")),
        ("2", "days", (48.0, 2.0, "d", None, (), "2")),
        ("300", "GPU hours", (300.0, 300.0, "h", DEVICES, (), "300")),
        ("300", "Wall-clock hours", (300.0, 300.0, "h", WALL, (), "300")),
        ("10-12", "Hours", (11.0, 11.0, "h", None, ("range",), "10-12")),
        ("~12", "Hours", (12.0, 12.0, "h", None, MARK, "12")),
        ("-3", "Hours", None),
        ("12%", "Hours", None),
        ("12 epochs", "Hours", None),
        ("12 GPUs", "Hours", None),
        ("(12)", "Hours", (12.0, 12.0, "h", None, (), "12")),
        ("We used a lot of it, all in all 12", "Hours", None),
        ("              **          12", "Hours", (12.0, 12.0, "h", None, (), "12")),
        ("12 (4 GPUs x 3 h)", "Hours", (12.0, 12.0, "h", None, (), "12")),
        ("8 x 3 = 24 hours", "Hours", (24.0, 24.0, "h", None, (), "24 hours")),
        ("3 h + 4 h = 7 h", "Time", (7.0, 7.0, "h", None, (), "7 h")),
        ("7 h = all of it", "Time", (7.0, 7.0, "h", None, (), "7 h")),
        ("3 h (stage 1) + 4 h (stage 2)", "Time", (7.0, 7.0, "h", WALL, (), "3 h (stage 1) + 4 h")),
        ("3 h (stage 1), 4 h (stage 2)", "Time", (3.0, 3.0, "h", None, (), "3 h")),
        ("30 h; in total 60 h", "Time", (60.0, 60.0, "h", None, (), "60 h")),
        ("= 2:30:00", "Time", (2.5, 2.5, "h", None, (), "2:30:00")),
        ("300 V100 GPU hours", "Time", (300.0, 300.0, "h", DEVICES, (), "300 V100 GPU hours")),
        ("about 24 hours", "Time", (24.0, 24.0, "h", None, MARK, "24 hours")),
    ],
)
def test_the_duration_of_a_value(value: str, label: str, duration: tuple[object, ...] | None) -> None:
    found = read_duration(value, label)
    assert (found and told(found, value)) == duration


def test_the_ends_of_a_range_are_kept() -> None:
    (one,) = read_durations("2-3 days")
    assert (one.hours, one.low, one.high) == (60.0, 48.0, 72.0)
    bare = read_duration("90-120", "minutes")
    assert bare is not None
    assert (bare.hours, bare.low, bare.high) == (1.75, 1.5, 2.0)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("3 epochs of 2 hours each", 6.0),
        ("5 folds x 2 hours each", 10.0),
        ("5 nights, 8 hours each", 40.0),
        ("8 hours a day for 6 days", 48.0),
        ("8 hours each day during 6 days", 48.0),
        ("2 hours each epoch, 3 epochs", None),
        ("one epoch takes 2 hours", None),
        ("each run took 2 hours", None),
        ("an evaluation takes 2 hours", None),
        ("each taking 2 hours", None),
        ("a full run takes 2 hours", 2.0),
        ("training takes 2 hours", 2.0),
        ("2 hours each node", 2.0),
        ("each sample was seen thrice. " + "It is small. " * 10 + "2 hours", 2.0),
    ],
)
def test_what_a_part_takes_counts_as_often_as_there_are_parts(text: str, hours: float | None) -> None:
    whole = whole_of_parts(text, read_durations(text)[0])
    assert (whole and whole.hours) == hours
    assert whole is None or whole.value == hours
