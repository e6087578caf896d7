"""Whole pipelines."""

OPS = ("pipeline",)


def test_pipeline(benchmark, call):
    benchmark(call)
