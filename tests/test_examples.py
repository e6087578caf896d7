"""The examples run as they are shown, and do what docs/examples.md says of them."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"

for needed in ("keras", "PIL", "sklearn", "matplotlib"):
    pytest.importorskip(needed)


def run(name: str, folder: Path, *arguments: str, **environment: str) -> str:
    """What an example prints, run in an empty folder by the interpreter of the tests."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments],
        cwd=folder,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def losses(printed: str) -> list[tuple[float, float]]:
    """Of each training, the loss of its first and of its last epoch."""
    return [(float(a), float(b)) for a, b in re.findall(r"loss from ([\d.]+) to ([\d.]+)", printed)]


def shares(printed: str) -> list[float]:
    return [float(share) for share in re.findall(r"([\d.]+)%", printed)]


def test_a_data_set_from_one_photograph(tmp_path: Path):
    from PIL import Image

    printed = run("one_photograph.py", tmp_path, "made", "--count", "9")
    files = sorted((tmp_path / "made" / "pictures").iterdir())
    assert printed.startswith("9 pictures")
    assert len(files) == 9
    assert len({file.read_bytes() for file in files}) == 9
    for file in files:
        with Image.open(file) as picture:
            assert picture.size == (640, 427)
    with Image.open(tmp_path / "made" / "sheet.png") as sheet:
        assert sheet.size == (7 * 166 + 6, 2 * 113 + 6)


def test_training_on_the_fly(tmp_path: Path):
    from PIL import Image

    printed = run("on_the_fly.py", tmp_path, "made", "--epochs", "12")
    found = losses(printed)
    assert len(found) == 2
    assert all(last < 0.9 * first for first, last in found)
    with Image.open(tmp_path / "made" / "on-the-fly.png") as plot:
        assert plot.size == (900, 360)


def test_training_on_generated_files(tmp_path: Path):
    printed = run("generated_and_on_the_fly.py", tmp_path, "made", "--epochs", "20")
    assert len(list((tmp_path / "made" / "digits").glob("?/*.png"))) == 1000
    found = losses(printed)
    assert len(found) == 4
    assert all(last < first for first, last in found)
    assert min(shares(printed)) > 30


def test_training_on_noisy_digits(tmp_path: Path):
    lines = (EXAMPLES / "noisy_digits.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 60
    found = losses(run("noisy_digits.py", tmp_path, "--epochs", "3"))
    assert len(found) == 2
    assert all(last < 0.9 * first for first, last in found)


@pytest.mark.parametrize("name", ["before_after.py", "three_behaviours.py"])
def test_pictures_of_the_documents(name: str, tmp_path: Path):
    """They can be drawn again; letters differ with the version of Pillow, the pictures do not."""
    import numpy as np
    from PIL import Image

    run(name, tmp_path, "made.png")
    with Image.open(tmp_path / "made.png") as picture:
        made = picture.convert("RGB")
    docs = EXAMPLES.parent / "docs" / "images"
    kept = {"before_after.py": "before-after.png", "three_behaviours.py": "compat.png"}
    with Image.open(docs / kept[name]) as picture:
        there = picture.convert("RGB")
    assert made.size == there.size
    apart = np.abs(np.asarray(made, int) - np.asarray(there, int)).max(axis=2)
    assert (apart > 16).mean() < 0.01


def test_examples_repeat(tmp_path: Path):
    first, second = (run("noisy_digits.py", tmp_path, "--epochs", "1") for _ in range(2))
    assert first == second


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_augmentation_helps(backend: str, tmp_path: Path):
    """The whole trainings, with the margins left that other backends and machines need."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    printed = run("on_the_fly.py", tmp_path, "--seed", "1", KERAS_BACKEND=backend)
    without, with_it = shares(printed)
    assert with_it > without + 1
    printed = run("generated_and_on_the_fly.py", tmp_path, "--seed", "1", KERAS_BACKEND=backend)
    alone, _, moved, on_the_fly = shares(printed)
    assert min(moved, on_the_fly) > alone + 1
    printed = run("noisy_digits.py", tmp_path, KERAS_BACKEND=backend)
    clean, worn, clean_augmented, worn_augmented = shares(printed)
    assert worn_augmented > worn + 30
    assert clean_augmented > clean - 4
