"""The tests of Keras and Keras-Preprocessing themselves, with `fastaug.keras` in Keras' place.

They are not part of this project: two suites come from the package index at the time of the test,
one with the installed Keras, and more from the folder that `FASTAUG_UPSTREAM_TESTS` names. What the
real thing passes here and now, ours has to pass.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.slow

ARCHIVES = {
    "keras-preprocessing==1.1.2": "tests/image",
    "keras==2.1.6": "tests/keras/preprocessing/image_test.py",  # the last with tests of its own
}
# The files whose subject is the generator: `compat` is an argument of it, not of the functions.
ABOUT_GENERATORS = (
    "dataframe_iterator_test",
    "directory_iterator_test",
    "image_data_generator_test",
    "numpy_array_iterator_test",
)


@pytest.fixture(scope="module")
def suite_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The tests in a source archive, each archive downloaded once."""
    folder = tmp_path_factory.mktemp("archives")
    found: dict[str, Path] = {}

    def get(requirement: str) -> Path:
        if requirement not in found:
            here = folder / requirement
            options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
            done = subprocess.run(
                [sys.executable, "-m", "pip", "download", *options, "-d", str(here), requirement],
                capture_output=True,
                text=True,
                timeout=300,
            )
            if done.returncode != 0:
                pytest.skip(f"no {requirement} to be had: {done.stderr.strip()[-200:]}")
            (archive,) = here.glob("*.tar.gz")
            with tarfile.open(archive) as content:
                content.extractall(here, filter="data")
            (root,) = (path for path in here.iterdir() if path.is_dir())
            found[requirement] = root / ARCHIVES[requirement]
        return found[requirement]

    return get


def outcomes(stand_in: str, suite: Path, folder: Path) -> dict[str, str]:
    """For each test of a suite, why it failed, or nothing; those that were skipped are left out."""
    report = folder / f"{stand_in}.xml"
    support = Path(__file__).parents[1] / "support"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    environment |= {
        "FASTAUG_STAND_IN": stand_in,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(support), os.environ.get("PYTHONPATH")])),
    }
    options = [
        "-p",
        "stand_in",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore",
        "--import-mode=importlib",
        "--tb=short",
        "-q",
    ]
    options += ["-c", os.devnull, "-o", "python_files=*_test.py test_*.py", f"--junit-xml={report}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--rootdir={suite.parent}", str(suite)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert report.exists(), done.stdout + done.stderr
    found = {}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        if case.find("skipped") is None:
            wrong = [
                e.text or e.get("message") or "?" for e in case if e.tag in ("failure", "error")
            ]
            found[f"{case.get('classname')}.{case.get('name')}"] = "\n".join(wrong)
    return found


def what_fails_here_alone(referee: str, stand_in: str, suite: Path, folder: Path) -> str:
    expected, got = (outcomes(each, suite, folder) for each in (referee, stand_in))
    passed = [name for name, wrong in expected.items() if not wrong]
    assert passed, f"{referee} passes nothing of {suite}:\n" + "\n".join(expected.values())
    return "\n".join(
        f"{name}:\n{got.get(name, 'was not run')}" for name in passed if got.get(name, "?")
    )


@pytest.mark.parametrize("requirement", ARCHIVES)
def test_suites_from_the_package_index(
    requirement: str, suite_of: Callable[[str], Path], tmp_path: Path
) -> None:
    wrong = what_fails_here_alone("keras", "fastaug", suite_of(requirement), tmp_path)
    assert not wrong, wrong


@pytest.mark.parametrize("name", ABOUT_GENERATORS)
def test_keras_preprocessing_as_it_was(
    name: str, suite_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """`compat="keras2"` against Keras-Preprocessing 1.1.2 itself."""
    pytest.importorskip("keras_preprocessing")
    suite = suite_of("keras-preprocessing==1.1.2") / f"{name}.py"
    wrong = what_fails_here_alone("itself", "keras2", suite, tmp_path)
    assert not wrong, wrong


def test_the_installed_keras_own_tests_of_image_files(tmp_path: Path) -> None:
    spec = importlib.util.find_spec("keras.src.utils.image_utils_test")
    if spec is None or spec.origin is None:
        pytest.skip("this Keras was installed without its tests")
    wrong = what_fails_here_alone("keras", "fastaug", Path(spec.origin), tmp_path)
    assert not wrong, wrong


def test_suites_in_a_folder(tmp_path: Path) -> None:
    folder = os.environ.get("FASTAUG_UPSTREAM_TESTS")
    if not folder:
        pytest.skip("FASTAUG_UPSTREAM_TESTS does not name a folder")
    wrong = what_fails_here_alone("keras", "fastaug", Path(folder).resolve(), tmp_path)
    assert not wrong, wrong
