#!/bin/sh
# compile.sh FILE: says where the first error of a C++ file is. Compilers put it in different words; a line and its text
# are the same everywhere, so that a recorded exchange can be replayed with another compiler.
errors=$(c++ -std=c++17 -x c++ -fsyntax-only -I self_development "$1" 2>&1) && exit 0
line=$(printf '%s\n' "$errors" | sed -n 's/^[^:]*:\([0-9]*\):.*error:.*/\1/p' | head -n 1)
echo "line $line does not compile: $(sed -n "${line:-1}p" "$1")"
exit 1
