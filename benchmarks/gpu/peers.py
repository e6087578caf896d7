"""The same work by others, as their users would do it, on arrays that are theirs.

CuPy's functions get (N, H, W, C); torch, torchvision and kornia get (N, C, H, W).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import ours

Calls = dict[str, Callable[[Any], Any]]


def cupyx(n: int, size: int, dtype: str) -> Calls:
    """`cupyx.scipy.ndimage`, and CuPy's own indexing and arithmetic."""
    cupy = import_module("cupy")
    ndimage = import_module("cupyx.scipy.ndimage")
    turn = np.deg2rad(ours.angles(n))
    middle = (size - 1) / 2

    def affine(order: int) -> Callable[[Any], Any]:
        def call(x: Any) -> Any:
            out = cupy.empty_like(x)
            for i, angle in enumerate(turn):  # it knows one matrix at a time, and two axes
                by = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
                shift = middle - by @ [middle, middle]
                for c in range(3):
                    ndimage.affine_transform(
                        x[i, :, :, c],
                        cupy.asarray(by),
                        shift.tolist(),
                        order=order,
                        output=out[i, :, :, c],
                    )
            return out

        return call

    weights = cupy.asarray(np.random.default_rng(1).uniform(-1, 1, (1, 3, 3, 1)))
    kind = {"dtype": cupy.float32}
    return {
        "flip, horizontal": lambda x: x[:, :, ::-1].copy(),
        "flip, vertical": lambda x: x[:, ::-1].copy(),
        "rot90": lambda x: cupy.rot90(x, axes=(1, 2)).copy(),
        "warp_affine, bilinear": affine(1),
        "warp_affine, nearest": affine(0),
        "warp_affine, spline 3": affine(3),
        "resize to half": lambda x: ndimage.zoom(x, (1, 0.5, 0.5, 1), order=1),
        "pad": lambda x: cupy.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0)), "symmetric"),
        "erode 3x3": lambda x: ndimage.grey_erosion(x, (1, 3, 3, 1)),
        "erode 15x15": lambda x: ndimage.grey_erosion(x, (1, 15, 15, 1)),
        "white_tophat 3x3": lambda x: ndimage.white_tophat(x, (1, 3, 3, 1)),
        "gaussian_blur, sigma 1.5": lambda x: ndimage.gaussian_filter(x, (0, 1.5, 1.5, 0)),
        "box_blur 5x5": lambda x: ndimage.uniform_filter(x, (1, 5, 5, 1)),
        "median_blur 3x3": lambda x: ndimage.median_filter(x, (1, 3, 3, 1)),
        "correlate 3x3": lambda x: ndimage.correlate(x, weights),
        "gaussian_noise": lambda x: (x + 10 * cupy.random.standard_normal(x.shape, **kind)).astype(
            dtype
        ),
        "uniform_noise": lambda x: (x + 20 * cupy.random.random(x.shape, **kind) - 10).astype(
            dtype
        ),
        "adjust_brightness": lambda x: cupy.clip(x * np.float32(1.2), 0, 255).astype(dtype),
        "normalize": lambda x: (x.astype(np.float32) / 255 - np.float32(0.5)) / np.float32(0.25),
        "blend": lambda x: (x * np.float32(0.5) + x * np.float32(0.5)).astype(dtype),
    }


