"""Pipelines as plain data and in files, and what is said of those that are wrong."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pipelines import everything, photographs

import fastaug
import fastaug.transforms as ft
from fastaug.transforms.base import REGISTRY, Node


def test_there_and_back() -> None:
    pipeline = everything(fuse=False, value_range=(0, 255), box_format="coco", min_area=3)
    plain = json.loads(json.dumps(pipeline.to_dict()))
    again = fastaug.Compose.from_dict(plain)
    assert again == pipeline
    assert again.to_dict() == pipeline.to_dict()
    images = photographs(3, 48)
    index = np.arange(3)
    np.testing.assert_array_equal(again(images, index=index), pipeline(images, index=index))


@pytest.mark.parametrize("suffix", [".json", ".yaml", ".yml"])
def test_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"policy{suffix}"
    everything().save(path)
    assert fastaug.Compose.load(path) == everything()
    assert fastaug.Compose.load(str(path)) == everything()


def test_what_people_write(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(
        """
        seed: 7
        transforms:
          - {transform: RandomRotation, rotation: 20}
          - transform: OneOf
            weights: [2, 1]
            transforms:
              - {transform: GaussianBlur, sigma: [0.5, 2]}
              - {transform: RandomFlip, p: 0.5}
        """
    )
    assert fastaug.Compose.load(path) == fastaug.Compose(
        [
            ft.RandomRotation(20),
            ft.OneOf([ft.GaussianBlur((0.5, 2)), ft.RandomFlip()], weights=(2, 1)),
        ],
        seed=7,
    )


def test_only_what_is_not_as_usual_is_written() -> None:
    assert fastaug.Compose([ft.RandomFlip(), ft.RandomZoom(0.3, p=0.5)]).to_dict() == {
        "fastaug": 1,
        "transform": "Compose",
        "transforms": [
            {"transform": "RandomFlip"},
            {"transform": "RandomZoom", "zoom": 0.3, "p": 0.5},
        ],
    }


ROTATION = {"transform": "RandomRotation", "rotation": 20}


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ([], "a pipeline must be a dictionary"),
        ({}, "the pipeline lacks the argument 'transforms' of Compose"),
        ({"transforms": 3}, "transforms must be a list of transforms, got 3"),
        ({"transforms": [3]}, "transforms must be made of"),
        ({"fastaug": 2, "transforms": []}, "fastaug must be 1, the version of the format, got 2"),
        ({"transform": "RandomFlip"}, "transform must be 'Compose', got 'RandomFlip'"),
        ({"transforms": [{"rotation": 3}]}, r"transforms\[0\] must have an entry 'transform'"),
        (
            {"transforms": [ROTATION, {"transform": "RandomFlop"}]},
            r"transforms\[1\] has an unknown transform 'RandomFlop'; did you mean 'RandomFlip'\?",
        ),
        (
            {"transforms": [{"transform": "Geometric"}]},
            r"transforms\[0\] has an unknown transform 'Geometric'",
        ),
        (
            {"transforms": [{"transform": "OneOf", "transforms": [ROTATION | {"angle": 3}]}]},
            r"transforms\[0\].transforms\[0\] has an unknown argument 'angle' of RandomRotation",
        ),
        ({"transforms": [{"transform": "Resize"}]}, "lacks the argument 'size' of Resize"),
        (
            {"transforms": [ROTATION | {"rotation": "much"}]},
            r"transforms\[0\]: RandomRotation: rotation must be a number",
        ),
        (
            {"transforms": [ROTATION | {"p": 2}]},
            r"transforms\[0\]: RandomRotation: p must be at most 1",
        ),
        ({"seed": -1, "transforms": []}, "seed must be from 0"),
        ({"count": 3, "transforms": []}, "unknown argument 'count'"),
        (
            {"transforms": [{"transform": "Custom", "function": "nowhere:at_all"}]},
            "function must name a function as 'module:function', got 'nowhere:at_all'",
        ),
    ],
)
def test_what_is_wrong(plain: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        fastaug.Compose.from_dict(plain)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"path must end in \.json, \.yaml or \.yml"):
        everything().save(tmp_path / "policy.toml")
    broken = tmp_path / "policy.json"
    broken.write_text("{")
    with pytest.raises(ValueError, match=r"policy\.json is not JSON"):
        fastaug.Compose.load(broken)
    (tmp_path / "policy.yaml").write_text("{")
    with pytest.raises(ValueError, match=r"policy\.yaml is not YAML"):
        fastaug.Compose.load(tmp_path / "policy.yaml")
    with pytest.raises(FileNotFoundError):
        fastaug.Compose.load(tmp_path / "none.json")


def test_functions() -> None:
    named = fastaug.Compose([ft.Custom(json.dumps)])
    assert named.to_dict()["transforms"] == [{"transform": "Custom", "function": "json:dumps"}]
    assert fastaug.Compose.from_dict(named.to_dict()) == named
    with pytest.raises(ValueError, match="function must be a function of a module"):
        fastaug.Compose([ft.Custom(lambda image: image)]).to_dict()


REQUIRED: dict[str, Any] = {
    "function": json.dumps,
    "scale": 2.0,
    "size": 8,
    "transforms": [ft.RandomFlip()],
}
NAMES = {name: getattr(ft, name) for name in ft.__all__} | {"Compose": fastaug.Compose}


@pytest.mark.parametrize("name", NAMES)
def test_every_transform_is_shown_as_it_is_made(name: str) -> None:
    """Its text makes an equal one, and so do a copy, a pickle and its plain data."""
    missing = [each.name for each in fields(NAMES[name]) if each.init and each.default is MISSING]
    transform = NAMES[name](**{each: REQUIRED[each] for each in missing})
    assert isinstance(transform, Node)
    if name != "Custom":
        assert eval(repr(transform), dict(NAMES)) == transform
    assert pickle.loads(pickle.dumps(transform)) == transform
    assert copy.deepcopy(transform) == transform
    plain = fastaug.Compose([transform]).to_dict()
    assert fastaug.Compose.from_dict(plain).transforms[0] == transform
    assert REGISTRY[name] is NAMES[name]
