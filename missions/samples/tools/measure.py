#!/usr/bin/env python3
"""Measures which statements of a Python project its tests run; nothing beyond the standard library.

measure.py PROJECT [--only FILE] [--below PERCENT] [--text]

PROJECT has its tests in tests/test_*.py. --only measures one file, with tests/test_NAME*.py alone. JSON on standard
output: {"percent", "files": [{"file", "statements", "covered", "percent", "missing": [lines]}]}. With --below it is the
list of the files that reach less; with --text a table. Exit code 1 when a test fails.

A statement is what Python's own parser calls one, so the figures don't depend on the version of Python.
"""

import argparse
import ast
import glob
import io
import json
import os
import sys
import unittest

sys.dont_write_bytecode = True


def statements(source):
    """(first line, last line of what belongs to the statement itself) of each statement that does something."""
    found = []
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        if not isinstance(node, ast.stmt) or isinstance(node, (ast.Try, ast.Global, ast.Nonlocal)):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        last = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno
        found.append((node.lineno, max(node.lineno, last)))
    return sorted(found)


def run_tests(project, pattern, files):
    """The lines of `files` that ran, by file, and whether all tests passed."""
    lines = {os.path.realpath(os.path.join(project, file)): set() for file in files}

    def in_function(frame, event, _):
        if event == "line":
            lines[frame.f_code.co_filename].add(frame.f_lineno)
        return in_function

    def trace(frame, event, _):
        if event != "call" or frame.f_code.co_filename not in lines:
            return None
        lines[frame.f_code.co_filename].add(frame.f_lineno)
        return in_function

    sys.path.insert(0, os.path.realpath(project))
    sys.settrace(trace)
    try:
        suite = unittest.defaultTestLoader.discover(os.path.join(project, "tests"), pattern=pattern)
        printed = io.StringIO()
        result = unittest.TextTestRunner(printed, verbosity=0).run(suite)
    finally:
        sys.settrace(None)
    if not result.wasSuccessful():
        sys.stderr.write(printed.getvalue())
    return lines, result.wasSuccessful()


def measure(project, only):
    pattern = "test_*.py"
    if only:
        files = [only]
        pattern = "test_" + os.path.splitext(os.path.basename(only))[0] + "*.py"
    else:
        found = glob.glob(os.path.join(project, "**", "*.py"), recursive=True)
        files = sorted(os.path.relpath(path, project).replace(os.sep, "/") for path in found)
        files = [file for file in files if not file.startswith("tests/")]
    lines, passed = run_tests(project, pattern, files)
    rows = []
    for file in files:
        path = os.path.realpath(os.path.join(project, file))
        with open(path, encoding="utf-8") as stream:
            wanted = statements(stream.read())
        ran = lines[path]
        missing = [first for first, last in wanted if not any(line in ran for line in range(first, last + 1))]
        covered = len(wanted) - len(missing)
        percent = 100 if not wanted else 100 * covered // len(wanted)
        rows.append(
            {"file": file, "statements": len(wanted), "covered": covered, "percent": percent, "missing": missing}
        )
    return rows, passed


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("project")
    parser.add_argument("--only")
    parser.add_argument("--below", type=int)
    parser.add_argument("--text", action="store_true")
    asked = parser.parse_args()
    rows, passed = measure(asked.project, asked.only)
    total = sum(row["statements"] for row in rows)
    percent = 100 if total == 0 else 100 * sum(row["covered"] for row in rows) // total
    if asked.below is not None:
        print(json.dumps([row["file"] for row in rows if row["percent"] < asked.below]))
    elif asked.text:
        for row in rows:
            print(f"{row['percent']:3}%  {row['file']}  lines not run: {row['missing'] or 'none'}")
        print(f"{percent:3}%  in all")
    else:
        print(json.dumps({"percent": percent, "files": rows}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
