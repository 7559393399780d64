#!/usr/bin/env python3
"""Generates a project with many small modules, of which most are hardly tested: what the coverage campaign works on.

make_shop.py DIRECTORY [COUNT]

COUNT (60) modules of shop/ have a test for one of their two functions; beside them four are tested well, so that a
threshold has something to tell apart. The same arguments give the same files.
"""

import os
import sys

KINDS = [
    (
        "shipping",
        '''def fee(weight):
    """Cents for a parcel of so many kilograms."""
    if weight <= 0:
        raise ValueError("a parcel weighs something")
    if weight < {a}:
        return {b}
    if weight < {c}:
        return {b} * 2
    return {b} * 2 + (weight - {c}) * 10


def zone(code):
    if code < {c}:
        return "near"
    return "far"
''',
        "zone(1)",
        "'near'",
    ),
    (
        "loyalty",
        '''def points(cents):
    """What a purchase is worth."""
    if cents < {b}:
        return 0
    points = cents // {b}
    if cents > {b} * {c}:
        points = points + {a}
    return points


def level(points):
    if points >= {c}:
        return "gold"
    if points >= {a}:
        return "silver"
    return "none"
''',
        "level(0)",
        "'none'",
    ),
    (
        "shelf",
        '''def order(amount, least):
    """How many to order, so that {c} are there."""
    if least > {c}:
        raise ValueError("the shelf holds {c}")
    if amount >= least:
        return 0
    return {c} - amount


def row(number):
    if number % 2 == 0:
        return number // 2 + {a}
    return number + {a}
''',
        "row(2)",
        "1 + {a}",
    ),
    (
        "score",
        '''def grade(points):
    """A letter for what a supplier reached."""
    if points < 0:
        return "?"
    if points >= {c} * 2:
        return "A"
    if points >= {c}:
        return "B"
    return "C"


def late(days):
    if days <= {a}:
        return 0
    return (days - {a}) * {b}
''',
        "late(0)",
        "0",
    ),
]

TEST = """import unittest

from shop import {module}


class {name}Test(unittest.TestCase):
    def test_the_usual_case(self):
        self.assertEqual({module}.{call}, {value})
"""

WELL_TESTED = "def double(number):\n    return number * 2\n"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def add(directory, module, source, call, value):
    write(f"{directory}/shop/{module}.py", source)
    name = module.title().replace("_", "")
    write(f"{directory}/tests/test_{module}.py", TEST.format(module=module, name=name, call=call, value=value))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    directory = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    write(f"{directory}/shop/__init__.py", "")
    for number in range(count):
        kind, source, call, value = KINDS[number % len(KINDS)]
        holes = {"a": 2 + number // 4, "b": 100 + number, "c": 20 + number}
        source = source.format(**holes)
        add(directory, f"{kind}_{number:02}", source, call, value.format(**holes))
    for number in range(4):
        add(directory, f"double_{number}", WELL_TESTED, "double(2)", "4")
    print(f"{count} modules that need tests, 4 that don't, in {directory}")


if __name__ == "__main__":
    main()
