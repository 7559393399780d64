#!/usr/bin/env python3
"""The registry of a coverage campaign: a JSON file that says of each source file what became of it.

registry.py pending REGISTRY FILES.json        which of that JSON list aren't finished: [{file, module}]
registry.py finish REGISTRY FILE BEFORE AFTER  notes that FILE went from BEFORE to AFTER percent
registry.py show REGISTRY                      a table

The registry is replaced whole, under a lock: two steps may finish files at the same time, and a campaign that is killed
finds it as it was after the last file.
"""

import contextlib
import fcntl
import json
import os
import sys


def read(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as stream:
        return json.load(stream)


@contextlib.contextmanager
def lock(path):
    """Ours alone until the end; the system gives it back when this process dies."""
    with open(path + ".lock", "w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def finish(path, file, before, after):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with lock(path):
        registry = read(path)
        registry[file] = {"before": before, "after": after}
        new = path + ".new"
        with open(new, "w", encoding="utf-8") as stream:
            json.dump(registry, stream, indent=1, sort_keys=True)
        os.replace(new, path)


def main():
    verb, *rest = sys.argv[1:] or [""]
    if verb == "pending" and len(rest) == 2:
        finished = read(rest[0])
        with open(rest[1], encoding="utf-8") as stream:
            pending = [file for file in json.load(stream) if file not in finished]
        print(json.dumps([{"file": file, "module": file.split("/")[-1][: -len(".py")]} for file in pending]))
    elif verb == "finish" and len(rest) == 4:
        finish(rest[0], rest[1], int(rest[2]), int(rest[3]))
        print(f"{rest[1]}: {rest[2]}% -> {rest[3]}%")
    elif verb == "show" and len(rest) == 1:
        registry = read(rest[0])
        for file, row in sorted(registry.items()):
            print(f"| {file} | {row['before']} % | {row['after']} % |")
        print(f"\n{len(registry)} files")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
