"""Reads products from CSV: sku, name, price (12.50), amount."""

import csv

from inventory import pricing, store


def check(row):
    """The values of a row, or a ValueError that says what is wrong with it."""
    sku, name = (row.get("sku") or "").strip(), (row.get("name") or "").strip()
    if not sku:
        raise ValueError("no sku")
    if not name:
        raise ValueError("no name")
    price = pricing.to_cents(row.get("price") or "")
    try:
        amount = int(row.get("amount") or "")
    except ValueError:
        raise ValueError(f"amount '{row.get('amount')}' is no whole number") from None
    if amount < 0:
        raise ValueError(f"amount {amount} is below zero")
    return sku, name, price, amount


def import_file(csv_path, database):
    """How many rows were accepted, and (line, reason) of each that wasn't."""
    target = store.Store(database)
    accepted, rejected, seen = 0, [], set()
    with open(csv_path, newline="", encoding="utf-8") as stream:
        for line, row in enumerate(csv.DictReader(stream), start=2):
            try:
                values = check(row)
                if values[0] in seen:
                    raise ValueError(f"sku {values[0]} was there before")
                target.add(*values)
            except ValueError as error:
                rejected.append((line, str(error)))
            else:
                seen.add(values[0])
                accepted += 1
    return accepted, rejected
