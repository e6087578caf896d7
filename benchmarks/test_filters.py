"""Filters over neighbours: correlation, motion blur, sharpening, medians."""

OPS = ("correlate", "motion_blur", "sharpen", "median_blur")


def test_filters(benchmark, call):
    benchmark(call)
