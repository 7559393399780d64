import unittest

from inventory import pricing


class PricingTest(unittest.TestCase):
    def test_reads_prices(self):
        self.assertEqual(pricing.to_cents(" 12.50 "), 1250)

    def test_refuses_a_decimal_comma(self):
        with self.assertRaises(ValueError):
            pricing.to_cents("12,50")

    def test_gives_a_discount(self):
        self.assertEqual(pricing.discount(1000, 10), 900)


if __name__ == "__main__":
    unittest.main()
