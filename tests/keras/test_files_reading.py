"""Reading ahead: what it must not change, how much it holds, and how it ends."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import fastaug
from fastaug.keras import DirectoryIterator, ImageDataGenerator
from fastaug.keras.files.decoding import Decoder
from fastaug.keras.files.reading import Files, Reader

N = 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty pictures, each of one grey level: its number times ten."""
    (tmp_path / "a").mkdir()
    for i in range(N):
        Image.new("L", (9, 7), i * 10).save(tmp_path / "a" / f"{i:02d}.png")
    return tmp_path


def flow(folder: Path, **options: Any) -> DirectoryIterator:
    settings: dict[str, Any] = dict(
        target_size=(4, 4), class_mode=None, batch_size=3, shuffle=False
    )
    return DirectoryIterator(folder, None, **(settings | options))


def numbers(batch: Any) -> list[int]:
    """Which pictures a batch holds."""
    return [int(level) // 10 for level in batch[:, 0, 0, 0]]


class Slow(Decoder):
    """Counts what it decodes, and can be made to wait."""

    __slots__ = ()
    seen: list[str]
    most = 0
    now = 0
    lock = threading.Lock()
    gate = threading.Event()

    def image(self, path: str) -> Any:
        cls = type(self)
        with cls.lock:
            cls.seen.append(path)
            cls.now += 1
            cls.most = max(cls.most, cls.now)
        cls.gate.wait(10)
        result = Decoder.image(self, path)
        with cls.lock:
            cls.now -= 1
        return result


@pytest.fixture
def slow(folder: Path) -> tuple[Slow, Files]:
    Slow.seen, Slow.most, Slow.now = [], 0, 0
    Slow.gate.set()
    return Slow((4, 4)), Files([str(folder / "a" / f"{i:02d}.png") for i in range(N)])


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.002)


def batches(*numbers: int) -> list[np.ndarray]:
    return [np.arange(3 * i, 3 * i + 3) for i in numbers]


@pytest.mark.parametrize("generator", [False, True])
def test_it_changes_nothing(folder: Path, generator: bool) -> None:
    """In order, out of order, over epochs, with any number of threads."""
    results = []
    for read_ahead, threads in [(0, 1), (0, 3), (1, 1), (2, 2), (9, 3)]:
        options: dict[str, Any] = dict(
            target_size=(6, 6), batch_size=3, seed=3, read_ahead=read_ahead, decode_threads=threads
        )
        if generator:
            batch = ImageDataGenerator(rotation_range=30).flow_from_directory(folder, **options)
        else:
            batch = flow(folder, **options, shuffle=True)
        seen = [next(batch) for _ in range(16)]
        for order in ([0, 1, 2, 3, 4, 5, 6], [6, 2, 0, 1, 2, 3, 5, 4, 4]):
            np.random.seed(0)
            batch.on_epoch_end()
            seen += [batch[i] for i in order]
        results.append([np.array(x[0] if generator else x) for x in seen])
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_it_reads_so_much_ahead_and_no_more(slow: tuple[Slow, Files]) -> None:
    decoder, files = slow
    reader = Reader(decoder, threads=2, read_ahead=2)
    for i in range(4):
        reader.read(*batches(i), files, batches(i + 1, i + 2, i + 3))
        wait_for(lambda i=i: len(Slow.seen) == 3 * (i + 3))
        time.sleep(0.01)
        assert len(Slow.seen) == 3 * (i + 3)
    assert len(set(Slow.seen)) == len(Slow.seen), "a file was read twice"
    assert Slow.most <= 2
    # Threads that share an iterator ask a little out of order.
    before = len(Slow.seen)
    reader.read(*batches(5), files)
    reader.read(*batches(4), files, batches(5))
    assert len(Slow.seen) == before


def test_out_of_order_little_is_read_in_vain(slow: tuple[Slow, Files]) -> None:
    """`model.fit` shuffles the batches, so that the one that follows is not the next."""
    decoder, files = slow
    for seed in range(5):
        Slow.seen = []
        reader = Reader(decoder, threads=1, read_ahead=2)
        for i in np.random.default_rng(seed).permutation(N):
            upcoming = [np.array([k]) for k in (i + 1, i + 2) if k < N]
            reader.read(np.array([i]), files, upcoming)
        assert set(Slow.seen) == set(files.images)
        assert len(Slow.seen) <= N + 4


def test_what_is_passed_over_is_given_up(slow: tuple[Slow, Files]) -> None:
    decoder, files = slow
    reader = Reader(decoder, threads=1, read_ahead=1)
    reader.read(*batches(0), files, batches(5))
    for _ in range(20):
        reader.read(*batches(1), files, batches(2))
    assert reader._pool is not None
    assert batches(5)[0].tobytes() not in reader._pool._ahead


