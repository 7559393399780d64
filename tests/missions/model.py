#!/usr/bin/env python3
"""What answered when the tapes of missions/ were recorded: an Ollama stand-in that follows fixed rules.

model.py [PORT]     listens on 127.0.0.1, port 11434 unless given, until it is stopped

It is no model. Each rule looks at the prompt that a mission sends and builds the answer from what stands there: tests are
made by running the source with values that it compares with, findings from the lines of grep. So an answer fits the
question on every machine, and a mission that asks something else gets a 404 that says so.
"""

import ast
import itertools
import json
import re
import sys
import textwrap
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODEL = "phi3:mini"


def fenced(text):
    """The last fenced block of a prompt."""
    return re.findall(r"```\w*\n(.*?)```", text, re.S)[-1]


# ---- tests


def candidates(source):
    """Values worth trying: what the source compares with, and their neighbours."""
    numbers, texts = {0, 1, 2, -1}, {"", "a"}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and type(node.value) is int:
            numbers |= {node.value - 1, node.value, node.value + 1, node.value * 100, node.value * node.value}
            numbers |= {node.value * 5000}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 4:
            texts |= {node.value, "1" + node.value + "5", "-1"}
    return sorted(numbers), sorted(texts)


def lines_run(function, arguments):
    """Which lines a call runs, and the test for what it gave."""
    lines = set()

    def trace(frame, event, _):
        if frame.f_code.co_filename == "<source>":
            lines.add(frame.f_lineno)
            return trace
        return None

    sys.settrace(trace)
    try:
        outcome = ("gives", function(*arguments))
    except Exception as error:  # whatever the source refuses with
        outcome = ("raises", type(error).__name__)
    finally:
        sys.settrace(None)
    return lines, outcome


def write_tests(source, package, module):
    space = {}
    exec(compile(source, "<source>", "exec"), space)
    numbers, texts = candidates(source)
    body, seen = [], set()
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        wants_text = ".strip()" in ast.unparse(node)
        number = 0
        for arguments in itertools.product(*[texts if wants_text else numbers] * len(node.args.args)):
            lines, (verb, value) = lines_run(space[node.name], arguments)
            if lines <= seen or value in ("TypeError", "ZeroDivisionError", "AttributeError"):
                continue
            seen |= lines
            number += 1
            call = f"{module}.{node.name}({', '.join(map(repr, arguments))})"
            body.append(f"    def test_{node.name}_{number}(self):")
            if verb == "raises":
                body += [f"        with self.assertRaises({value}):", f"            {call}", ""]
            else:
                body += [f"        self.assertEqual({call}, {value!r})", ""]
    name = module.title().replace("_", "") + "Generated"
    return "\n".join(
        ["import unittest", "", f"from {package} import {module}", "", "", f"class {name}Test(unittest.TestCase):"]
        + body
        + ["", 'if __name__ == "__main__":', "    unittest.main()"]
    )


def tests(prompt):
    package, module = re.search(r"from (\w+) import (\w+)", prompt).groups()
    return "```python\n" + write_tests(fenced(prompt), package, module) + "\n```\n"


def analysis(prompt):
    source = fenced(prompt)
    missing = json.loads(re.search(r"never run: (\[.*?\])", prompt).group(1))
    lines = source.splitlines()
    cases = [lines[number - 1].strip() for number in missing if lines[number - 1].strip().startswith(("if", "raise"))]
    return json.dumps({"cases": [f"reach `{case}`" for case in cases] or ["call every function"]})


# ---- audits


CURES = [
    ("password", "high", "keep it in the environment, not in a file"),
    ("SELECT", "high", "pass the value as a parameter of the statement"),
    ("os.system", "high", "copy with shutil, without a shell"),
    ("random.", "medium", "use the module secrets"),
    ("strcpy", "high", "use the argument where it is"),
    ("address", "medium", "listen on 127.0.0.1"),
    ("debug", "medium", "switch it off"),
    ("port", "low", "nothing to do"),
]


def audit(prompt):
    findings = []
    for line in prompt.splitlines():
        hit = re.match(r"([\w./]+:\d+|\d+):(.*)", line)
        for word, severity, cure in CURES:
            if hit and word in hit.group(2):
                findings.append({"where": hit.group(1), "severity": severity, "cure": cure})
                break
    high = sum(finding["severity"] == "high" for finding in findings)
    return json.dumps({"risk": min(10, 2 * high), "findings": findings})


def refusals(prompt):
    causes = {}
    for reason in re.findall(r"^line \d+: (.*)$", prompt, re.M):
        kind = re.sub(r"'[^']*'|-?\d[\d.]*|\bD-\d+\b", "...", reason)
        causes[kind] = causes.get(kind, 0) + 1
    rows = [{"cause": cause, "lines": count, "change": "send it without"} for cause, count in sorted(causes.items())]
    return json.dumps({"refused": sum(causes.values()), "causes": rows})


