"""The gallery has every transform, and its pictures are what the transforms make."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import fastaug.transforms as ft

for needed in ("PIL", "sklearn"):
    pytest.importorskip(needed)

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def gallery() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gallery", ROOT / "examples" / "gallery.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["gallery"] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def drawn(gallery: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("docs")
    gallery.draw(folder, anew=False)
    return folder


def test_every_transform_is_there_once(gallery: ModuleType):
    names = [entry.name for entry in gallery.entries()]
    assert sorted(names) == sorted(ft.__all__)
    measured = json.loads((DOCS / "images" / "gallery" / "speed.json").read_text())
    assert sorted(measured["images_per_second"]) == sorted(names)


def test_the_page_is_what_the_script_writes(drawn: Path):
    assert (drawn / "gallery.md").read_text() == (DOCS / "gallery.md").read_text()
    kept, new = (folder / "images" / "gallery" for folder in (DOCS, drawn))
    assert {file.name for file in kept.glob("*.jpg")} == {file.name for file in new.glob("*.jpg")}
    shown = re.findall(r"\]\((images/.*?)\)", (DOCS / "gallery.md").read_text())
    assert len(shown) == len(ft.__all__)
    assert all((DOCS / file).is_file() for file in shown)
    assert sum(file.stat().st_size for file in kept.iterdir()) < 1_500_000


def test_the_pictures_are_what_the_transforms_make(drawn: Path):
    """JPEG's last bits and a photograph's size differ with the version of Pillow; draws do not."""
    from PIL import Image

    for file in sorted((drawn / "images" / "gallery").glob("*.jpg")):
        with Image.open(file) as new, Image.open(DOCS / "images" / "gallery" / file.name) as old:
            assert new.size == old.size, file.name
            apart = np.abs(np.asarray(new, int) - np.asarray(old, int)).mean()
        assert apart < 3, (file.name, apart)


def test_what_draws_shows_variants(gallery: ModuleType):
    """A picture in which nothing happens would show nothing."""
    photos = gallery.photographs()
    for entry in gallery.entries():
        sheet = np.asarray(gallery.picture(entry, photos))
        tiles = np.array_split(
            sheet,
            range(sheet.shape[0] + gallery.GAP, sheet.shape[1], sheet.shape[0] + gallery.GAP),
            axis=1,
        )
        tiles = [tile[:, : sheet.shape[0]] for tile in tiles]
        scaled = entry.name in ("ToFloat", "Rescale", "Normalize")
        unlike = {tile.tobytes() for tile in tiles}
        assert len(unlike) >= (2 if scaled else 3), entry.name


def test_the_start_page_names_every_transform():
    page = (DOCS / "index.md").read_text()
    assert set(ft.__all__) <= set(re.findall(r"`(\w+)`", page))
