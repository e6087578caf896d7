"""Blurs, from small windows to large."""

OPS = ("gaussian_blur", "box_blur")


def test_blur(benchmark, call):
    benchmark(call)
