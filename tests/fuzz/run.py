"""Fuzz one part of gdsim for as long as you like: ``python tests/fuzz/run.py TARGET [-max_total_time=600 …]``.

Needs atheris (``pip install atheris``); options are libFuzzer's. What is found is written to ``crash-…`` here.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["gdsim"]):
    from targets import TARGETS


def _escaped(word: str) -> str:
    return "".join("\\x" + f"{byte:02x}" for byte in word.encode())


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in TARGETS:
        sys.exit(f"one of {', '.join(TARGETS)}")
    target = TARGETS[name]
    corpus = Path(tempfile.mkdtemp(prefix=f"gdsim-{name}-"))
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = corpus.with_suffix(".words")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
    options = [f"-dict={words}"] if target.words else []
    atheris.Setup([sys.argv[0], str(corpus), *options, "-timeout=20", *sys.argv[2:]], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
