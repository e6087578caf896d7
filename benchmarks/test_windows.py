"""Crops, pads, erased rectangles, channels in another order, and two images as one."""

from fastaug.cli.bench.mixing import OPS as MIXING
from fastaug.cli.bench.windows import OPS as WINDOWS

OPS = tuple(op.name for op in (*WINDOWS, *MIXING))


def test_windows(benchmark, call):
    benchmark(call)
