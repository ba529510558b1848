"""Durations and counts of devices read from a few words, at the edges of what is read."""

from __future__ import annotations

import pytest

from mining.card.values.context_durations import read_duration, read_durations, with_small_numbers
from mining.card.values.device_counts import count_of
from mining.card.values.duration_parts import days_of, is_a_day
from mining.vocab.load import finder


@pytest.mark.parametrize(
    ("text", "label", "hours", "unit", "basis"),
    [
        ("4 days and 9.5 hours", "", 105.5, "h", "wall-clock"),
        ("1-02:30:00", "", 26.5, "h", None),
        ("2 days, 3:30:36", "", 51.51, "h", None),
        ("3:30:00", "", 3.5, "h", None),
        ("2h30", "", 2.5, "h", None),
        ("2h30 on 4 GPUs", "", 2.5, "h", None),
        ("3h 16 GPUs", "", 3.0, "h", None),  # no minutes
        ("3 h 15 min", "", 3.25, "h", None),
        ("12", "Hours used", 12.0, "h", None),
        ("12", "Minutes", 0.2, "min", None),
        ("12 (4 GPUs)", "Hours used", 12.0, "h", None),
        ("1234", "GPU hours", 1234.0, "h", "device-hours"),
        ("3 hours, total 12 hours", "", 12.0, "h", None),
        ("3 + 4 = 7 hours", "", 7.0, "h", None),
        ("300 V100 GPU hours", "", 300.0, "h", "device-hours"),
        ("103k chip-hours", "", 103_000.0, "h", "device-hours"),
        ("300 V100 days", "", 7200.0, "d", "device-hours"),
        ("4 H100 weeks", "", 672.0, "wk", "device-hours"),
        ("2 million GPU hours", "", 2e6, "h", "device-hours"),
        ("14 h (stage 1) + 3.5 h (stage 2)", "", 17.5, "h", "wall-clock"),
        ("14 h (stage 1), 3.5 h (stage 2)", "", 14.0, "h", None),
        ("10 to 12 hours", "", 11.0, "h", None),
        ("3 weeks", "", 504.0, "wk", "wall-clock"),
        ("90 min", "", 1.5, "min", "wall-clock"),
        ("90 s", "", 0.025, "s", "wall-clock"),
        ("12 hours per GPU", "", 12.0, "h", None),
        ("half a day", "", 12.0, "d", "wall-clock"),
        ("2 quarters of an hour", "", 0.5, "h", None),
        ("the 6-minute training", "", 0.1, "min", "wall-clock"),
    ],
)
def test_a_value_states_hours(text: str, label: str, hours: float, unit: str, basis: str | None) -> None:
    found = read_duration(text, label)
    assert found is not None
    assert found.hours == pytest.approx(hours)
    assert (found.unit, found.basis) == (unit, basis)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("12:30", ""),  # a time of the day
        ("12", ""),
        ("-12", "Hours used"),
        ("12 GPUs", "Hours used"),
        ("GPU hours", "Hours used"),
        ("5 hours of audio", ""),
        ("16 H100", ""),
        ("two RTX 4090s", ""),
        ("12 hours per request", ""),
        ("3 foo hours", ""),
        ("2 years", ""),
        ("20 queries a month", ""),
    ],
)
def test_a_value_states_no_hours(text: str, label: str) -> None:
    assert read_duration(text, label) is None


