"""Batches of decoded files: several at once in threads, the next ones while this one is used.

How much there is of it: at most `read_ahead` batches wait to be asked for, and each thread that asks
holds one more, so (read_ahead + 1) batches of decoded images (uint8) for a single reader of them. The
arrays of batches that nobody holds any more are used again.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ...threads import MOST, get_num_threads
from .decoding import Decoder

# A fork may come while another thread starts a pool; the child gets a lock that nobody holds.
_starting = threading.Lock()


def _after_fork() -> None:
    global _starting
    _starting = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

# A batch that was read ahead and passed over is given up after so many others. Threads that share
# an iterator ask a little out of order.
_PATIENCE = 8


@dataclass(frozen=True, slots=True)
class Files:
    """Where the samples are: the paths of all images, and of their masks if there are any."""

    images: Sequence[str]
    masks: Sequence[str] | None = None


class Batch:
    """The images of some samples, in the making or done.

    Attributes:
        images: (n, height, width, channels), uint8; or Keras' floatx once a deep grayscale file is
            among them.
        masks: (n, height, width, 1) uint8, or None.
        errors: what went wrong with which image; its place in `images` holds anything.
    """

    def __init__(self, index: Array, files: Files, buffers: tuple[Array, Array | None]) -> None:
        n = len(index)
        self.index = index
        self.images = buffers[0][:n]
        self.masks = None if buffers[1] is None else buffers[1][:n]
        self.errors: dict[int, BaseException] = {}
        self.age = 0
        self._deep: dict[int, Array] = {}
        self._paths = [files.images[i] for i in index]
        self._mask_paths = None if files.masks is None else [files.masks[i] for i in index]
        self._next = 0
        self._left = n
        self._done = threading.Event()
        if not n:
            self._done.set()

    @property
    def waiting(self) -> int:
        """How many images nobody has begun with."""
        return len(self._paths) - self._next

    def take(self) -> int | None:
        """The number of an image that nobody has begun with; call it under a lock."""
        if self._next == len(self._paths):
            return None
        self._next += 1
        return self._next - 1

    def decode(self, i: int, decoder: Decoder) -> None:
        """Reads one image into its place."""
        try:
            image = decoder.image(self._paths[i])
            if image.dtype == np.uint8:
                self.images[i] = image
            else:
                self._deep[i] = image
            if self.masks is not None and self._mask_paths is not None:
                self.masks[i] = decoder.mask(self._mask_paths[i])
        except BaseException as error:  # for the thread that asks for the batch
            self.errors[i] = error

    def finished(self) -> bool:
        """Counts one image as done, whether it is the last; call it under a lock."""
        self._left -= 1
        if not self._left:
            self._done.set()
        return not self._left

    def wait(self) -> Batch:
        """Waits for the last image."""
        self._done.wait()
        self._deepen()
        return self

    def put(self, i: int, image: Array, mask: Array | None) -> None:
        """Puts another image in the place of one."""
        if image.dtype != np.uint8:
            self._deep[i] = image
            self._deepen()
        else:
            self.images[i] = image
        if mask is not None and self.masks is not None:
            self.masks[i] = mask

    def _deepen(self) -> None:
        if not self._deep:
            return
        dtype = next(iter(self._deep.values())).dtype
        self.images = self.images.astype(dtype, copy=False)
        for i, image in self._deep.items():
            self.images[i] = image
        self._deep.clear()


class Reader:
    """Decodes batches of files, and the next ones ahead of time.

    Threads start with the first batch, do not outlive the reader, and start anew in a forked
    process. A pickled reader comes back without threads and batches.

    Args:
        decoder: what reads one image.
        threads: the most files decoded at once; default `fastaug.get_num_threads()`.
        read_ahead: the most batches that wait to be asked for.

    Raises:
        ValueError, TypeError: if a number is out of its range or no whole number.
    """

    def __init__(self, decoder: Decoder, threads: int | None = None, read_ahead: int = 2) -> None:
        for name, value, least in (("decode_threads", threads, 1), ("read_ahead", read_ahead, 0)):
            if value is None and name == "decode_threads":
                continue
            if isinstance(value, bool) or not isinstance(value, int | np.integer):
                raise TypeError(f"`{name}` must be a whole number. Received: {value!r}")
            if not least <= value <= MOST:
                raise ValueError(f"`{name}` must be from {least} to {MOST}. Received: {value}")
        self.decoder = decoder
        self.threads = threads
        self.read_ahead = read_ahead
        self._pool: _Pool | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Reader, (self.decoder, self.threads, self.read_ahead)

    def read(self, index: Array, files: Files, upcoming: Sequence[Array] = ()) -> Batch:
        """Reads the files of some samples.

        Args:
            index: numbers of the samples, shape (n,).
            files: the paths of all samples.
            upcoming: the batches that are likely to be asked for next, in order.

        Returns:
            A finished batch; see its `errors`.
        """
        with _starting:
            pool = self._pool
            if pool is None or pool.process != os.getpid():
                pool = self._pool = _Pool(self.decoder, self.threads, self.read_ahead)
                weakref.finalize(self, pool.close)
        return pool.read(index, files, upcoming)

    def close(self) -> None:
        """Gives up what was read ahead, and the threads; the next `read` starts others."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()


