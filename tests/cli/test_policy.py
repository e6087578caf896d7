"""Pipelines from files: ``generate --pipeline`` and ``preview --pipeline``."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

import fastaug
import fastaug.transforms as ft
from fastaug.cli.images import load
from fastaug.cli.recipe import sample_of

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
PIPELINE = fastaug.Compose(
    [
        ft.RandomFlip(),
        ft.RandomAffine(rotation=20, scale=0.1, fill_mode="constant"),
        ft.OneOf([ft.GaussianBlur((0.5, 1.5)), ft.GaussianNoise((0, 12))], p=0.5),
        ft.RandomBrightness(0.2),
    ],
    seed=7,
)


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.yaml"
    PIPELINE.save(path)
    return path


@pytest.fixture
def generate(invoke, photo, tmp_path):
    """``generate("--pipeline", …)`` of one photograph into the folder ``out``."""

    def run(*options, image=photo, out="out", status=0, total=4):
        command = ["generate", "--image", image, "--output", tmp_path / out, "--total", total]
        return invoke(*command, "--size", 48, "--format", "png", *options, status=status)

    return run


def test_pixels_are_those_of_the_pipeline(generate, photo, policy, tmp_path):
    generate("--pipeline", policy)
    original = load(photo, (48, 48)).pixels
    index = [sample_of("china.jpg")] * 4
    expected = PIPELINE(np.stack([original] * 4), index=index, epoch=range(4))
    for n in range(4):
        made = load(tmp_path / "out" / f"china-{n:05d}.png").pixels
        assert (made == expected[n]).all()


def test_the_same_bytes_whatever_the_threads_and_the_kind_of_file(
    generate, start, folder, policy, tmp_path, contents
):
    (tmp_path / "policy.json").write_text(json.dumps(PIPELINE.to_dict()))
    generate("--pipeline", policy, "--threads", 1, image=folder, out="a", total=30)
    json_file = tmp_path / "policy.json"
    generate("--pipeline", json_file, "--threads", 3, image=folder, out="b", total=30)
    command = ["generate", "--image", folder, "--output", tmp_path / "c", "--total", 30]
    process = start(*command, "--size", 48, "--format", "png", "--pipeline", policy)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    whole = contents(tmp_path / "a")
    assert len(set(whole.values())) == 30
    assert whole == contents(tmp_path / "b") == contents(tmp_path / "c")


def test_the_seed_of_the_file_and_another(generate, policy, tmp_path, contents):
    bare = tmp_path / "bare.yaml"
    fastaug.Compose(PIPELINE.transforms).save(bare)
    for out, options in {
        "file": [policy],
        "seven": [bare, "--seed", 7],
        "zero": [policy, "--seed", 0],
        "bare": [bare],
    }.items():
        generate("--pipeline", *options, out=out)
    made = {name: contents(tmp_path / name) for name in ("file", "seven", "zero", "bare")}
    assert made["file"] == made["seven"]
    assert made["zero"] == made["bare"]
    assert all(made["file"][name] != made["zero"][name] for name in made["file"])


def test_lines_of_the_manifest_are_done_again_by_apply(generate, folder, policy, tmp_path):
    generate("--pipeline", policy, "--manifest", "--seed", 3, image=folder, total=7)
    lines = (tmp_path / "out" / "manifest.jsonl").read_text().splitlines()
    assert len(lines) == 7
    for line in map(json.loads, lines):
        original = load(folder / line["source"], (48, 48)).pixels
        made = load(tmp_path / "out" / line["file_name"]).pixels
        assert (PIPELINE.apply(line, original) == made).all()
        assert line["seed"] == 3


def test_resume_knows_its_pipeline(generate, policy, tmp_path, contents):
    generate("--pipeline", policy, total=6)
    whole = contents(tmp_path / "out")
    (tmp_path / "out" / "china-00002.png").unlink()
    generate("--pipeline", policy, "--resume", total=6)
    assert contents(tmp_path / "out") == whole
    fastaug.Compose(PIPELINE.transforms[:2], seed=7).save(policy)
    result = generate("--pipeline", policy, "--resume", total=8, status=1)
    assert "is not what this command makes" in result.stderr


def test_preview_draws_the_pipeline_on_the_image(invoke, photo, policy, tmp_path):
    options = ["--rows", 2, "--columns", 3, "--size", 48, "--pipeline", policy]
    invoke("preview", photo, *options, "--output", tmp_path / "sheet.png")
    expected = PIPELINE.preview(
        load(photo, (48, 48)).pixels,
        index=sample_of("china.jpg"),
        variants=5,
        columns=3,
        title="china.jpg",
    )
    assert (load(tmp_path / "sheet.png").pixels == expected.image).all()
    invoke("preview", photo, *options, "--seed", 8, "--output", tmp_path / "other.png")
    assert (load(tmp_path / "other.png").pixels != expected.image).any()


def test_preview_shows_normalized_images(invoke, photo, policy, tmp_path):
    sheets = []
    for steps in ([], [ft.Normalize()]):
        fastaug.Compose([ft.RandomFlip(), *steps], seed=7).save(policy)
        invoke("preview", photo, "--pipeline", policy, "--output", tmp_path / "sheet.png")
        sheets.append(load(tmp_path / "sheet.png").pixels)
    assert (sheets[0] == sheets[1]).mean() > 0.95  # but for the captions


def test_results_that_no_file_holds_are_refused_before_any_work(generate, policy, tmp_path):
    steps = [*PIPELINE.transforms[:3], ft.Normalize(), ft.RandomFlip()]
    fastaug.Compose(steps).save(policy)
    result = generate("--pipeline", policy, status=1)
    assert result.stderr == (
        f"fastaug: error: {policy} makes float32 images, which PNG and JPEG files cannot hold; leave "
        "out transforms[3], Normalize\n"
    )
    assert not (tmp_path / "out").exists()


def test_images_that_a_pipeline_does_not_fit_are_named(generate, folder, policy, tmp_path):
    colored = ft.RandomAffine(rotation=5, fill_mode="constant", fill_value=(1, 2, 3))
    fastaug.Compose([colored], seed=7).save(policy)
    result = generate("--pipeline", policy, image=folder, status=1)
    grey = folder / "flowers" / "grey.png"
    assert f"error: {policy} does not fit {grey}: " in result.stderr
    assert not (tmp_path / "out").exists()
    result = generate("--pipeline", policy, "--on-error", "skip", image=folder)
    assert result.stderr.startswith(f"skipped: {policy} does not fit {grey}: ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("RandomFlip", "RandomFlop", "transforms[0] has an unknown transform 'RandomFlop'"),
        ("std:", "sdt:", "transforms[2].transforms[1] has an unknown argument 'sdt'"),
        ("rotation: 20", "rotation: far", "transforms[1]: RandomAffine: rotation must"),
        ("seed: 7", "seed: -7", "seed must"),
        ("fastaug: 1", "fastaug: 2", "fastaug must be 1"),
        ("transforms:", "transforms: [", "is not YAML"),
        ("seed:", "\x00", "is not YAML"),
    ],
)
@pytest.mark.parametrize("command", ["generate", "preview"])
def test_a_broken_file_is_one_line(
    generate, invoke, photo, policy, tmp_path, command, old, new, said
):
    text = policy.read_text()
    assert old in text
    policy.write_text(text.replace(old, new, 1))
    if command == "generate":
        errors = generate("--pipeline", policy, status=1).stderr
    else:
        errors = invoke("preview", photo, "--pipeline", policy, status=1).stderr
    assert errors.startswith(f"fastaug: error: {policy}")
    assert said in errors
    assert len(errors.splitlines()) == errors.count(str(policy)) == 1
    assert not (tmp_path / "out").exists()


def test_other_files_are_no_pipelines(generate, photo, tmp_path):
    assert "must end in .json, .yaml or .yml" in generate("--pipeline", photo, status=1).stderr
    (tmp_path / "photo.json").write_bytes(photo.read_bytes())
    errors = generate("--pipeline", tmp_path / "photo.json", status=1).stderr
    assert errors.startswith(f"fastaug: error: {tmp_path / 'photo.json'}")
    assert "does not exist" in generate("--pipeline", "no.yaml", status=2).stderr


@pytest.mark.parametrize(
    "option",
    [
        ["--rotation", 0],
        ["--horizontal-flip"],
        ["--erosion", 1],
        ["--fill-mode", "nearest"],
        ["--fill-value", 0],
    ],
)
def test_a_pipeline_says_it_all(generate, policy, tmp_path, option):
    errors = generate("--pipeline", policy, *option, status=2).stderr
    assert f"'{option[0]}'" in errors
    assert "leave out" in errors
    assert not (tmp_path / "out").exists()


def test_yaml_without_pyyaml_says_what_to_install(generate, policy, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    errors = generate("--pipeline", policy, status=1).stderr
    assert "install it with: pip install 'fastaug[data]'" in errors


def test_custom_functions_that_make_no_picture(generate, policy, tmp_path):
    policy.write_text("transforms: [{transform: Custom, function: 'fastaug:to_float'}]")
    result = generate("--pipeline", policy, status=1)
    assert f"{policy} makes float32 images of 3 channels" in result.stderr


def test_the_example_of_the_documents(generate, tmp_path):
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    (tmp_path / "example.yaml").write_text(text)
    generate("--pipeline", tmp_path / "example.yaml")
