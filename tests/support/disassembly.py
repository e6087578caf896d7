"""What instructions the functions of a binary are made of, as objdump tells it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

LEVELS = ("v2", "v3", "v4")

_FUNCTION = re.compile(r"^[0-9a-f]+ <([^>]+)>:$")
_INSTRUCTION = re.compile(r"^ +[0-9a-f]+:\t(?:(?:lock|rep[nz]*|bnd|notrack|data16) )*(\S+) *(.*)$")
_NAMED = re.compile(r"<([^>+]+)(?:\+0x[0-9a-f]+)?>")
_LEVEL = re.compile(r"7fastaug2(v[234])")
# Mnemonics of the VEX prefix that do not begin with a v, and others that older CPUs do not have.
_NEWER = re.compile(
    r"andn|bextr|blsi|blsmsk|blsr|bzhi|mulx|pdep|pext|rorx|sarx|shlx|shrx|lzcnt|movbe"
    r"|k(?:mov|or|and|andn|xor|xnor|not|ortest|test|shift[lr]|add|unpck)[bwdq]+"
)
_EVEX = re.compile(r"%zmm|%[xy]mm(?:1[6-9]|2\d|3[01])|%k[0-7]")
# Copies and zeros prove nothing: a compiler makes them of structs.
_MOVES = re.compile(r"v?(?:mov|p?xor|lddqu|zero|insert|extract|broadcast|pbroadcast)")
_PACKED = re.compile(r"p(?!ush|op|refetch|ause)\w+|\w+p[sd]")


@dataclass
class Function:
    """The instructions of one function, as (mnemonic, operands), and the names it mentions."""

    name: str
    instructions: list[tuple[str, str]] = field(default_factory=list)
    mentions: set[str] = field(default_factory=set)

    @property
    def level(self) -> str | None:
        found = _LEVEL.search(self.name)
        return found and found[1]

    def above(self, level: str | None) -> list[str]:
        """Instructions that a CPU of that level need not have; None is that of all code: v2."""
        tests = {"v3": _needs_v4, "v4": lambda *_: False}
        needs = tests.get(level or "v2", _needs_v3)
        return [
            f"{what} {operands}" for what, operands in self.instructions if needs(what, operands)
        ]

    def computes_at(self, level: str) -> bool:
        """Whether it does something in registers as wide as the level has."""
        return any(
            not _MOVES.match(what)
            and (
                _EVEX.search(operands) is not None
                if level == "v4"
                else "%ymm" in operands
                if level == "v3"
                else "%xmm" in operands and _PACKED.fullmatch(what) is not None
            )
            for what, operands in self.instructions
        )


def _needs_v4(what: str, operands: str) -> bool:
    return _EVEX.search(operands) is not None or bool(re.fullmatch(r"k\w+[bwdq]", what))


def _needs_v3(what: str, operands: str) -> bool:
    if what.startswith("v") or re.search("%[yz]mm", operands):
        return True
    return _NEWER.fullmatch(what.rstrip("lq")) is not None or _NEWER.fullmatch(what) is not None


def parse(lines: Iterable[str]) -> Iterator[Function]:
    """The functions of what ``objdump -d --no-show-raw-insn`` prints."""
    function = None
    for line in lines:
        if head := _FUNCTION.match(line):
            if function is not None:
                yield function
            function = Function(head[1])
        elif function is not None and (found := _INSTRUCTION.match(line)):
            what, operands = found[1], found[2]
            function.instructions.append((what, operands))
            function.mentions.update(_NAMED.findall(operands))
    if function is not None:
        yield function


def disassemble(binary: Path) -> list[Function]:
    command = ["objdump", "-d", "--no-show-raw-insn", str(binary)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return list(parse(done.stdout.splitlines()))


def strays(functions: Iterable[Function]) -> list[str]:
    """Functions with instructions above their level: one line for each that says so."""
    return [
        f"{function.name}: {wrong[0].strip()} ({len(wrong)} in all)"
        for function in functions
        if (wrong := function.above(function.level))
    ]


def idle(functions: Iterable[Function], kernels: Iterable[str]) -> list[str]:
    """Kernels that do nothing in the registers of their level, nor do functions that they reach."""
    by_name = {function.name: function for function in functions}
    found = []
    for kernel in kernels:
        for level in LEVELS:
            start = f"_ZN7fastaug2{level}{len(kernel)}{kernel}E"
            todo = [name for name in by_name if name.startswith(start)]
            reached = set(todo)
            while todo:
                name = todo.pop()
                more = {m for m in by_name[name].mentions if m in by_name} - reached
                reached |= more
                todo += more
            if not any(by_name[name].computes_at(level) for name in reached):
                found.append(f"{kernel} at {level}")
    return found
