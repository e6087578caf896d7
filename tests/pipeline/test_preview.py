"""`Compose.preview`: which pictures are on the sheet, and what lies on them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from processes import output_of

import fastaug
import fastaug.transforms as ft

Image = pytest.importorskip("PIL.Image")
distance_transform_cdt = pytest.importorskip("scipy.ndimage").distance_transform_cdt

from fastaug.show.levels import levels  # noqa: E402
from fastaug.show.marks import Colors, Marks  # noqa: E402
from fastaug.show.sheet import INK, picture  # noqa: E402

SIDE = 320
FLIPS = [ft.RandomFlip("horizontal_and_vertical"), ft.RandomRotate90()]


def image(height=30, width=40, channels=3, seed=0):
    """Few colours, so that small pictures are easily told apart and quickly searched for."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


def tile(pixels, side=SIDE):
    return np.asarray(picture(pixels, (side, side)))


def places(sheet, pixels, side=SIDE):
    """Where a picture lies in a sheet: (y, x) of each."""
    wanted = tile(pixels, side)
    height, width, _ = wanted.shape
    found = []
    for y, x in zip(*np.nonzero((sheet == wanted[0, 0]).all(axis=-1)), strict=True):
        if any(0 <= y - v < height and 0 <= x - u < width for v, u in found):
            continue
        part = sheet[y : y + height, x : x + width]
        if part.shape == wanted.shape and (part == wanted).all():
            found.append((int(y), int(x)))
    return found


def drawn(marks, height, width, scale=1):
    """Marks on a black picture."""
    black = Image.new("RGB", (width * scale, height * scale))
    return np.asarray(marks.draw(black, (height, width), Colors()))


def extent(pixels):
    """x0, y0, x1, y1 of what is not black."""
    inked = pixels.any(axis=-1)
    x, y = np.flatnonzero(inked.any(axis=0)), np.flatnonzero(inked.any(axis=1))
    return x[0], y[0], x[-1] + 1, y[-1] + 1


def test_the_original_and_then_its_epochs():
    pipeline = fastaug.Compose(FLIPS, seed=5)
    pixels = image(30, 30)
    sheet = pipeline.preview(pixels, index=9, epoch=3, variants=4, columns=5).image
    assert sheet.dtype == np.uint8
    assert sheet.ndim == 3
    wanted = [pixels, *(pipeline(pixels, index=9, epoch=3 + k) for k in range(4))]
    for k, each in enumerate(wanted):  # five columns leave 256 pixels for each
        assert 28 + k * (256 + 10) in [x for _, x in places(sheet, each, 256)]


def test_twelve_pictures_of_one_image():
    pixels = image()
    sheet = fastaug.Compose([]).preview(pixels).image
    assert len(places(sheet, pixels)) == 12


def test_a_row_for_each_of_several_images():
    images = [image(seed=1), image(20, 50, seed=2), image(50, 20, seed=3)]
    pipeline = fastaug.Compose([ft.Resize((24, 32))], seed=5)
    sheet = pipeline.preview(images, index=[7, 8, 9]).image
    rows = []
    for pixels in images:
        ((top, left),) = places(sheet, pixels)
        results = places(sheet, pipeline(pixels, index=0))
        assert len(results) == 3
        assert all(x > left for _, x in results)
        rows.append({y for y, _ in results})
        assert max(rows[-1]) <= top + tile(pixels).shape[0] / 2 <= max(rows[-1]) + 240  # 24:32
    assert max(rows[0]) < min(rows[1])
    assert max(rows[1]) < min(rows[2])


def test_a_batch_may_come_out_in_different_sizes():
    batch = np.stack([image(seed=k) for k in range(3)])
    pipeline = fastaug.Compose([ft.RandomRotate90()], seed=1)
    sheet = pipeline.preview(batch, epoch=2, variants=1).image
    for k in range(3):
        assert places(sheet, pipeline(batch[k], index=k, epoch=2))


