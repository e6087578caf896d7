"""Homographies, maps of coordinates and elastic displacements."""

OPS = ("warp_perspective", "remap", "elastic")


def test_perspective(benchmark, call):
    benchmark(call)
