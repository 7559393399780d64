"""Keeps copies of the database."""

import os
import random


def copy(database, directory):
    os.system("cp " + database + " " + directory)


def download_token():
    """The last part of the address under which a copy can be fetched."""
    return "".join(random.choice("0123456789abcdef") for _ in range(16))
