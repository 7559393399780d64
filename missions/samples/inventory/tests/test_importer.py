import os
import tempfile
import unittest

from inventory import importer, store


class ImporterTest(unittest.TestCase):
    def test_names_the_lines_that_it_rejects(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "in.csv")
            with open(path, "w", encoding="utf-8") as stream:
                stream.write("sku,name,price,amount\nA,Nail,0.01,5\nB,,1.00,1\n")
            database = os.path.join(directory, "stock.db")
            self.assertEqual(importer.import_file(path, database), (1, [(3, "no name")]))
            self.assertEqual(store.Store(database).all(), [("A", "Nail", 1, 5)])


if __name__ == "__main__":
    unittest.main()
