"""The products in a SQLite file."""

import sqlite3


class Store:
    def __init__(self, path):
        self.connection = sqlite3.connect(path)
        self.connection.execute(
            "CREATE TABLE IF NOT EXISTS products (sku TEXT PRIMARY KEY, name TEXT, price_cents INTEGER, amount INTEGER)"
        )

    def add(self, sku, name, price_cents, amount):
        with self.connection:
            self.connection.execute("INSERT INTO products VALUES (?, ?, ?, ?)", (sku, name, price_cents, amount))

    def all(self):
        return self.connection.execute("SELECT sku, name, price_cents, amount FROM products ORDER BY sku").fetchall()

    def find(self, name):
        query = "SELECT sku FROM products WHERE name = '" + name + "'"
        return [row[0] for row in self.connection.execute(query)]

    def is_sound(self):
        return self.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
