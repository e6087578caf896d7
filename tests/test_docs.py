"""What the documents say is true: every Python snippet and every docstring example runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from extension import BUILT

import fastaug

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
OPTIONAL = {
    "PIL",
    "albumentations",
    "cupy",
    "keras",
    "numba",
    "rich",
    "sklearn",
    "tensorflow",
    "torch",
    "torchvision",
    "typer",
    "yaml",
}  # what a module may need that is not here


def snippets(page: Path) -> list[tuple[int, str]]:
    """The page's fenced Python blocks, each with the line it starts on."""
    text = page.read_text(encoding="utf-8")
    blocks = re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, b.start(1)) + 1, b[1]) for b in blocks]


def scripts() -> list[object]:
    """The blocks without prompts; each stands alone."""
    return [
        pytest.param(code, id=f"{page.name}:{line}")
        for page in PAGES
        for line, code in snippets(page)
        if ">>>" not in code
    ]


def modules() -> list[str]:
    found = pkgutil.walk_packages(fastaug.__path__, "fastaug.", onerror=lambda name: None)
    names = {"fastaug", *(module.name for module in found)}
    return sorted(name for name in names if name.rpartition(".")[2] not in {"_native", "__main__"})


def run(test: doctest.DocTest) -> None:
    runner = doctest.DocTestRunner(verbose=False)
    report: list[str] = []
    results = runner.run(test, out=report.append)
    assert results.failed == 0, "".join(report)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_pages_have_snippets():
    assert {page.name for page in PAGES if snippets(page)} >= {"README.md", "design.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_prompts(page: Path):
    """The blocks with prompts go on from one another: a later one may use an earlier one's names."""
    lines = [""] * len(page.read_text(encoding="utf-8").splitlines())
    for first, code in snippets(page):
        if ">>>" in code:
            lines[first - 1 : first - 1 + code.count("\n")] = code.splitlines()
    text = "\n".join(lines) + "\n"
    if "fastaug.keras" in text:
        pytest.importorskip("keras")
    run(doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0))


@pytest.mark.parametrize("code", scripts())
def test_scripts(code: str):
    needed = re.findall(r"^(?:import|from) (\w+)", code, re.MULTILINE)
    if "fastaug.keras" in code:
        needed.append("keras")
    for name in sorted(OPTIONAL.intersection(needed)):
        pytest.importorskip(name)
    exec(compile(code, "snippet", "exec"), {"__name__": "snippet"})


def test_pipelines_in_yaml():
    yaml = pytest.importorskip("yaml")
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    files = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert files
    for file in files:
        assert fastaug.Compose.from_dict(yaml.safe_load(file)).transforms


@pytest.mark.parametrize("name", modules())
def test_docstrings(name: str):
    if not BUILT and name in ("fastaug.backends", "fastaug.backends.native"):
        pytest.skip("the extension was not built")
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        needed = getattr(error.__cause__ or error, "name", None) or ""
        if needed.partition(".")[0] not in OPTIONAL:
            raise
        pytest.skip(f"needs {needed}")
    for test in doctest.DocTestFinder(exclude_empty=True).find(module):
        run(test)


def test_options_of_the_command_line():
    """docs/cli.md names no option that a command does not have."""
    pytest.importorskip("typer")
    from typer.testing import CliRunner

    from fastaug.cli import app

    sections = re.split(r"^## fastaug (\w+)$", (ROOT / "docs" / "cli.md").read_text(), flags=re.M)
    pairs = list(zip(sections[1::2], sections[2::2], strict=True))
    assert {name for name, _ in pairs} == {"demo", "generate", "preview", "bench", "info"}
    for name, text in pairs:
        said = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"}).output
        known = set(re.findall(r"--[a-z][a-z-]+", said))
        assert set(re.findall(r"--[a-z][a-z-]+", text)) <= known, name