def test_what_is_asked_for_comes_first(slow: tuple[Slow, Files]) -> None:
    decoder, files = slow
    reader = Reader(decoder, threads=1, read_ahead=2)
    Slow.gate.clear()
    threads = [
        threading.Thread(target=reader.read, args=(*batches(i), files, ahead))
        for i, ahead in [(0, batches(1, 2)), (4, [])]
    ]
    threads[0].start()
    wait_for(lambda: Slow.seen)
    threads[1].start()
    wait_for(lambda: reader._pool is not None and len(reader._pool._given) == 2)
    Slow.gate.set()
    for thread in threads:
        thread.join(10)
    wait_for(lambda: len(Slow.seen) == 12)
    order = [files.images.index(path) // 3 for path in Slow.seen]
    assert order == [0, 4, 4, 4, 0, 0, 1, 1, 1, 2, 2, 2]


def test_many_threads_may_ask(folder: Path) -> None:
    batch = flow(folder, decode_threads=2)
    wrong: list[Any] = []

    def ask(seed: int) -> None:
        for i in np.random.default_rng(seed).integers(7, size=40):
            got = numbers(batch[int(i)])
            if got != list(range(3 * i, min(3 * i + 3, N))):
                wrong.append((i, got))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not wrong


def test_memory_is_used_again_but_never_while_it_is_held(slow: tuple[Slow, Files]) -> None:
    decoder, files = slow
    Slow.gate.set()
    reader = Reader(decoder, read_ahead=1)
    places = set()
    for i in range(6):
        images = reader.read(*batches(i), files, batches(i + 1) if i < 5 else []).images
        places.add(images.__array_interface__["data"][0])
        del images
    assert len(places) <= 2
    held = [reader.read(*batches(i), files).images[1:, ::2] for i in range(6)]
    for i, part in enumerate(held):
        assert numbers(part) == [3 * i + 1, 3 * i + 2]


def decoding_threads() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name.startswith("fastaug-decode")]


def test_threads_end_with_the_iterator(folder: Path) -> None:
    gc.collect()
    wait_for(lambda: not decoding_threads())
    batch = flow(folder, decode_threads=3)
    assert not decoding_threads(), "before anything is asked for"
    next(batch)
    assert 1 <= len(decoding_threads()) <= 3
    del batch
    gc.collect()
    wait_for(lambda: not decoding_threads())


def test_an_interrupt_while_threads_start_leaves_room_for_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    iterator = flow(folder, decode_threads=2, read_ahead=0)
    expected = next(iterator)
    iterator.reset()
    pool = iterator._reader._pool
    assert pool is not None
    while pool._running:
        time.sleep(0.001)

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pool._executor, "submit", interrupt)
        with pytest.raises(KeyboardInterrupt):
            next(iterator)
    iterator.reset()
    made: list[Any] = []
    thread = threading.Thread(target=lambda: made.append(next(iterator)), daemon=True)
    thread.start()
    thread.join(20)
    np.testing.assert_array_equal(made, [expected])


def test_the_default_is_the_threads_of_the_kernels(slow: tuple[Slow, Files]) -> None:
    decoder, files = slow
    for n in (1, 3):
        Slow.most = 0
        fastaug.set_num_threads(n)
        Slow.gate.clear()
        thread = threading.Thread(target=Reader(decoder).read, args=(np.arange(12), files))
        thread.start()
        wait_for(lambda n=n: Slow.now == n)
        time.sleep(0.01)
        Slow.gate.set()
        thread.join(10)
        assert Slow.most == n


def test_a_pickled_reader_starts_anew(folder: Path) -> None:
    batch = flow(folder)
    next(batch)
    reader = pickle.loads(pickle.dumps(batch._reader))
    assert (reader.decoder, reader.threads, reader.read_ahead) == (batch._reader.decoder, None, 2)
    assert numbers(reader.read(np.array([4, 2]), batch._files()).images) == [4, 2]
    # And so does all else that an iterator over files holds.
    assert pickle.loads(pickle.dumps(batch)).filenames == batch.filenames


def _in_child(batch: DirectoryIterator, results: Any) -> None:
    results.put([numbers(next(batch)) for _ in range(3)])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*os.fork.*:RuntimeWarning")
def test_a_forked_process_starts_anew(folder: Path) -> None:
    """Also if the parent's threads are in the middle of something."""
    batch = flow(folder, decode_threads=2)
    assert numbers(next(batch)) == [0, 1, 2]
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    assert batch._reader._pool is not None
    with batch._reader._pool._lock:
        child = context.Process(target=_in_child, args=(batch, results))
        child.start()
    try:
        assert results.get(timeout=30) == [[3, 4, 5], [6, 7, 8], [9, 10, 11]]
        child.join(30)
        assert child.exitcode == 0
    finally:
        child.kill()
    assert numbers(next(batch)) == [3, 4, 5]