def torch(n: int, size: int, dtype: str) -> Calls:
    """torch itself; what it cannot do with bytes is done with floats, as its users do."""
    torch = import_module("torch")
    functional = torch.nn.functional
    turn = np.deg2rad(ours.angles(n))
    rows = [[[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0]] for a in turn]
    device = "cuda" if torch.cuda.is_available() else "cpu"
    theta = torch.tensor(np.array(rows), dtype=torch.float32, device=device)
    kind = getattr(torch, dtype)

    def sample(mode: str) -> Callable[[Any], Any]:
        def call(x: Any) -> Any:
            grid = functional.affine_grid(theta, x.shape, align_corners=False)
            made = functional.grid_sample(x.float(), grid, mode=mode, align_corners=False)
            return made.to(kind)

        return call

    def erode(k: int) -> Callable[[Any], Any]:
        return lambda x: (-functional.max_pool2d(-x.float(), k, 1, k // 2)).to(kind)

    half = (size // 2, size // 2)
    return {
        "flip, horizontal": lambda x: x.flip(3),
        "flip, vertical": lambda x: x.flip(2),
        "rot90": lambda x: x.rot90(1, (2, 3)).contiguous(),
        "warp_affine, bilinear": sample("bilinear"),
        "warp_affine, nearest": sample("nearest"),
        "warp_affine, bicubic": sample("bicubic"),
        "resize to half": lambda x: functional.interpolate(
            x.float(), half, mode="bilinear", antialias=True
        ).to(kind),
        "erode 3x3": erode(3),
        "erode 15x15": erode(15),
        "gaussian_noise": lambda x: (x + 10 * torch.randn_like(x.float())).to(kind),
        "uniform_noise": lambda x: (x + 20 * torch.rand_like(x.float()) - 10).to(kind),
        "blend": lambda x: torch.lerp(x.float(), x.float(), 0.5).to(kind),
        "shuffle_channels": lambda x: x[:, [2, 1, 0]],
    }


def torchvision(n: int, size: int, dtype: str) -> Calls:
    """`torchvision.transforms.v2`; floats are on a scale of 0 to 1 there, which costs no time."""
    v2 = import_module("torchvision.transforms.v2")
    torch = import_module("torch")
    f = v2.functional
    bilinear, nearest = v2.InterpolationMode.BILINEAR, v2.InterpolationMode.NEAREST
    turned = {"angle": 20.0, "translate": [0, 0], "scale": 1.0, "shear": [0.0, 0.0]}
    square = [[0, 0], [size, 0], [size, size], [0, size]]
    inner = [[3, 2], [size - 4, 5], [size - 1, size - 7], [2, size - 3]]
    mean, std = [0.5] * 3, [0.25] * 3
    to_float = v2.ToDtype(torch.float32, scale=True)
    training = v2.Compose(
        [
            v2.RandomAffine(20, (0.1, 0.1), (0.8, 1.2), 10, interpolation=bilinear),
            v2.RandomHorizontalFlip(),
            v2.ColorJitter(brightness=0.2, contrast=0.2),
            to_float,
            v2.GaussianNoise(sigma=10 / 255),
            v2.Normalize(mean, std),
        ]
    )
    gaussian = v2.GaussianNoise(sigma=10 / 255)
    white = 255 if dtype == "uint8" else 1.0
    edge = size // 4
    return {
        "fused pass": training,  # the same parameters for every image of the batch
        "flip, horizontal": f.horizontal_flip,
        "flip, vertical": f.vertical_flip,
        "warp_affine, bilinear": lambda x: f.affine(x, **turned, interpolation=bilinear),
        "warp_affine, nearest": lambda x: f.affine(x, **turned, interpolation=nearest),
        "warp_perspective": lambda x: f.perspective(x, square, inner, interpolation=bilinear),
        "resize to half": lambda x: f.resize(x, [size // 2, size // 2], antialias=True),
        "pad": lambda x: f.pad(x, [2], padding_mode="reflect"),
        "erase": lambda x: f.erase(x, edge, edge, 2 * edge, 2 * edge, torch.zeros(1).to(x)),
        "gaussian_blur, sigma 1.5": lambda x: f.gaussian_blur(x, [13, 13], [1.5, 1.5]),
        "sharpen": lambda x: f.adjust_sharpness(x, 1.5),
        "gaussian_noise": gaussian if dtype == "float32" else lambda x: gaussian(to_float(x)),
        "adjust_brightness": lambda x: f.adjust_brightness(x, 1.2),
        "adjust_contrast": lambda x: f.adjust_contrast(x, 1.2),
        "adjust_saturation": lambda x: f.adjust_saturation(x, 0.5),
        "adjust_hue": lambda x: f.adjust_hue(x, 0.1),
        "adjust_gamma": lambda x: f.adjust_gamma(x, 0.8),
        "solarize": lambda x: f.solarize(x, white / 2),
        "equalize": f.equalize,
        "normalize": lambda x: f.normalize(to_float(x), mean, std),
    }


def kornia(n: int, size: int, dtype: str) -> Calls:
    """kornia, which knows floats alone: bytes are made such, and what comes out stays so."""
    torch = import_module("torch")
    kornia = import_module("kornia")
    augment = import_module("kornia.augmentation")
    transform, morphology = kornia.geometry.transform, kornia.morphology
    filters, enhance = kornia.filters, kornia.enhance
    device = "cuda" if torch.cuda.is_available() else "cpu"
    turn = torch.tensor(ours.angles(n), dtype=torch.float32, device=device)
    center = torch.full((n, 2), (size - 1) / 2, device=device)
    affine = transform.get_rotation_matrix2d(center, turn, torch.ones(n, 2, device=device))
    kernels = {k: torch.ones(k, k, device=device) for k in (3, 15)}
    third = torch.rand(1, 3, 3, device=device)
    training = augment.AugmentationSequential(
        augment.RandomAffine(20.0, (0.1, 0.1), (0.8, 1.2), 10.0, p=1.0),
        augment.RandomHorizontalFlip(),
        augment.ColorJiggle(brightness=0.2, contrast=0.2, p=1.0),
        augment.RandomGaussianNoise(std=10 / 255, p=1.0),
        augment.Normalize([0.5] * 3, [0.25] * 3),
    )
    salt = augment.RandomSaltAndPepperNoise(amount=0.1, p=1.0)
    mean = torch.full((3,), 0.5, device=device)
    size_hw, half = (size, size), (size // 2, size // 2)
    calls: Calls = {
        "fused pass": training,
        "flip, horizontal": transform.hflip,
        "flip, vertical": transform.vflip,
        "warp_affine, bilinear": lambda x: transform.warp_affine(x, affine, size_hw),
        "warp_affine, nearest": lambda x: transform.warp_affine(x, affine, size_hw, mode="nearest"),
        "resize to half": lambda x: transform.resize(x, half, antialias=True),
        "erode 3x3": lambda x: morphology.erosion(x, kernels[3]),
        "erode 15x15": lambda x: morphology.erosion(x, kernels[15]),
        "white_tophat 3x3": lambda x: morphology.top_hat(x, kernels[3]),
        "gaussian_blur, sigma 1.5": lambda x: filters.gaussian_blur2d(x, (13, 13), (1.5, 1.5)),
        "box_blur 5x5": lambda x: filters.box_blur(x, (5, 5)),
        "median_blur 3x3": lambda x: filters.median_blur(x, (3, 3)),
        "motion_blur 9": lambda x: filters.motion_blur(x, 9, 30.0, 0.0),
        "correlate 3x3": lambda x: filters.filter2d(x, third),
        "sharpen": lambda x: enhance.sharpness(x, 1.5),
        "salt_and_pepper": salt,
        "adjust_brightness": lambda x: enhance.adjust_brightness(x, 0.2),
        "adjust_contrast": lambda x: enhance.adjust_contrast(x, 1.2),
        "adjust_saturation": lambda x: enhance.adjust_saturation(x, 0.5),
        "adjust_hue": lambda x: enhance.adjust_hue(x, 0.1),
        "adjust_gamma": lambda x: enhance.adjust_gamma(x, 0.8),
        "solarize": lambda x: enhance.solarize(x, 0.5),
        "equalize": enhance.equalize,
        "normalize": lambda x: enhance.normalize(x, mean, mean / 2),
    }
    if dtype == "float32":
        return calls
    return {op: (lambda x, call=call: call(x.float() / 255)) for op, call in calls.items()}


# Who is measured: module, what makes its calls, whether it takes torch's tensors.
PEERS = {
    "cupyx": ("cupyx.scipy.ndimage", cupyx, False),
    "torch": ("torch", torch, True),
    "torchvision": ("torchvision", torchvision, True),
    "kornia": ("kornia", kornia, True),
}
FASTER_THAN = {"cupyx": 3.0, "torchvision": 3.0, "kornia": 3.0}
