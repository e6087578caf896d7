"""Resizing, plain and antialiased, smaller and larger."""

OPS = ("resize",)


def test_resize(benchmark, call):
    benchmark(call)
