"""``fastaug bench --report``: the page, the curves, and what is measured in processes of their own."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import numpy as np
import pytest
from hungry import grown_by, small_case
from typer.testing import CliRunner

from fastaug import build_info, threads
from fastaug.cli import app
from fastaug.cli.bench import cases as cases_module
from fastaug.cli.bench import cores, memory, page, plot, reasons, report, scaling
from fastaug.cli.bench.agree import Agreement
from fastaug.cli.bench.cases import Case, batch_of, plain_copy
from fastaug.cli.bench.children import child
from fastaug.cli.bench.data import Work
from fastaug.cli.bench.goals import A_COPY, OURS, times
from fastaug.cli.bench.timing import Outcome, Timing

pytest.importorskip("matplotlib")
MEGA = 2**20


def invoke(size, ops, *more):
    few = ["--size", str(size), "--batch", "2", "--seconds", "0.002", "--ops", ops]
    return CliRunner().invoke(app, ["bench", *few, *more])


def outcome(speeds, variant="", goal=None):
    work = Work((1, 8, 8, 3), "uint8", {})
    agreements = {name: Agreement("bound" if name == A_COPY else "exact") for name in speeds}
    case = Case("flip", variant, work, dict.fromkeys(speeds, lambda: None), agreements, goal)
    return Outcome(case, {n: Timing(1, 1, [1 / speed]) for n, speed in speeds.items()}, {})


def measured(*outcomes, **more):
    settings = {"batch": 1, "threads": 1}
    empty = {"levels": {}, "sizes": [], "threads": [], "per_image": [], "memory": []}
    return report.as_json(list(outcomes), settings) | empty | more


def rows_of(text, heading):
    """The cells of the table under a heading."""
    part = text.partition(f"{heading}\n")[2].partition("\n#")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


# The page


def test_goals_met_and_missed_with_their_reasons(monkeypatch):
    monkeypatch.setitem(reasons.REASONS, "flip a uint8", "shuffles bound it")
    here = [
        outcome({OURS: 100, "opencv": 100, A_COPY: 1000}, "a", times(2, "opencv")),
        outcome({OURS: 300, "opencv": 100, A_COPY: 1000}, "b", times(2, "opencv")),
        outcome({OURS: 900, "opencv": 899, A_COPY: 1000}, "c", times(2, "opencv")),
        outcome({OURS: 300, "numpy": 100}, "d", times(2, "opencv")),
        outcome({OURS: 50, "numpy": 100}, "e"),
    ]
    at_v3 = report.as_json([outcome({OURS: 70, "opencv": 100}, "a", times(2, "opencv"))], {})
    data = measured(*here, levels={"v3": at_v3})
    text = page.render(data, {})
    level = build_info()["isa"]
    assert "2 of 3 met; 1 could not be measured" in text
    assert rows_of(text, f"## Goals at {level}") == [
        [
            "flip a uint8",
            "100",
            "2x opencv",
            "1.00x opencv",
            "10%",
            "**missed**",
            "shuffles bound it",
        ],
        ["flip b uint8", "300", "2x opencv", "3.00x opencv", "30%", "met", ""],
        ["flip c uint8", "900", "2x opencv", "1.00x opencv", "90%", "met by the copy", ""],
        ["flip d uint8", "300", "2x opencv", "", "", "**not measured**", ""],
    ]
    (judged,) = rows_of(text, "## Goals at v3")
    assert judged[3:6] == ["0.70x opencv", "", "**missed**"]
    losses = [row for row in rows_of(text, "## Every row") if row[3].startswith("**")]
    assert losses == [
        ["flip e uint8 8x8x3", "50", "100 numpy", "**0.50x**", "", "not written down yet"]
    ]


def test_the_page_says_what_was_measured_on():
    result = outcome({OURS: 1, "opencv": 1, "opencv 4.13.0": 1})
    result.left_out["scipy"] = "OSError: a|b"
    text = page.render(measured(result), {})
    for word in (build_info()["compiler"] or "None", "opencv 4.13.0", "CPU", "instruction set"):
        assert word in text
    assert "- scipy in flip uint8 8x8x3: OSError: a|b" in text
    for heading in ("Goals", "Size", "Threads", "Small", "Memory"):
        assert f"## {heading}" not in text  # nothing was measured of it


def at_other_shapes(*found):
    entries = [
        {"row": row, "shape": [1, 28, 28, c], "best_peer": "opencv", "ratio": ratio}
        for row, c, ratio in found
    ]
    return page.render(measured(outcome({OURS: 2, "opencv": 1}), shapes=entries), {})


def test_the_page_has_every_row_at_other_shapes():
    text = at_other_shapes(("a", 1, 2.5), ("a", 4, 12.0))
    assert rows_of(text, "## Other shapes") == [["a", "2.50x opencv", "12.0x opencv"]]


def test_the_page_has_the_reasons_for_other_shapes(monkeypatch):
    monkeypatch.setitem(reasons.SHAPES, "b at 28x28", "the call")
    text = at_other_shapes(("b", 1, 0.6), ("b", 3, 2), ("b", 4, 0.5), ("c", 4, 0.9))
    assert rows_of(text, "## Other shapes") == [
        ["b", "**0.60x** opencv", "2.00x opencv", "**0.50x** opencv"],
        ["c", "", "", "**0.90x** opencv"],
        ["work", "slower at", "why"],
        ["---", "---", "---"],
        ["b", "28×28×1, 28×28×4", "the call"],
        ["c", "28×28×4", "not written down yet"],
    ]


def test_the_page_holds_work_against_a_part_of_it():
    part = outcome({OURS: 10, "keras": 2, "ready": 16})
    part.case.agreements["ready"] = Agreement("bound")
    training = report.as_json([part], {"batch": 1, "threads": 2})
    data = measured(outcome({OURS: 2, "opencv": 1}), training=training)
    found = rows_of(page.render(data, {}), "## Against a part of the work alone")
    assert found == [["flip uint8", "2", "ready 62.5", "100, 1.60x", "500, 8.00x"]]
    assert "Against a part" not in page.render(measured(outcome({OURS: 2, "opencv": 1})), {})


def test_a_report_is_written_whole(tmp_path):
    folder = tmp_path / "report"
    data = measured(outcome({OURS: 2, "opencv": 1}))
    page.write(data, folder)
    assert sorted(p.name for p in folder.iterdir()) == ["index.md", "results.json", "table.png"]
    assert json.loads((folder / "results.json").read_text()) == data
    (folder / "notes.txt").write_text("of a person")
    page.write(measured(outcome({OURS: 3, "opencv": 1})), folder)
    assert "3.00x" in (folder / "index.md").read_text()
    assert (folder / "notes.txt").read_text() == "of a person"
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_a_report_that_fails_leaves_the_last_one(tmp_path, monkeypatch):
    def broken(*arguments):
        raise RuntimeError("no more ink")

    folder = tmp_path / "report"
    page.write(measured(outcome({OURS: 2, "opencv": 1})), folder)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    monkeypatch.setattr(plot, "save_threads", broken)
    entry = {"row": "flip", "threads": 2, "images_per_second": 1.0, "speedup": 1.0, "met": None}
    entry |= {"quartiles": [0.9, 1.1], "apart": 1.0}
    for target in (folder, tmp_path / "new"):
        with pytest.raises(RuntimeError, match="ink"):
            page.write(measured(outcome({OURS: 9, "opencv": 1}), threads=[entry]), target)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_the_command_writes_every_part(tmp_path, monkeypatch):
    monkeypatch.setattr(scaling, "SIZES", (16, 32))
    row = "warp_spline order 1 nearest uint8"  # few can do it, so little is loaded
    monkeypatch.setattr(scaling, "SIZED", (row,))
    monkeypatch.setattr(scaling, "SMALL_ROWS", (row,))
    monkeypatch.setattr(cores, "ROWS", (row,))
    monkeypatch.setattr(memory, "extra", lambda ops, threads: [])
    folder = tmp_path / "report"
    result = invoke(32, row, "--report", str(folder))
    assert result.exit_code == 0, result.output
    names = {"index.md", "results.json", "table.png", "sizes.png", "threads.png"}
    assert {p.name for p in folder.iterdir()} == names
    data = json.loads((folder / "results.json").read_text())
    assert [r["row"] for r in data["results"]] == [row]
    assert {e["side"] for e in data["sizes"]} == {16, 32}
    assert {e["contender"] for e in data["sizes"]} == {OURS, A_COPY}  # SciPy takes too long
    assert len(data["per_image"]) == 1
    if "v3" in data["machine"]["isa_available"] and data["machine"]["isa"] != "v3":
        assert data["levels"]["v3"]["machine"]["isa"] == "v3"
        assert data["levels"]["v3"]["results"][0]["contenders"].keys() >= {OURS, A_COPY}
    text = (folder / "index.md").read_text()
    for heading in ("Every row", "Size of the images", "Small images"):
        assert f"## {heading}" in text
    assert ("## Threads" in text) == (threads._usable_cpus() > 1)
    for name in names - {"index.md", "threads.png"}:
        assert f"]({name})" in text


# What is in it


def test_a_plain_copy_moves_as_many_bytes():
    class Smaller(Work):
        @property
        def out(self):
            return np.zeros((2, 4, 4, 3), np.float32)

    work = Work((2, 8, 8, 3), "float32", {})
    np.testing.assert_array_equal(plain_copy(work)(), work.images)
    np.testing.assert_array_equal(work.out, work.images)
    call = plain_copy(Smaller((2, 8, 8, 3), "uint8", {}))
    source = dict(zip(call.__code__.co_freevars, call.__closure__, strict=True))["source"]
    assert source.cell_contents.nbytes == (2 * 8 * 8 * 3 + 2 * 4 * 4 * 3 * 4) / 2


@pytest.mark.parametrize(("size", "batch"), [(28, 256), (224, 32), (512, 6), (1024, 1), (4096, 1)])
def test_batches_of_every_size_fit_into_memory(size, batch):
    assert batch_of(size) == batch


def test_rows_of_the_curves_are_rows_of_the_table():
    known = {case.row for case in cases_module.cases()}
    assert {*scaling.SIZED, *cores.ROWS, *scaling.SMALL_ROWS, *memory.ROWS} <= known


def test_a_scratch_image_is_of_what_the_op_computes_in():
    for row, expected in (
        ("erode 3x3 uint8", lambda h, w: h * w * 3),
        ("erode 3x3 float32", lambda h, w: h * w * 3 * 4),
        ("warp_affine bicubic constant uint8", lambda h, w: h * w * 4),
        ("warp_spline order 3 nearest uint8", lambda h, w: (h + 24) * (w + 24) * 3 * 8),
    ):
        case = small_case(row)
        assert memory.scratch_image(case) == expected(*case.work.size)


def test_every_row_of_small_images_is_measured(monkeypatch):
    monkeypatch.setattr(scaling, "IMAGES", 4)
    monkeypatch.setattr(scaling, "LARGE", 56)
    found = scaling.per_image([], 0.001)
    assert {e["row"] for e in found} == set(scaling.SMALL_ROWS)


def test_threads_are_measured_against_one(monkeypatch):
    def seconds_of(turns, seconds):
        # One is slower in every other round, and so is everybody else; once somebody is in the way.
        slow, rest = [1.0, 2.0] * 4, [1.0]
        return {
            (how, n): [s * (1 if how == "apart" else 1 / min(n, 3)) for s in slow]
            + [s * (9 if n == 2 else 1) for s in rest]
            for how, n in turns
        }

    monkeypatch.setattr(cores, "_take_turns", seconds_of)
    monkeypatch.setattr(cores, "rows", lambda names, ops: [small_case("erode 3x3 uint8")])
    found = cores.threads([], 0.1, 4)
    assert [(e["threads"], e["met"]) for e in found] == [(1, None), (2, True), (4, None)]
    assert [e["speedup"] for e in found] == pytest.approx([1, 2, 3])
    assert [e["apart"] for e in found] == pytest.approx([1, 2, 4])
    assert found[1]["quartiles"] == pytest.approx([2, 2])


@pytest.mark.parametrize("row", ["copy uint8", "flip horizontal uint8"])
def test_what_little_else_than_copies_is_not_held_to_threads(monkeypatch, row):
    monkeypatch.setattr(cores, "rows", lambda names, ops: [small_case(row)])
    assert {e["met"] for e in cores.threads([], 0.01, 2)} == {None}


def test_calls_at_once_each_have_a_batch_and_a_core(monkeypatch):
    before = threads._chosen
    at_once, most = 0, []
    lock = Lock()

    def call():
        nonlocal at_once
        with lock:
            at_once += 1
            most.append((at_once, threads.get_num_threads()))
        time.sleep(0.02)
        with lock:
            at_once -= 1

    with ThreadPoolExecutor(2) as pool:
        taken = cores._apart(pool, [call, call])(3)
    monkeypatch.setattr(threads, "_chosen", before)
    assert len(most) == 6
    assert {number for number, _ in most} == {1, 2}
    assert {own for _, own in most} == {1}
    assert taken >= 0.02


def test_extra_memory_is_seen():
    if not memory._PEAK_RESET.exists():
        pytest.skip("this system does not tell the peak of the memory")
    for size in (24 * MEGA, 0):
        with child() as pool:
            assert abs(pool.submit(grown_by, size).result() - size) < 2 * MEGA


def test_a_child_has_its_variables_and_ours_are_as_they_were():
    before = dict(os.environ)
    with child({"FASTAUG_TEST": "there"}) as pool:
        assert pool.submit(os.getenv, "FASTAUG_TEST").result() == "there"
        assert pool.submit(os.getpid).result() != os.getpid()
    assert dict(os.environ) == before


def test_another_version_joins_in(tmp_path):
    pytest.importorskip("cv2")
    (tmp_path / "cv2").mkdir()
    (tmp_path / "cv2" / "__init__.py").write_text(
        "from scipy import ndimage\n"
        "MORPH_OPEN = 2\n"
        "def getNumThreads(): return 1\n"
        "def setNumThreads(n): assert n == 1\n"
        "def erode(image, _, out): ndimage.minimum_filter(image, (3, 3, 1), output=out)\n"
        "def morphologyEx(image, kind, _, out): out[:] = image\n"
    )
    info = tmp_path / "opencv_python_headless-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: opencv-python-headless\nVersion: 0.1\n")
    ops = "warp_spline order 1 nearest uint8,erode 3x3 uint8,opening 3x3 uint8"
    result = invoke(16, ops, "--json", "-", "--also", f"opencv={tmp_path}")
    assert result.exit_code == 0, result.output
    spline, erode, opening = json.loads(result.stdout)["results"]
    assert "opencv 0.1" not in spline["contenders"]
    assert erode["contenders"]["opencv 0.1"]["rounds"] >= 3
    assert erode["contenders"]["opencv"]["rounds"] >= 3
    assert "are more than" in opening["left_out"]["opencv 0.1"]  # which is no opening
    assert "opencv" in opening["contenders"]
