"""``fastaug demo`` from end to end, in a process of its own, and its parts."""

from __future__ import annotations

import re

import numpy as np
import pytest

from fastaug.cli.demo.contact_sheet import contact_sheet
from fastaug.cli.demo.samples import load_samples
from fastaug.cli.images import load


def test_demo(start, tmp_path):
    path = tmp_path / "demo.png"
    process = start("demo", "--quick", "--output", path)
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert errors.splitlines() == ["drawing the contact sheet ...", "starting Keras ..."]
    assert printed.startswith(f"contact sheet: {path}\n")
    assert re.search(r"without augmentation: +\d+\.\d% read right", printed)
    assert re.search(r" with augmentation: +\d+\.\d% read right", printed)
    assert not re.search("gains|loses|fastaug : Keras", printed)
    assert printed.endswith("this was --quick: the numbers above mean little\n")
    assert re.search(r"Keras +[\d,]+ +[\d,]+\n", printed)
    assert re.search(r"fastaug, 1 thread +[\d,]+ +[\d,]+\n", printed)
    said = re.findall(r"pixels at most (\S+) of 255 apart from the same seed", printed)
    assert len(said) == 2
    assert all(float(apart) <= 0.01 for apart in said)
    assert (load(path).pixels == np.asarray(contact_sheet(load_samples()))).all()


def test_the_demo_writes_png_only(invoke):
    assert ".png" in invoke("demo", "--output", "sheet.jpg", status=2).stderr
    assert "empty" in invoke("demo", "--output", "", status=2).stderr


def test_verdicts_are_given_where_the_numbers_mean_something(monkeypatch):
    pytest.importorskip("keras")
    from fastaug.cli.demo import speed, training

    rights = iter([800, 900])
    monkeypatch.setattr(training, "_train", lambda *arguments: next(rights))
    assert "augmentation gains" in [*training.trainings(load_samples(), epochs=1)][-1]
    monkeypatch.setattr(speed, "_race", lambda *arguments: {"Keras": 2.0, "fastaug": 6.0})
    monkeypatch.setattr(speed, "_differences", lambda arrays: [])
    last = [*speed.speeds(load_samples(), seconds=1)][-1]
    assert last.split() == ["fastaug", ":", "Keras", "3.0", ":", "1", "3.0", ":", "1"]


def test_samples_are_what_they_say():
    samples = load_samples()
    assert [photo.shape for photo in samples.photographs] == [(427, 640, 3)] * 2
    assert samples.digits.shape == (1797, 28, 28, 1)
    assert samples.digits.dtype == np.uint8
    assert samples.labels[:10].tolist() == list(range(10))
    # Enlarged about the middle, with a black edge all around.
    assert samples.digits[:, :3].max() == samples.digits[:, :, -3:].max() == 0
    means = samples.digits.mean(axis=(0, 3))
    assert means[:, :14].mean() == pytest.approx(means[:, 14:].mean(), rel=0.1)
