#!/usr/bin/env python3
"""Puts the fixtures of the readers together as seeds: one file a case, in the form of FILE_MARK.

    fuzz/fixtures.py FORMAT FOLDER    the cases of one format into a folder
    fuzz/fixtures.py                  the names of all formats, one a line

A text `NAME.sql` stands for the database that its statements make, as in the tests.
"""
import pathlib
import sqlite3
import sys
import tempfile

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "crates" / "readers" / "fixtures"


def database(statements: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "made.db"
        connection = sqlite3.connect(path)
        connection.executescript(statements)
        connection.close()
        return path.read_bytes()


def seed(case: pathlib.Path) -> bytes:
    whole = b""
    for path in sorted((case / "input").rglob("*")):
        if path.is_dir():
            continue
        name, content = str(path.relative_to(case / "input")), path.read_bytes()
        if name.endswith(".sql"):
            name, content = name[: -len(".sql")], database(content.decode())
        whole += b"\n== " + name.encode() + b"\n" + content
    return whole


def main() -> None:
    formats = sorted(path for path in FIXTURES.iterdir() if path.is_dir() and path.name != "make")
    if len(sys.argv) == 1:
        print("\n".join(path.name for path in formats))
        return
    target = pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    for case in sorted((FIXTURES / sys.argv[1]).iterdir()):
        if (case / "input").is_dir():
            (target / f"fixture-{case.name}").write_bytes(seed(case))


if __name__ == "__main__":
    main()