def test_layouts_and_dtypes_make_the_same_sheet():
    pixels = image()
    expected = fastaug.Compose(FLIPS, seed=5).preview(pixels).image
    first = fastaug.Compose(FLIPS, seed=5, data_format="channels_first")
    floats = (pixels / 255).astype(np.float32)
    assert (first.preview(np.moveaxis(pixels, -1, 0)).image == expected).all()
    assert (fastaug.Compose(FLIPS, seed=5).preview(floats).image == expected).all()
    wide = fastaug.Compose(FLIPS, seed=5, value_range=(-1.0, 1.0))
    assert (wide.preview(floats * 2 - 1).image == expected).all()


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(
    "scales",
    [
        lambda n: [ft.Normalize((0.3, 0.4, 0.5, 0.6)[:n], (0.1, 0.2, 0.3, 0.25)[:n])],
        lambda n: [ft.ToFloat(), ft.Normalize(0.4, 0.1)],
        lambda n: [ft.Rescale(-1 / 127.5, offset=1)],
        lambda n: [ft.Normalize(0.2, 0.3, p=0.5)],
    ],
    ids=["normalize", "twice", "rescale", "half"],
)
def test_other_scales_are_shown_as_before(channels, scales):
    pixels = image(channels=channels)
    pipeline = fastaug.Compose([ft.RandomFlip(), *scales(channels), ft.RandomRotate90()], seed=2)
    sheet = pipeline.preview(pixels, variants=3).image
    first = replace(pipeline, data_format="channels_first")
    assert (first.preview(np.moveaxis(pixels, -1, 0), variants=3).image == sheet).all()
    nothing = [ft.RandomApply([])] * len(scales(channels))  # keeps the places of the draws
    before = fastaug.Compose([ft.RandomFlip(), *nothing, ft.RandomRotate90()], seed=2)
    for epoch in range(3):
        assert places(sheet, before(pixels, index=0, epoch=epoch))


def test_the_count_of_a_pipeline_stays():
    pipeline = fastaug.Compose([ft.RandomFlip()])
    first = pipeline.preview(image(), variants=2).image
    assert pipeline.count == 0
    assert (pipeline.preview(image(), variants=2).image == first).all()


