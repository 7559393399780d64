"""Prices, in cents."""


def to_cents(text):
    text = text.strip()
    if text.count(",") == 1 and "." not in text:
        raise ValueError(f"price '{text}' has a decimal comma")
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"price '{text}' is no number") from None
    if value < 0:
        raise ValueError(f"price {text} is below zero")
    return round(value * 100)


def discount(cents, amount):
    """What one piece costs when so many are bought."""
    if amount >= 100:
        return cents * 80 // 100
    if amount >= 10:
        return cents * 90 // 100
    return cents


def with_tax(cents, percent):
    if percent < 0:
        raise ValueError("a tax below zero")
    return round(cents * (100 + percent) / 100)