def review(prompt):
    bad = [line for line in prompt.splitlines() if line.startswith("+") and re.search(r"os\.system|eval\(", line)]
    return f"REJECT: {bad[0][1:].strip()} runs text." if bad else "ACCEPT: each added line does less than the one it replaces."


# ---- building a module


def spec(_):
    return json.dumps(
        {
            "functions": [
                {"signature": "std::string to_roman(int number)", "does": "1 to 3999 as a Roman number, else empty"},
                {"signature": "int from_roman(const std::string& text)", "does": "its value, 0 if it is none"},
            ]
        }
    )


ROMAN = r"""
#include "roman.hpp"

#include <utility>

namespace {
constexpr std::pair<int, const char*> k_parts[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
                                                   {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
                                                   {5, "V"},    {4, "IV"},   {1, "I"}};
}

std::string to_roman(int number) {
  if (number < 1 || number > 3999) return {};
  std::string text;
  for (const auto& [value, letters] : k_parts)
    for (; number >= value; number -= value) text += letters;
  return text;
}

int from_roman(const std::string& text) {
  for (int number = 1; number < 4000; ++number)
    if (to_roman(number) == text) return number;
  return 0;
}
"""

ROMAN_TEST = r"""
#include "roman.hpp"

#include <cstdio>

int main() {
  int failures = 0;
  for (int number = 1; number < 4000; number += 40)
    if (from_roman(to_roman(number)) != number) ++failures;
  if (to_roman(1994) != "MCMXCIV" || !to_roman(0).empty() || from_roman("IIII") != 0) ++failures;
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
"""


def code(source):
    return "```cpp\n" + source.strip() + "\n```\n"


def header(prompt):
    signatures = re.findall(r'"signature": ?"([^"]+)"', prompt)
    return code("#pragma once\n\n#include <string>\n\n" + "\n".join(one + ";" for one in signatures))


def module(prompt):
    # The first time it forgets that text is a std::string; told so by the compiler, it mends that.
    repaired = "does not compile" in prompt
    return code(ROMAN if repaired else ROMAN.replace("  std::string text;", "  string text;"))


# ---- a summary


def summary(prompt):
    files = re.findall(r"^\S+\.(\w+)$", prompt, re.M)
    kinds = ", ".join(f"{files.count(kind)} .{kind}" for kind in sorted(set(files)))
    return f"It holds {len(files)} files ({kinds}). Most of it is code. The rest is there to be read or imported by it."


def rating(prompt):
    words = len(prompt.split("\n\n")[-1].split())
    return json.dumps({"score": min(10, words), "why": f"It has {words} words."})


RULES = [
    ("Rate this text", rating),
    ("Write unit tests", tests),
    ("never run:", analysis),
    ("Rate each hit", audit),
    ("Group the refused lines", refusals),
    ("Answer ACCEPT or REJECT", review),
    ("Design a small C++ module", spec),
    ("Write the header", header),
    ("Write roman.cpp", module),
    ("Write a program that tests", lambda prompt: code(ROMAN_TEST)),
    ("Say in three sentences", summary),
]


def answer(messages):
    asked = "\n".join(message["content"] for message in messages)
    for words, rule in RULES:
        if words in messages[-1]["content"]:
            return rule(messages[-1]["content"])
    for words, rule in RULES:
        if words in asked:
            return rule(asked)
    return None


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def give(self, status, body, kind="application/json"):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path == "/api/tags":
            self.give(200, json.dumps({"models": [{"name": MODEL, "model": MODEL}]}))
        elif self.path == "/api/version":
            self.give(200, json.dumps({"version": "0.0.0-stand-in"}))
        else:
            self.give(404, json.dumps({"error": "not found"}))

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/api/show":
            info = {"general.architecture": "phi3", "phi3.context_length": 131072}
            self.give(200, json.dumps({"model_info": info}))
            return
        text = answer(asked["messages"]) if self.path == "/api/chat" else None
        if text is None:
            self.give(404, json.dumps({"error": "the stand-in has no rule for this: " + textwrap.shorten(str(asked), 200)}))
            return
        prompt = sum(len(message["content"]) for message in asked["messages"])
        last = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
        last.update({"prompt_eval_count": prompt // 4 + 10, "eval_count": len(text) // 4 + 1})
        pieces = [{"message": {"role": "assistant", "content": text}, "done": False}, last]
        lines = [json.dumps({"model": MODEL, **piece}) + "\n" for piece in pieces]
        self.give(200, "".join(lines), "application/x-ndjson")


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 11434), Server).serve_forever()