def test_a_sheet_shows_and_saves_itself(tmp_path):
    sheet = fastaug.Compose([]).preview(image(), variants=1)
    with Image.open(BytesIO(sheet._repr_png_())) as shown:
        assert shown.format == "PNG"
        assert (np.asarray(shown) == sheet.image).all()
    sheet.save(tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as saved:
        assert (np.asarray(saved) == sheet.image).all()
    height, width, _ = sheet.image.shape
    assert repr(sheet) == f"<ContactSheet of {height} x {width} pixels>"
    with pytest.raises(ValueError, match="extension"):
        sheet.save(tmp_path / "sheet.nothing")


def test_marks_move_with_the_image():
    """Mirrored together: the mirrored picture of an image with marks on it."""
    pipeline = fastaug.Compose([ft.RandomFlip("horizontal", p=1.0)])
    mask = np.zeros((40, 40), bool)
    mask[10:20, 5:25] = True
    sheet = pipeline.preview(
        np.zeros((40, 40, 3), np.uint8),
        masks=mask,
        boxes=[[4, 3, 20, 30]],
        keypoints=[[30, 12, 2]],
        variants=1,
        columns=2,
    ).image
    ys, xs = np.nonzero((sheet == 0).all(axis=-1))
    top, left = ys.min(), xs.min()
    original = sheet[top : top + SIDE, left : left + SIDE]
    mirrored = sheet[top : top + SIDE, left + SIDE + 10 :][:, :SIDE]
    assert len(np.unique(original.reshape(-1, 3), axis=0)) == 5
    assert (original[:, ::-1] == mirrored).mean() > 0.999  # discs have a middle pixel


def test_formats_of_boxes_are_the_same_box():
    pixels = image()
    boxes = {
        "pascal_voc": [[10, 6, 30, 21]],
        "coco": [[10, 6, 20, 15]],
        "yolo": [[0.5, 0.45, 0.5, 0.5]],
    }
    sheets = [
        fastaug.Compose(FLIPS, seed=1, box_format=name).preview(pixels, boxes=given).image
        for name, given in boxes.items()
    ]
    assert (sheets[0] == sheets[1]).all()
    assert (sheets[0] == sheets[2]).all()
    assert (sheets[0] != fastaug.Compose(FLIPS, seed=1).preview(pixels).image).any()


def test_padding_is_not_drawn_and_labels_may_come_with_the_boxes():
    pixels = image(40, 40)
    pipeline = fastaug.Compose(FLIPS, seed=1)
    expected = pipeline.preview([pixels], boxes=[[[9, 9, 30, 30]]], labels=[["cat"]]).image
    box, nothing = [9.0, 9.0, 30.0, 30.0], [-1.0] * 4
    padded = {"boxes": np.array([[box, nothing]]), "classes": np.array([["cat", ""]])}
    assert (pipeline.preview([pixels], boxes=padded).image == expected).all()
    bare = pipeline.preview([pixels], boxes=[[[9, 9, 30, 30]]]).image
    assert (bare != expected).any()


def test_labels_of_images_are_said():
    pipeline = fastaug.Compose([], seed=1)
    sheets = [
        pipeline.preview([image()], labels=labels).image
        for labels in ([3], [4], np.array([[0.25, 0.75]]))
    ]
    assert (sheets[0] != sheets[1]).any()
    assert (sheets[0].shape != sheets[2].shape) or (sheets[0] != sheets[2]).any()


@pytest.mark.parametrize("scale", [1, 3])
def test_boxes_lie_on_pixel_edges(scale):
    marks = Marks(boxes=np.array([[7.0, 5.0, 31.0, 22.0]]))
    assert extent(drawn(marks, 40, 50, scale)) == tuple(scale * v for v in (7, 5, 31, 22))


def test_boxes_of_any_size_are_drawn():
    for box in ([3, 3, 3, 3], [3, 3, 4, 9], [0, 0, 50, 40], [-90, -90, 400, 400], [48, 38, 50, 40]):
        drawn(Marks(boxes=np.array([box], float), labels=np.array(["a label"])), 40, 50)


def test_a_label_stays_in_the_picture():
    marks = Marks(boxes=np.array([[70.0, 50.0, 79.0, 59.0]]), labels=np.array(["cat"]))
    right = drawn(marks, 60, 80)
    left = drawn(Marks(boxes=np.array([[20.0, 50.0, 29.0, 59.0]]), labels=marks.labels), 60, 80)
    x0, y0, x1, _ = extent(right)
    assert x1 == 80
    wide, tall = extent(left)[2] - extent(left)[0], extent(left)[1]
    assert (x1 - x0, y0) == (wide, tall)


@pytest.mark.parametrize("scale", [1, 4])
def test_keypoints_lie_on_pixel_centres(scale):
    pixels = drawn(Marks(keypoints=np.array([[20.0, 13.0]])), 40, 50, scale)
    x0, y0, x1, y1 = extent(pixels)
    assert abs((x0 + x1) / 2 - 20.5 * scale) <= 0.5
    assert abs((y0 + y1) / 2 - 13.5 * scale) <= 0.5


def test_keypoints_that_are_not_there_are_not_drawn():
    gone = [[20, 13, 0], [-0.6, 3, 2], [49.6, 3, 2], [3, 39.5, 1], [-1, -1, 2]]
    assert not drawn(Marks(keypoints=np.array(gone, float)), 40, 50).any()
    seen, hidden = (drawn(Marks(keypoints=np.array([[20.0, 13, v]])), 40, 50) for v in (2, 1))
    assert seen.any()
    assert hidden.any()
    assert (seen != hidden).any()


def test_outlines_are_the_inner_edges_of_a_mask():
    rng = np.random.default_rng(3)
    coarse = rng.random((6, 8)) < 0.5
    mask = np.kron(coarse, np.ones((10, 10), bool))
    depth = distance_transform_cdt(np.pad(mask, 20, mode="edge"), "chessboard")[20:-20, 20:-20]
    pixels = drawn(Marks(mask=mask), 60, 80)
    black, dark = ~pixels.any(axis=-1), (pixels == INK).all(axis=-1)
    assert (dark == (depth == 3)).all()
    assert (black == ((depth == 0) | (depth > 3))).all()


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int16, np.int64, np.float32])
def test_each_label_has_its_colour(dtype):
    mask = np.zeros((60, 80), dtype)
    mask[10:50, 10:50] = 1
    mask[20:40, 20:40] = 3 if dtype is not bool else 1
    colors = np.unique(drawn(Marks(mask=mask), 60, 80).reshape(-1, 3), axis=0)
    assert len(colors) == (3 if dtype is bool else 4)  # black and the dark line among them


