"""The Keras input path: the generators, on arrays and on files, and the same as Keras layers."""

OPS = ("keras", "directory")


def test_keras(benchmark, call):
    benchmark(call)
