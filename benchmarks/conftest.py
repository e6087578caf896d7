"""Benchmarks over the same table of cases as ``fastaug bench``: every contender, one thread each.

A test module names its ops in ``OPS`` and asks for the fixture `call`.
"""

from __future__ import annotations

import dataclasses
import io

import pytest
from rich.console import Console

from fastaug.cli.bench import peers, report
from fastaug.cli.bench.cases import OURS, batch_of, cases
from fastaug.cli.bench.timing import DISAGREES, Outcome, Timing, prepare

_MEASURED = pytest.StashKey[dict]()


def pytest_addoption(parser):
    group = parser.getgroup("fastaug")
    group.addoption("--image-size", type=int, default=224, help="side of the images in pixels")
    group.addoption("--images", type=int, help="images in a batch; 32, or as many pixels as those")
    group.addoption("--channels", type=int, help="channels of the images; 3 where rows have none")
    group.addoption("--measure", type=float, default=0.5, help="seconds for each contender")


def pytest_configure(config):
    config.stash[_MEASURED] = {}


def pytest_generate_tests(metafunc):
    if "call" not in metafunc.fixturenames:
        return
    option = metafunc.config.option
    table = cases(
        size=option.image_size,
        batch=option.images or batch_of(option.image_size),
        ops=metafunc.module.OPS,
        channels=option.channels,
    )
    parameters = [
        pytest.param(
            (case, name),
            id=f"{case.name}-{name}".replace(" ", "_"),
            marks=[
                pytest.mark.benchmark(
                    group=case.name, min_rounds=3, max_time=option.measure, disable_gc=True
                ),
                pytest.mark.filterwarnings("ignore"),  # peers warn of their own affairs
            ],
        )
        for case in table
        for name in case.contenders
    ]
    metafunc.parametrize("call", parameters, indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    with peers.limited(1):
        yield


@pytest.fixture
def call(request, benchmark):
    """The call to time, checked against ours; a peer that is broken here is skipped."""
    case, name = request.param
    two = {n: make for n, make in case.contenders.items() if n in (OURS, name)}
    calls, reasons = prepare(dataclasses.replace(case, contenders=two))
    reason = reasons.get(name)
    if reason is not None:
        (pytest.fail if reason.startswith(DISAGREES) else pytest.skip)(f"{name}: {reason}")
    yield calls[name]
    case.work.release()
    if benchmark.stats is not None:  # None under --benchmark-disable
        measured = request.config.stash[_MEASURED].setdefault(case.name, (case, {}))[1]
        seconds = sorted(benchmark.stats.stats.data)
        measured[name] = Timing(calls=1, turns=len(seconds), seconds=seconds)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    outcomes = [Outcome(case, times, {}) for case, times in config.stash[_MEASURED].values()]
    if not outcomes:
        return
    settings = {
        "batch": config.option.images or batch_of(config.option.image_size),
        "threads": 1,
    }
    console = Console(file=io.StringIO(), width=100, color_system=None)
    report.print_report(outcomes, settings, console)
    terminalreporter.section("fastaug against its peers")
    terminalreporter.write(console.file.getvalue())