def test_a_duration_is_where_it_stands_with_its_ends_and_marks() -> None:
    text = "3 + 4 = about 10 to 12 days"
    found = read_duration(text)
    assert found is not None
    assert text[found.start : found.end] == "10 to 12 days"
    assert (found.low, found.high, found.value) == (240.0, 288.0, 11.0)
    assert set(found.marks) == {"range", "approximate"}
    clock = read_duration("about 3:30:00")
    assert clock is not None
    assert clock.marks == ("approximate",)
    device = read_duration("= about 300 V100 hours")
    assert device is not None
    assert device.marks == ("approximate",)
    assert "= about 300 V100 hours"[device.start : device.end] == "300 V100 hours"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It took 3 hours on A and 4 hours on B.", [(3.0, "3 hours"), (4.0, "4 hours")]),
        ("started 18:40, finished 04:10", [(9.5, "started 18:40, finished 04:10")]),
        ("from 09:00 to 11:30", [(2.5, "from 09:00 to 11:30")]),
        ("2023-03-03T00:00 to 2023-03-04T06:00", [(30.0, "2023-03-03T00:00 to 2023-03-04T06:00")]),
        ("ran 3:30:00 then 2h30.", [(3.5, "3:30:00"), (2.5, "2h30")]),
        ("one second-hand card for 3 hours", [(3.0, "3 hours")]),
        ("3 hours ago we trained 2 hours", [(2.0, "2 hours")]),
        ("3D model for 2 days", [(48.0, "2 days")]),
        ("took 2 days and 3 hours", [(51.0, "2 days and 3 hours")]),
        ("took 3 hours and 2 days", [(3.0, "3 hours"), (48.0, "2 days")]),  # no chain runs up
        ("queries a month", []),
        ("no numbers", []),
    ],
)
def test_durations_of_a_sentence_where_they_stand(text: str, found: list[tuple[float, str]]) -> None:
    assert [(one.hours, text[one.start : one.end]) for one in read_durations(text)] == found


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("two hours", "2 hours"),
        ("half an hour", "0.5 hour"),
        ("one and a half days", "1.5 days"),
        ("8 0.5 hours", "8.5 hours"),
        ("a third of a day", "0.3333 day"),
        ("three quarters of an hour", "0.75 hour"),
        ("the 6-minute training", "the 6 minute training"),
        ("twelve full days", "12 days"),
        ("two birds", "two birds"),
        ("dual gpu hours", "2 gpu hours"),
    ],
)
def test_small_numbers_before_a_time_keep_their_width(text: str, plain: str) -> None:
    changed = with_small_numbers(text)
    assert len(changed) == len(text)
    assert changed.split() == plain.split()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("8 x A100", 8),
        ("8 NVIDIA Tesla A100", 8),
        ("8 40GB A100", 8),
        ("1,024 H100 GPUs", 1024),
        ("A100 x 8", 8),
        ("A100 (8 GPUs)", 8),
        ("A100 80GB (4x)", 4),
        ("A100 64", 64),
        ("A100 33", None),  # no number of devices that machines hold
        ("T4 x2", 2),
        ("two A100s", 2),
        ("RTX 3090, two of them", 2),
        ("RTX 3090, a pair of them", 2),
        ("3.8 A100", None),
        ("v8 A100", None),
        ("300 V100 hours", None),
        ("V100 hours (8 GPUs)", 8),
        ("16 of our 64 A100s", 16),
        ("64 of the 64 A100s", 64),
        ("64 A100, of which we used 16", 16),
        ("64 A100, of which we used 128", 64),  # more than there are
        ("one v5p-128 slice (64 chips)", 64),
        ("4 nodes of 8 A100", 32),
        ("4 nodes with 8 A100 each", 32),
        ("4 nodes, 8 A100", 8),
        ("8 A100 per node, 4 nodes", 32),
        ("8 A100 per node, 8 nodes", 64),
        ("8 A100 on each of 4 nodes", 32),
        ("2 x 8 A100", 16),
        ("nodes x 4, 8 A100 each", 32),
        ("V100 × 4 GPUs × 4 nodes", 16),
        ("32 H100 (4 nodes of 8)", 32),
        ("32 H100 (4 nodes x 8)", 32),
        ("A100", None),
        ("an A100", 1),
        ("a rented A10G", 1),
        ("my gaming laptop's RTX 3060", 1),
        ("her laptop (RTX 3060)", 1),
        ("a single GPU (A100)", 1),
        ("on the A100", 1),
        ("the A100s", None),
        ("our A100 cluster", None),
        ("a pair with A100", None),
        ("a pair of A100", None),
    ],
)
def test_devices_beside_their_name(text: str, count: int | None) -> None:
    match = next(iter(finder("hardware").find(text, weak=True)))
    assert count_of(text, match) == count


def test_only_in_a_sentence_a_desktop_has_one_device_where_none_are_counted() -> None:
    text = "tuned on GeForce RTX 3060"
    match = next(iter(finder("hardware").find(text, weak=True)))
    assert [count_of(text, match, in_sentence) for in_sentence in (True, False)] == [1, None]


def test_parts_of_days() -> None:
    assert [is_a_day(text) for text in ("a day", " per night", "/day", "each GPU", "days", "of a day")] == [
        *(True, True, True, True, False, False)
    ]
    told = {"over 3 days": 3, "during 12 long evenings": 12, "for 4 hours": None, "3 days": None, "3 days at 4 h": 3}
    assert {text: days_of(text) for text in told} == told