class _Pool:
    """The threads and batches of one reader in one process."""

    def __init__(self, decoder: Decoder, threads: int | None, read_ahead: int) -> None:
        self.process = os.getpid()
        self._decoder = decoder
        self._threads = threads
        self._read_ahead = read_ahead
        self._lock = threading.Lock()
        # It starts a thread only if all of its threads are at work; `_running` bounds them.
        self._executor = ThreadPoolExecutor(MOST, "fastaug-decode")
        self._running = 0
        self._closed = False
        self._queue: deque[Batch] = deque()  # those with images that nobody has begun with
        self._ahead: dict[bytes, Batch] = {}  # those that nobody has asked for
        self._given: deque[bytes] = deque(maxlen=read_ahead)
        self._expected: bytes | None = None
        self._in_order = 1  # how many came as expected, one after the other
        self._buffers: list[tuple[Array, Array | None]] = []

    def read(self, index: Array, files: Files, upcoming: Sequence[Array]) -> Batch:
        key = index.tobytes()
        with self._lock:
            # Reading ahead pays if batches are asked for in order. `model.fit` shuffles them, and
            # then one comes after another by chance.
            in_order = self._expected in (None, key) or key in self._ahead
            self._in_order = self._in_order + 1 if in_order else 0
            batch = self._ahead.pop(key, None)
            alone = batch is None and not self._read_ahead and self._most() == 1
            if batch is None:
                batch = self._begin(index, files)
                if not alone:
                    self._queue.appendleft(batch)
            elif batch in self._queue:  # what is asked for comes before what may be
                self._queue.remove(batch)
                self._queue.appendleft(batch)
            self._given.append(key)
            self._forget()
            if self._in_order > 1:
                self._look_ahead(files, upcoming)
            self._expected = upcoming[0].tobytes() if upcoming else None
            helpers = 0 if alone else self._help()
        while helpers:
            try:
                self._executor.submit(self._work)
            except RuntimeError:  # no thread can be started any more: Python is going down
                self._work()
            except BaseException:  # an interrupt: those that do not come must not be waited for
                with self._lock:
                    self._running -= helpers
                raise
            helpers -= 1
        if alone:
            self._finish(batch)
        batch.wait()
        return batch

    def close(self) -> None:
        # The garbage collector may call this anywhere, so it takes no lock of ours.
        self._closed = True
        if self.process == os.getpid():
            self._executor.shutdown(wait=False)

    def _most(self) -> int:
        return self._threads or get_num_threads()

    def _begin(self, index: Array, files: Files) -> Batch:
        return Batch(index, files, self._free_buffers(len(index), files.masks is not None))

    def _look_ahead(self, files: Files, upcoming: Sequence[Array]) -> None:
        for index in upcoming:
            key = index.tobytes()
            if len(self._ahead) == self._read_ahead:
                break
            if key not in self._ahead and key not in self._given:
                batch = self._begin(index.copy(), files)
                self._ahead[key] = batch
                self._queue.append(batch)

    def _forget(self) -> None:
        """Gives up batches that were read ahead and passed over."""
        for batch in self._ahead.values():
            batch.age += 1
        most = max(_PATIENCE, self._read_ahead)
        self._give_up([key for key, batch in self._ahead.items() if batch.age > most])

    def _give_up(self, keys: list[bytes]) -> None:
        for key in keys:
            batch = self._ahead.pop(key)
            if batch in self._queue:
                self._queue.remove(batch)

    def _help(self) -> int:
        """How many threads more there is work for."""
        waiting = sum(batch.waiting for batch in self._queue)
        more = max(0, min(self._most() - self._running, waiting))
        self._running += more
        return more

    def _work(self) -> None:
        """Decodes images, the most urgent first, until there are no more."""
        while True:
            with self._lock:
                batch = number = None
                if self._closed:
                    self._give_up(list(self._ahead))
                while self._queue and number is None:
                    batch = self._queue[0]
                    number = batch.take()
                    if number is None:
                        self._queue.popleft()
                if batch is None or number is None:
                    self._running -= 1
                    return
            batch.decode(number, self._decoder)
            with self._lock:
                batch.finished()

    def _finish(self, batch: Batch) -> None:
        """Decodes a whole batch in the thread that asks for it."""
        while (number := batch.take()) is not None:
            batch.decode(number, self._decoder)
            batch.finished()

    def _free_buffers(self, n: int, masks: bool) -> tuple[Array, Array | None]:
        """Room for n images (and masks), of a batch that nobody holds any more if there is one."""
        for k in range(len(self._buffers)):
            if len(self._buffers[k][0]) >= n and _holders(self._buffers, k) == _NOBODY[masks]:
                self._buffers.append(self._buffers.pop(k))
                return self._buffers[-1]
        size = (n, *self._decoder.target_size)
        new = (
            np.empty((*size, self._decoder.channels), np.uint8),
            np.empty((*size, 1), np.uint8) if masks else None,
        )
        # Those that have been held the longest are given up: somebody keeps them.
        first = max(0, len(self._buffers) - self._read_ahead)
        self._buffers = [*self._buffers[first:], new]
        return new


def _holders(buffers: list[tuple[Array, Array | None]], k: int) -> int:
    """How many references there are to the images (and the masks) of buffers in this list.

    Whoever holds a part of an array holds the whole. The count when nobody does is the
    interpreter's business, and asked of it below.
    """
    images, masks = buffers[k]
    return sys.getrefcount(images) + (0 if masks is None else sys.getrefcount(masks))


_NOBODY = {
    masks: _holders([(np.empty(0), np.empty(0) if masks else None)], 0) for masks in (False, True)
}
