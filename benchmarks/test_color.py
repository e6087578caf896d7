"""Colours and tones, alone and in a jitter."""

from fastaug.cli.bench.color import OPS as ALL

OPS = tuple(op.name for op in ALL)


def test_color(benchmark, call):
    benchmark(call)
