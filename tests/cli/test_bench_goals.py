"""The goals of ``fastaug bench``: when one is met, and that each is the goal of a row there is."""

from __future__ import annotations

import pytest

from fastaug.cli.bench import reasons
from fastaug.cli.bench.cases import all_ops, cases
from fastaug.cli.bench.goals import A_COPY, OURS, judge, times


@pytest.mark.parametrize(
    ("goal", "speeds", "state", "reached"),
    [
        (times(2, "opencv"), {OURS: 200, "opencv": 100}, "met", 2),
        (times(2, "opencv"), {OURS: 199, "opencv": 100}, "missed", 1.99),
        (times(2, "opencv"), {OURS: 199, "opencv": 100, A_COPY: 1000}, "missed", 1.99),
        (times(2, "opencv"), {OURS: 90, "opencv": 100, A_COPY: 112}, "met by the copy", 0.9),
        (times(2, "opencv"), {OURS: 90, "opencv": 100, A_COPY: 113}, "missed", 0.9),
        # As good as a copy is asked for by name.
        (times(0.9, A_COPY), {OURS: 90, A_COPY: 100}, "met", 0.9),
        (times(0.9, A_COPY), {OURS: 89, A_COPY: 100}, "missed", 0.89),
        # The better of two; of those that are there.
        (times(8, "numpy", "torch"), {OURS: 800, "numpy": 10, "torch": 100}, "met", 8),
        (times(8, "numpy", "torch"), {OURS: 799, "numpy": 10, "torch": 100}, "missed", 7.99),
        (times(8, "numpy", "torch"), {OURS: 800, "numpy": 100}, "met", 8),
        # Others do not count.
        (times(2, "opencv"), {OURS: 200, "opencv": 100, "torch": 1000}, "met", 2),
        (times(2, "opencv"), {OURS: 200, "torch": 1}, "not measured", None),
        (times(2, "opencv"), {"opencv": 200}, "not measured", None),
        (times(2, "opencv"), {}, "not measured", None),
    ],
)
def test_verdicts(goal, speeds, state, reached):
    verdict = judge(goal, speeds)
    assert (verdict.state, verdict.reached) == (state, pytest.approx(reached) if reached else None)
    assert verdict.met == (state in ("met", "met by the copy"))


def test_the_verdict_says_against_whom():
    assert judge(times(8, "numpy", "torch"), {OURS: 1, "numpy": 2, "torch": 3}).against == "torch"


def test_a_goal_describes_itself():
    assert times(2.5, "opencv").describe() == "2.5x opencv"
    assert times(8, "numpy", "torch").describe() == "8x numpy or torch"


@pytest.mark.parametrize("op", [op for op in all_ops() if op.goals], ids=lambda op: op.name)
def test_every_goal_is_that_of_a_row_and_its_peers_take_part(op):
    rows = {
        f"{variant} {dtype}".strip(): op.work((1, 8, 8, options.get("channels", 3)), dtype, options)
        for variant, options in op.variants.items()
        for dtype in op.dtypes
    }
    for row, goal in op.goals.items():
        work = rows[row]
        able = {c.name for c in op.contenders if work.dtype in c.dtypes and c.when(work)}
        assert set(goal.peers) <= able | {A_COPY}, row


def test_goals_hold_for_images_of_the_usual_size():
    def judged(**how):
        return {case.row for case in cases(ops=["erode", "flip"], **how) if case.goal}

    assert "erode 3x3 one channel uint8" in judged()
    assert "flip horizontal float32" in judged(channels=3)
    assert "flip vertical float32" not in judged()
    assert judged(size=64) == judged(channels=4) == set()


def test_every_reason_is_that_of_a_row():
    rows = {case.row for case in cases()}
    assert {key.partition(" at v")[0] for key in reasons.REASONS} <= rows


def test_every_reason_for_a_shape_is_that_of_a_row_or_an_op():
    table = [case for channels in (1, 4) for case in cases(channels=channels)]
    names = {name for case in table for name in (case.row, case.row.rpartition(" ")[0], case.op)}
    assert {key.partition(" at ")[0] for key in reasons.SHAPES} <= names


def test_the_reason_for_a_shape_is_the_closest(monkeypatch):
    known = {"rot90 at 28x28": "op", "rot90 uint8 at 28x28": "row", "rot90 uint8 at 28x28x4": "own"}
    monkeypatch.setattr(reasons, "SHAPES", known)
    monkeypatch.setattr(reasons, "REASONS", {"rot90 uint8 at v4": "of the table"})
    assert reasons.reason_at("rot90 float32", [1, 28, 28, 4], "v4") == "op"
    assert reasons.reason_at("rot90 uint8", [1, 28, 28, 1], "v4") == "row"
    assert reasons.reason_at("rot90 uint8", [1, 28, 28, 4], "v4") == "own"
    assert reasons.reason_at("rot90 uint8", [1, 64, 64, 4], "v4") == "of the table"
    assert reasons.reason_at("flip uint8", [1, 28, 28, 4], "v4") == ""


def test_a_reason_may_be_that_of_one_level(monkeypatch):
    known = {"rot90 uint8": "bytes move singly", "rot90 uint8 at v3": "no permutation of bytes"}
    monkeypatch.setattr(reasons, "REASONS", known)
    assert reasons.reason("rot90 uint8", "v3") == "no permutation of bytes"
    assert reasons.reason("rot90 uint8", "v4") == "bytes move singly"
    assert reasons.reason("flip uint8", "v4") == ""