@pytest.mark.parametrize("read_ahead", [0, 2])
def test_an_error_comes_with_its_batch_and_the_rest_goes_on(folder: Path, read_ahead: int) -> None:
    (folder / "a" / "04.png").write_bytes(b"")
    batch = flow(folder, read_ahead=read_ahead)
    assert numbers(next(batch)) == [0, 1, 2]
    with pytest.raises(OSError, match=r"04\.png"):
        next(batch)
    assert numbers(next(batch)) == [6, 7, 8]
    with pytest.raises(OSError, match=r"04\.png"):
        batch[1]


@pytest.mark.parametrize("read_ahead", [0, 2])
def test_skip_puts_the_next_readable_sample_there(folder: Path, read_ahead: int) -> None:
    """The one half an epoch on, or the next; its label comes along."""
    batch = flow(folder, read_ahead=read_ahead, on_error="skip", class_mode="sparse")
    batch.classes = np.arange(N)
    for i in (4, 6, 19):
        (folder / "a" / f"{i:02d}.png").write_bytes(b"")
    (folder / "a" / "07.png").unlink()
    with pytest.warns(UserWarning, match="Another sample takes its place") as caught:
        made = [next(batch) for _ in range(14)]
    expected = [[0, 1, 2], [3, 14, 5], [16, 17, 8], [9, 10, 11]]
    expected += [[12, 13, 14], [15, 16, 17], [18, 9]]
    assert [numbers(images) for images, _ in made] == expected * 2
    assert [labels.tolist() for _, labels in made] == expected * 2
    # One warning for each file.
    assert sorted(str(w.message).split(".png")[0][-2:] for w in caught) == ["04", "06", "07", "19"]


def test_skip_follows_a_shuffled_order(folder: Path) -> None:
    (folder / "a" / "05.png").write_bytes(b"")
    batch = flow(folder, shuffle=True, seed=7, on_error="skip", batch_size=N)
    with pytest.warns(UserWarning, match="05.png"):
        images = next(batch)
    order = batch.index_array.tolist()
    place = order.index(5)
    assert numbers(images)[place] == (order + order)[place + N // 2]


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("half_bad", [False, True])
def test_counted_skips_depend_on_the_order_alone(
    folder: Path, shuffle: bool, half_bad: bool
) -> None:
    """Not on the size of batches, on shards, on the order of asking, or on what was tried before."""
    bad = [0, 3, 4, 7, 18] if not half_bad else list(range(3, 17))
    for i in bad:
        (folder / "a" / f"{i:02d}.png").write_bytes(b"")
    options: dict[str, Any] = dict(seed=3, sampling="counter", on_error="skip", shuffle=shuffle)

    def seen(epoch: int, *, by_next: bool = False, **more: Any) -> dict[int, int]:
        """What came in the place of which sample."""
        iterator = flow(folder, **options, **more)
        iterator.set_epoch(epoch)
        order = iterator.index_array.tolist()
        places = range(len(iterator))
        if by_next:
            made = [next(iterator) for _ in places]
        else:
            made = [iterator[i] for i in reversed(places)][::-1]
        return dict(zip(order, np.concatenate([numbers(b) for b in made]).tolist(), strict=True))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for epoch in (0, 5):
            whole = flow(folder, **options, batch_size=N)
            whole.set_epoch(epoch)
            order = whole.index_array.tolist()
            expected = {}
            for place, sample in enumerate(order):
                later = [(order + order)[place + N // 2 + k] for k in range(N // 2)]
                later += order[place : place + N // 2]
                expected[sample] = next(
                    v for v in ([sample] if sample not in bad else later) if v not in bad
                )
            for batch_size in (1, 3, 7, N):
                assert seen(epoch, batch_size=batch_size) == expected
                assert seen(epoch, batch_size=batch_size, by_next=True) == expected
            for count in (2, 3):
                parts = [seen(epoch, shard=(i, count), batch_size=4) for i in range(count)]
                assert {k: v for part in parts for k, v in part.items()} == expected


def test_skip_with_nothing_to_read(folder: Path) -> None:
    for path in (folder / "a").iterdir():
        path.write_bytes(b"")
    batch = flow(folder, on_error="skip")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(OSError, match="None of the 20 image files can be read"):
            next(batch)


def test_deep_and_other_grayscale_in_one_batch(folder: Path) -> None:
    deep = Image.fromarray(np.full((7, 9), 40_000, "uint16"))
    deep.save(folder / "a" / "01.png")
    batch = flow(folder, color_mode="grayscale", dtype="float32")
    assert next(batch)[:, 0, 0, 0].tolist() == [0, 40_000, 20]
    (folder / "a" / "03.png").write_bytes(b"")
    deep.save(folder / "a" / "13.png")  # half an epoch on
    batch = flow(folder, color_mode="grayscale", dtype="float32", on_error="skip")
    with pytest.warns(UserWarning, match="03.png"):
        assert [next(batch)[:, 0, 0, 0].tolist() for _ in range(2)][1] == [40_000, 40, 50]


def test_no_files() -> None:
    batch = Reader(Decoder((4, 5))).read(np.zeros(0, int), Files([]))
    assert batch.images.shape == (0, 4, 5, 3)
