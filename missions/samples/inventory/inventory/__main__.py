"""python3 -m inventory import FILE.csv STOCK.db | report STOCK.db | health STOCK.db"""

import sys

from inventory import importer, reports, store


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "import":
        accepted, rejected = importer.import_file(arguments[1], arguments[2])
        print(f"{accepted} accepted, {len(rejected)} rejected")
        for line, reason in rejected:
            print(f"line {line}: {reason}")
        return 0 if not rejected else 3
    if len(arguments) == 2 and arguments[0] == "report":
        print(reports.as_text(store.Store(arguments[1]).all()))
        return 0
    if len(arguments) == 2 and arguments[0] == "health":
        print("ok" if store.Store(arguments[1]).is_sound() else "broken")
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
