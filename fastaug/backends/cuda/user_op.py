"""Users' functions on a card: a thread for each element, pixel or row, compiled by Numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...arrays import Array
from ..user_op import UserFunction
from .launches import Launches

_PLACES = {
    "element": "i, y, x, c = at // (h * w * k), at // (w * k) % h, at // k % w, at % k",
    "pixel": "i, y, x = at // (h * w), at // w % h, at % w",
    "row": "i, y = at // h, at % h",
}


class UserOps(Launches):
    """Part of `Cuda`."""

    def user_op(self, images: Array, out: Array, function: UserFunction, numbers: Array) -> None:
        thread = function.code_for(images, ".cuda.user_op", "thread")
        real = function.real(images.dtype)
        n, h, w, k = images.shape
        count = {"element": n * h * w * k, "pixel": n * h * w, "row": n * h}[function.kind]
        if count == 0:
            return
        rows = count if function.kind == "row" else 0
        low, high = function.limits(out.dtype)
        self._device.start_threads(
            thread,
            count,
            images,
            out,
            self._device.upload_array(function.numbers(numbers, images.dtype)),
            self._device.empty((rows, w, k), real),
            real.type(low),
            real.type(high),
        )


def thread(function: UserFunction, real: np.dtype[Any], channels: int) -> Callable[..., None]:
    """What one thread does, as a function of its number, which Numba compiles for either machine.

    Raises:
        TypeError: if the function does not compile; Numba's reason first.
    """
    from ..numba.point import to_pixel
    from ..numba.user_code import checked, results

    user = checked(function, real, channels)
    numbers = "".join(f", numbers[i, {p}]" for p in range(function.count))
    if function.kind == "element":
        body = [
            f"out[i, y, x, c] = to_pixel(real(user(real(images[i, y, x, c]){numbers})), *range_)"
        ]
    elif function.kind == "pixel":
        taken = "".join(f"real(images[i, y, x, {c}]), " for c in range(channels))
        body = [f"made = user(({taken}){numbers})"]
        body += [
            f"out[i, y, x, {c}] = to_pixel(real({one}), *range_)"
            for c, one in enumerate(results(user, channels))
        ]
    else:
        each = ["for x in range(w):", "    for c in range(k):"]
        body = ["row = values[at]", *each, "        row[x, c] = images[i, y, x, c]"]
        body += [f"user(row, y, h{numbers})"]
        body += [*each, "        out[i, y, x, c] = to_pixel(row[x, c], *range_)"]
    lines = ["n, h, w, k = images.shape", _PLACES[function.kind], "range_ = low, high, out", *body]
    text = "def thread(at, images, out, numbers, values, low, high):\n    " + "\n    ".join(lines)
    room: dict[str, Any] = {"user": user, "real": real.type, "to_pixel": to_pixel}
    exec(text, room)
    written: Callable[..., None] = room["thread"]
    return written
