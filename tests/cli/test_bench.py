"""``fastaug bench``: what it prints and writes, whose turn it is, and what the report says."""

from __future__ import annotations

import itertools
import json
import os
import platform
import subprocess
import sys

import numpy as np
import pytest
from extension import needs_extension
from rich.console import Console
from typer.testing import CliRunner

from fastaug import backends, threads
from fastaug.cli import app
from fastaug.cli.bench import peers, report
from fastaug.cli.bench import run as run_module
from fastaug.cli.bench.agree import Agreement
from fastaug.cli.bench.cases import OURS, Case
from fastaug.cli.bench.data import Work
from fastaug.cli.bench.goals import A_COPY
from fastaug.cli.bench.timing import ROUNDS, Outcome, Timing, run
from fastaug.cli.bench.twins import NATIVE, twins

SMALL = ["bench", "--quick", "--size", "32", "--batch", "2", "--seconds", "0.002"]


def invoke(*arguments):
    return CliRunner().invoke(app, [*SMALL, *map(str, arguments)])


def outcome(speeds, op="flip", bound=None):
    """An outcome of one-image batches with these images per second."""
    work = Work((1, 8, 8, 3), "uint8", {})
    agreements = dict.fromkeys(speeds, Agreement())
    if bound is not None:
        agreements[bound] = Agreement("bound")
    case = Case(op, "", work, {name: lambda: lambda: None for name in speeds}, agreements)
    return Outcome(case, {n: Timing(1, 1, [1 / speed]) for n, speed in speeds.items()}, {})


# The command


def test_quick_run_prints_a_table_with_speeds_and_ratios():
    result = invoke("--ops", "flip horizontal,rot90 uint8")
    assert result.exit_code == 0, result.output
    for word in ("images/s", "ratio", "flip", "rot90", "fastaug", "numpy", "best peer"):
        assert word in result.stdout


def test_json_on_standard_output_is_nothing_but_json():
    result = invoke("--ops", "copy,flip", "--json", "-")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert data["schema"] == 2
    assert data["settings"] == {
        "sizes": [32],
        "channels": [],
        "dtypes": ["uint8", "float32"],
        "batch": 2,
        "seconds_per_contender": 0.002,
        "threads": 1,
        "ops": ["copy", "flip"],
        "numba": False,
    }
    assert {"fastaug", "isa", "cpu", "python", "peers"} <= data["machine"].keys()
    assert {entry["op"] for entry in data["results"]} == {"copy", "flip"}
    for entry in data["results"]:
        assert entry["shape"] == [2, 32, 32, 3]
        assert entry["left_out"] == {}
        ours, best = (entry["contenders"][name] for name in (OURS, entry["best_peer"]))
        assert ours["rounds"] >= 3
        assert ours["images_per_second"] == pytest.approx(2 / ours["seconds_per_batch"])
        ratio = ours["images_per_second"] / best["images_per_second"]
        assert entry["ratio_to_best_peer"] == pytest.approx(ratio)
        assert entry["share_of_copy"] > 0


def test_json_and_plot_are_written(tmp_path):
    pytest.importorskip("matplotlib")
    picture, numbers = tmp_path / "out.png", tmp_path / "out.json"
    result = invoke("--ops", "flip", "--plot", picture, "--json", numbers)
    assert result.exit_code == 0, result.output
    assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert len(json.loads(numbers.read_text())["results"]) == 4


def test_plot_without_matplotlib_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = invoke("--ops", "flip", "--plot", tmp_path / "out.png")
    assert result.exit_code == 1
    assert "pip install 'fastaug[bench]'" in result.stderr
    assert "images/s" not in result.output  # said before the measuring


def test_unknown_op_lists_the_known_ones():
    result = invoke("--ops", "emboss")
    assert result.exit_code == 1
    assert "'emboss'" in result.stderr
    assert "warp_affine" in result.stderr


