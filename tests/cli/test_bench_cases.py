"""The cases of ``fastaug bench``: contenders do the same work, and other work is found out."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from fastaug.cli.bench import files, training
from fastaug.cli.bench.agree import Agreement, DisagreementError, within_margin, within_source
from fastaug.cli.bench.cases import OURS, cases
from fastaug.cli.bench.data import Work, ellipse, make_images
from fastaug.cli.bench.timing import DISAGREES, prepare, run

CASES = cases(size=64, batch=4)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_contenders_do_the_same_work(case):
    before = case.work.images.copy()
    calls, reasons = prepare(case)
    assert reasons == {}
    assert OURS in calls
    np.testing.assert_array_equal(
        case.work.images, before, err_msg="a contender wrote to its input"
    )


def test_every_op_of_the_library_has_a_case():
    wanted = {
        "warp_affine",
        "flip",
        "rot90",
        "resize",
        "erode",
        "dilate",
        "opening",
        "keras",
        "directory",
    }
    wanted |= {"closing", "morphological_gradient", "white_tophat", "black_tophat"}
    wanted |= {"gaussian_noise", "salt_and_pepper", "speckle_noise", "uniform_noise", "shot_noise"}
    wanted |= {"crop", "pad", "crop_or_pad", "erase", "shuffle_channels", "blend", "paste"}
    wanted |= {"pixel_dropout"}
    wanted |= {"gaussian_blur", "box_blur", "correlate", "motion_blur", "sharpen", "median_blur"}
    wanted |= {"warp_perspective", "remap", "elastic"}
    wanted |= {"adjust_brightness", "add_brightness", "adjust_contrast", "adjust_saturation"}
    wanted |= {"adjust_hue", "color_jitter", "to_grayscale", "adjust_gamma", "channel_shift"}
    wanted |= {"invert", "posterize", "solarize", "autocontrast", "equalize", "normalize"}
    assert wanted | {"to_float"} <= {case.op for case in CASES}


@pytest.mark.parametrize("op", ["closing", "morphological_gradient", "white_tophat"])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_compound_morphology_is_compared(op, dtype):
    pytest.importorskip("cv2")
    (case,) = cases(size=32, batch=2, ops=[f"{op} 3x3 {dtype}"])
    assert {OURS, "opencv", "scipy"} <= case.contenders.keys()


def test_a_part_of_a_name_selects():
    assert {case.work.dtype for case in cases(ops=["erode 3x3 uint8"])} == {"uint8"}
    assert {case.op for case in cases(ops=["flip", "rot90"])} == {"flip", "rot90"}


def test_files_are_photographs_as_they_are(tmp_path):
    image = pytest.importorskip("PIL.Image")
    pytest.importorskip("sklearn")
    files.make_files(tmp_path, 6)
    paths = sorted(tmp_path.rglob("*.jpg"))
    assert [path.parent.name for path in paths] == ["class-0"] * 3 + ["class-1"] * 3
    for path in paths:
        with image.open(path) as file:
            assert file.size == (500, 375)
        assert 20_000 < path.stat().st_size < 200_000
    before = [path.read_bytes() for path in paths]
    files.make_files(tmp_path, 6)
    assert [path.read_bytes() for path in paths] == before


def test_the_folder_goes_with_the_case():
    (case,) = cases(size=32, batch=1, ops=["directory"])
    assert {OURS, "keras generator", "pillow, decoding only"} <= case.contenders.keys()
    folder = Path(case.work.folder)
    assert len(case.work.files) == 4
    case.work.release()
    assert not folder.exists()


def test_training_is_run_by_name_and_counts_steps(monkeypatch):
    pytest.importorskip("keras")
    assert "training" not in {case.op for case in CASES}
    tiny = {"side": 24, "batches": 4, "steps": 4}
    monkeypatch.setitem(training.TRAINING.variants, "thumbnail", tiny)
    (case,) = cases(batch=2, ops=["training"])
    result = run(case, seconds=0.001)
    assert result.left_out == {}
    assert result.timings.keys() == {OURS, "keras generator", "ready batches"}
    assert result.bound == "ready batches"
    ours = result.timings[OURS]
    assert result.images_per_second(OURS) == pytest.approx(2 / ours.median)


def with_contender(case, make):
    return dataclasses.replace(
        case,
        contenders={OURS: case.contenders[OURS], "other": make},
        agreements=dict.fromkeys([OURS, "other"], case.agreements[OURS]),
    )


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("flip horizontal uint8", lambda w: w.images, "are more than"),
        ("flip horizontal uint8", lambda w: w.images[:, ::-1], "are more than"),
        ("flip horizontal uint8", lambda w: w.out, "are more than"),  # nothing written
        ("flip horizontal uint8", lambda w: w.images[:, :, ::-1], "moves nothing"),
        ("flip horizontal uint8", lambda w: list(w.images[:, :, ::-1]), "moves nothing"),
        ("flip horizontal uint8", lambda w: w.images.astype(np.float32), "float32"),
        ("flip horizontal uint8", lambda w: w.images[:, :16], "(4, 16, 32, 3)"),
        ("warp_affine bilinear constant uint8", lambda w: w.images, "are more than"),
        ("gaussian_noise float32", lambda w: w.images, "adds 0 on average"),
        ("gaussian_noise float32", lambda w: w.images + shared_noise(w), "correlate"),
        ("gaussian_noise float32", lambda w: w.images * np.float32("nan"), "not finite"),
        ("random_affine uint8", lambda w: w.images, "as they were"),
        ("random_affine uint8", lambda w: w.images // 2, "mean"),
    ],
)
def test_other_work_is_found_out(name, make, reason):
    (case,) = cases(size=32, batch=4, ops=[name])
    with np.errstate(all="ignore"):
        calls, reasons = prepare(with_contender(case, lambda: lambda: make(case.work)))
    assert list(calls) == [OURS]
    assert reasons["other"].startswith(DISAGREES)
    assert reason in reasons["other"]


def shared_noise(work):
    """Normal noise of the right size, but the same in all channels."""
    rng = np.random.default_rng(0)
    return rng.normal(0, 0.04, (*work.shape[:3], 1)).astype(np.float32)


def test_a_broken_peer_is_left_out_and_the_others_run():
    def broken():
        raise OSError("libsomething.so: cannot open")

    (case,) = cases(size=32, batch=2, ops=["flip horizontal uint8"])
    result = run(with_contender(case, broken), seconds=0.001)
    assert result.left_out == {"other": "OSError: libsomething.so: cannot open"}
    assert list(result.timings) == [OURS]


def test_strays_are_allowed_up_to_their_share():
    work = Work((1, 10, 10, 1), "uint8", {})
    ours, theirs = np.zeros((2, 1, 10, 10, 1), np.uint8)
    theirs[0, 0, :2] = 9
    Agreement(tolerance=1, strays=0.02).check(work, ours, theirs)
    with pytest.raises(DisagreementError, match=r"2.00% .* the farthest 9"):
        Agreement(tolerance=1, strays=0.01).check(work, ours, theirs)


def test_interiors():
    work = Work((2, 9, 7, 1), "uint8", {"margin": 2})
    assert within_margin(work).sum() == 2 * 5 * 3
    inside = within_source(Work((2, 64, 64, 3), "uint8", {}))
    assert inside[:, 32, 32].all()
    assert 0.5 < inside.mean() < 1


@pytest.mark.parametrize("size", [3, 5, 7, 9, 15])
def test_ellipse_is_that_of_opencv(size):
    cv2 = pytest.importorskip("cv2")
    expected = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    np.testing.assert_array_equal(ellipse(size), expected)


def test_images_differ_and_fill_the_range():
    images = make_images((3, 64, 64, 3), "uint8")
    assert images.min() < 40
    assert images.max() > 215
    assert not np.array_equal(images[0], images[1])
    floats = make_images((3, 64, 64, 3), "float32")
    np.testing.assert_allclose(floats, images / 255, atol=1e-6)