def test_channels_are_masks_of_their_own():
    masks = np.zeros((60, 80, 2), np.uint8)
    masks[10:30, 10:30, 0] = masks[10:30, 50:70, 1] = 1
    pixels = drawn(Marks(mask=masks), 60, 80)
    assert (pixels[10, 20] != pixels[10, 60]).any()
    assert pixels[10, 20].any()
    assert pixels[10, 60].any()


@pytest.mark.parametrize(("dtype", "most"), [(np.float32, 1), (np.uint8, 255), (np.int16, 32767)])
def test_soft_masks_are_outlined_in_the_middle(dtype, most):
    ramp = np.linspace(0, most, 80).astype(dtype)
    soft = Marks(mask=np.tile(ramp, (60, 1)), is_soft=True)
    hard = Marks(mask=np.tile(ramp >= (0.5 * most), (60, 1)))
    assert (drawn(soft, 60, 80) == drawn(hard, 60, 80)).all()


def test_a_thing_has_one_colour_and_others_have_others():
    colors = Colors()
    assert len({colors.of("label", k) for k in range(7)}) == 7
    assert colors.of("label", 2) == colors.of("label", 2)


def test_levels_of_values_near_the_limits():
    shares = np.array([-0.1, 0.0, 0.25, 0.5, 1.0, 1.1, np.nan, np.inf]).reshape(2, 4, 1)
    shown, note = levels(shares, (0.0, 1.0))
    assert shown.ravel().tolist() == [0, 0, 64, 128, 255, 255, 0, 0]
    assert note == ""
    assert levels(np.array([[[0], [65535]]], np.uint16), (0, 65535))[0].ravel().tolist() == [0, 255]
    assert levels(np.array([[[False], [True]]]), (0.0, 1.0))[0].ravel().tolist() == [0, 255]


def test_levels_of_values_far_from_the_limits_are_said():
    shown, note = levels(np.array([[[-2.0], [0.5], [3.0]]], np.float32), (0.0, 1.0))
    assert shown.ravel().tolist() == [0, 128, 255]
    assert note == "-2 to 3 as black to white"
    assert levels(np.full((2, 2, 1), 9.0), (0.0, 1.0))[0].max() == 0  # there is no range


def test_many_channels_are_said():
    pixels = image(channels=9)
    shown, note = levels(pixels, (0, 255))
    assert (shown == pixels[..., :3]).all()
    assert note == "first 3 of 9 channels"
    assert (levels(pixels, (np.zeros(9), np.full(9, 255)))[0] == shown).all()


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"images": np.zeros((0, 4, 3), np.uint8)}, "images must have pixels"),
        ({"images": []}, "images must have pixels"),
        ({"images": np.zeros((0, 8, 8, 3), np.uint8)}, "images must have pixels"),
        ({"columns": 0}, "columns must be from 1 to 50"),
        ({"columns": 51}, "columns must be from 1 to 50"),
        ({"variants": 0}, "variants must be from 1 to 2500"),
        ({"variants": 2500}, "images must make at most 2500 pictures, got 1 with 2500"),
        ({"epoch": -1}, "epoch must be from 0 to 4294967285"),
        ({"epoch": 2**32 - 5}, "epoch must be from 0 to 4294967285"),
        ({"index": [1, 2]}, "index must"),
        ({"masks": np.zeros((3, 3))}, "masks must"),
        ({"boxes": [[1, 2, 3]]}, "boxes"),
    ],
)
def test_errors_name_the_argument(arguments, match):
    given = {"images": image(), **arguments}
    with pytest.raises((TypeError, ValueError), match=match):
        fastaug.Compose(FLIPS).preview(given.pop("images"), **given)


def test_pillow_is_loaded_by_previews_alone_and_asked_for():
    code = """
        import sys, numpy as np, fastaug, fastaug.transforms as ft
        pipeline = fastaug.Compose([ft.RandomFlip()])
        pipeline(np.zeros((4, 4, 3), np.uint8))
        assert "PIL" not in sys.modules
        sys.modules["PIL"] = None
        try:
            pipeline.preview(np.zeros((4, 4, 3), np.uint8))
        except RuntimeError as error:
            print(error)
    """
    assert output_of(code) == "previews need Pillow; install it with: pip install 'fastaug[data]'"