def test_op_that_nothing_installed_can_do_says_what_to_install(monkeypatch):
    monkeypatch.setattr(peers, "installed", lambda peer: peer == "numpy")
    result = invoke("--ops", "keras")
    assert result.exit_code == 1
    assert "pip install 'fastaug[bench]'" in result.stderr


def test_folder_that_is_not_there_is_found_out_first(tmp_path):
    result = invoke("--ops", "flip", "--json", tmp_path / "no" / "out.json")
    assert result.exit_code == 1
    assert "no folder" in result.stderr


def test_without_peers_ours_is_still_measured(monkeypatch):
    monkeypatch.setattr(peers, "installed", lambda peer: peer == "numpy")
    result = invoke("--ops", "erode 3x3 uint8", "--json", "-")
    assert result.exit_code == 0, result.output
    (entry,) = json.loads(result.stdout)["results"]
    assert list(entry["contenders"]) == [OURS, A_COPY]
    assert entry["ratio_to_best_peer"] is None


def chosen(**settings):
    usual = {
        "channels": [],
        "dtypes": ["uint8", "float32"],
        "batch": None,
        "ops": [],
        "numba": False,
    }
    return run_module._cases(usual | settings)


def test_sizes_channels_and_dtypes_are_chosen():
    found = chosen(sizes=[16, 512], channels=[1, 9], dtypes=["uint8"], ops=["erode"])
    shapes = [case.work.shape for case in found if case.variant == "3x3"]
    assert shapes == [(256, 16, 16, 1), (256, 16, 16, 9), (6, 512, 512, 1), (6, 512, 512, 9)]
    assert {case.work.dtype for case in found} == {"uint8"}
    assert not any("one channel" in case.name for case in found)  # all of them have one, or nine
    result = invoke("--ops", "flip", "--size", "16,20", "--dtype", "uint8", "--json", "-")
    assert result.exit_code == 0, result.output
    shapes = [entry["shape"] for entry in json.loads(result.stdout)["results"]]
    assert shapes == [[2, 16, 16, 3]] * 2 + [[2, 20, 20, 3]] * 2


def test_a_row_with_a_size_of_its_own_is_there_once():
    names = [case.name for case in chosen(sizes=[32, 48], ops=["keras"])]
    assert "keras photo float32 32x32x3" in names
    assert "keras photo float32 48x48x3" in names
    assert names.count("keras icon float32 28x28x3") == 1


def test_a_name_may_be_that_of_a_row_of_one_of_the_sizes():
    (case,) = chosen(sizes=[32, 48], ops=["rot90 uint8 48x48"])
    assert case.work.shape[1] == 48
    with pytest.raises(ValueError, match="no case is called 'rot90 uint8 50x50'"):
        chosen(sizes=[32, 48], ops=["rot90 uint8 50x50"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--size", "big"),
            "--size must be whole numbers from 16 to 8192, separated by commas, got 'big'",
        ),
        (("--size", "28,8"), "got '28,8'"),
        (("--size", ","), "--size must be"),
        (("--channels", "0"), "--channels must be whole numbers from 1 to 64"),
        (("--dtype", "uint8,int7"), "--dtype must be uint8 or float32, got 'uint8,int7'"),
        (("--also", "opencv"), "--also must be PEER=FOLDER"),
        (("--also", "gimp=."), "with a peer of numpy, opencv"),
        (("--also", "opencv=nowhere"), "pip install --no-deps --target nowhere opencv-python"),
        (("--report", __file__), "--report needs a folder"),
        (("--report", "no/such/folder"), "there is no folder"),
    ],
)
def test_wrong_options_are_one_clear_line(arguments, message):
    result = invoke("--ops", "flip", *arguments)
    assert result.exit_code == 1
    assert message in result.stderr
    assert "images/s" not in result.output


