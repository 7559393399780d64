"""A small shop's stock, kept in SQLite."""

VERSION = "1.4.0"