def test_our_own_failure_is_an_error(monkeypatch):
    def broken(*arguments, **options):
        raise RuntimeError("no such luck")

    monkeypatch.setattr("fastaug.cli.bench.geometry.rot90", broken)
    result = invoke("--ops", "rot90 uint8")
    assert result.exit_code == 1
    assert "no such luck" in result.stdout
    assert "fastaug itself" in result.stderr


def test_tensorflow_is_quiet():
    pytest.importorskip("keras")
    command = [sys.executable, "-P", "-m", "fastaug.cli", *SMALL, "--ops", "keras icon float32"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "keras generator" in done.stdout
    assert done.stderr.strip() == ""


# The timing


def test_contenders_take_turns_and_slow_ones_take_few():
    now = 0.0
    order = []

    def contender(name, cost):
        def call():
            nonlocal now
            now += cost
            order.append(name)
            return np.zeros((2, 8, 8, 3), np.uint8)

        return lambda: call

    work = Work((2, 8, 8, 3), "uint8", {})
    makers = {OURS: contender(OURS, 1 / 64), "peer": contender("peer", 0.5)}
    case = Case("flip", "", work, makers, dict.fromkeys(makers, Agreement()))
    result = run(case, seconds=1.5, clock=lambda: now)
    assert len(result.timings[OURS].seconds) == ROUNDS
    assert result.timings[OURS].calls == 6
    assert len(result.timings["peer"].seconds) == 3
    assert result.images_per_second(OURS) == pytest.approx(128)
    assert result.images_per_second("peer") == pytest.approx(4)
    assert result.ratio == pytest.approx(32)
    first, last = order.index("peer", 4), len(order) - 1 - order[::-1].index("peer")
    assert first < len(order) / 2 < last


def test_a_slow_first_call_does_not_shorten_the_turns():
    now = 0.0
    costs = itertools.chain([0.0, 1 / 16], itertools.repeat(1 / 64))  # the first is the check's

    def call():
        nonlocal now
        now += next(costs)
        return np.zeros((2, 8, 8, 3), np.uint8)

    work = Work((2, 8, 8, 3), "uint8", {})
    case = Case("flip", "", work, {OURS: lambda: call}, {OURS: Agreement()})
    assert run(case, seconds=1.5, clock=lambda: now).timings[OURS].calls == 6


def test_a_call_may_say_itself_what_it_took():
    class Patient:
        took = 0.0
        calls = 0

        def __call__(self):
            self.calls += 1
            self.took = 1 / 8
            return np.zeros((6, 8, 8, 3), np.uint8)

    call = Patient()
    work = Work((6, 8, 8, 3), "uint8", {"steps": 3})
    case = Case("training", "", work, {OURS: lambda: call}, {OURS: Agreement()})
    result = run(case, seconds=1)
    assert result.timings[OURS].seconds == [1 / 8] * ROUNDS
    assert call.calls == ROUNDS + 2
    assert result.images_per_second(OURS) == 16


def test_a_part_of_the_work_is_no_peer():
    result = outcome({OURS: 50, "decoding": 100, "other": 10}, bound="decoding")
    assert result.best_peer == "other"
    assert result.ratio == pytest.approx(5)
    assert result.times_the_bound() == pytest.approx({OURS: 2, "other": 10})
    (entry,) = report.as_json([result], {})["results"]
    assert entry["bound"] == "decoding"
    assert entry["times_the_bound"][OURS] == pytest.approx(2)
    text = " ".join(printed([result]).split())
    assert "decoding 10 ms; as long as that: fastaug 2.00x, other 10.0x" in text
    assert "Slower in" not in text


def test_limits_are_put_back():
    cv2 = pytest.importorskip("cv2")
    before = threads._chosen
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    cv2.setNumThreads(2)
    with peers.limited(1):
        peers.load("opencv")
        assert threads.get_num_threads() == 1
        assert cv2.getNumThreads() == 1
        if cores is not None:
            assert len(os.sched_getaffinity(0)) == 1
    assert threads._chosen is before
    assert cv2.getNumThreads() == 2
    if cores is not None:
        assert os.sched_getaffinity(0) == cores


# The report


def printed(outcomes):
    console = Console(width=100, record=True, file=open(os.devnull, "w"))  # noqa: SIM115
    with console.file:
        report.print_report(outcomes, {"batch": 1, "threads": 1}, console)
    return console.export_text()


def test_losses_are_listed_with_the_peer_that_won():
    text = printed(
        [outcome({OURS: 50, "numpy": 100, "scipy": 5}), outcome({OURS: 300, "torch": 2})]
    )
    assert "Faster than the best peer in 1 of 2. Slower in:" in text
    assert "0.50x flip uint8 8x8x3 (best: numpy)" in text
    assert "150x" in text


def test_the_last_line_says_what_was_measured_on_and_who_was_missing(monkeypatch):
    monkeypatch.setattr(peers, "installed", lambda peer: peer not in ("keras", "torch"))
    monkeypatch.setattr(peers, "versions", lambda: {"numpy": "2.0.1"})
    text = " ".join(printed([outcome({OURS: 50, "numpy": 100})]).split())
    assert f"with Python {platform.python_version()}, numpy 2.0.1, opencv, scipy" in text
    assert "Not installed, so not compared with: torch, keras." in text
    assert "pip install 'fastaug[bench]' brings keras." in text
    assert "Without Keras" in text
    monkeypatch.setattr(peers, "installed", lambda peer: True)
    assert "Not installed" not in printed([])


def test_reasons_are_printed_as_they_are():
    broken = outcome({OURS: 50, "numpy": 100})
    broken.left_out["scipy"] = "OSError: [Errno 2] no such file: [/bold]"
    text = " ".join(printed([broken]).split())
    assert "left out: scipy in flip uint8 8x8x3: OSError: [Errno 2] no such file: [/bold]" in text


def test_share_of_a_copy_which_is_no_peer():
    result = outcome({OURS: 500, "numpy": 100, A_COPY: 1000}, bound=A_COPY)
    (entry,) = report.as_json([result], {})["results"]
    assert entry["share_of_copy"] == 0.5
    assert entry["best_peer"] == "numpy"
    assert entry["bound"] is None
    text = printed([result])
    assert "50%" in text
    assert A_COPY not in text.partition("of a copy")[2]


@pytest.mark.parametrize(
    ("ratio", "text"), [(0.123, "0.12x"), (9.99, "9.99x"), (12.34, "12.3x"), (1234.5, "1,234x")]
)
def test_ratio_format(ratio, text):
    assert report.format_ratio(ratio) == text


# Numba against the extension


@needs_extension
def test_numba_is_compared_with_the_extension():
    pytest.importorskip("numba")
    rows = "flip horizontal uint8,gaussian_noise float32,erode 3x3 one channel uint8"
    result = invoke("--numba", "--ops", rows, "--json", "-")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert len(data["results"]) == 3
    for entry in data["results"]:
        assert set(entry["contenders"]) == {OURS, NATIVE}
        assert entry["goal"]["text"] == "0.25x native"


@needs_extension
def test_each_contender_runs_on_its_own_backend():
    seen = []
    case = Case("flip", "", Work((1, 8, 8, 3), "uint8", {}), {OURS: lambda: look}, {})

    def look():
        seen.append(type(backends.current()).__name__)

    (pair,) = twins([case])
    for name in (OURS, NATIVE):
        pair.contenders[name]()()
    assert seen == ["Numba", "Native"]


def test_numba_with_what_it_has_not():
    result = invoke("--numba", "--report", "here")
    assert result.exit_code == 1
    assert "neither peers nor a report" in result.stderr


def test_numba_without_the_extension(monkeypatch):
    monkeypatch.setattr(backends, "unavailable", lambda name: f"no {name}")
    result = invoke("--numba")
    assert result.exit_code == 1
    assert "not available: no numba" in result.stderr
