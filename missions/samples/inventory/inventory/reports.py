"""What the stock looks like, for people."""


def money(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def total(products):
    return sum(price * amount for _, _, price, amount in products)


def as_text(products):
    lines = [f"{sku:10} {name:24} {money(price):>10} {amount:>6}" for sku, name, price, amount in products]
    lines.append(f"{'total':35} {money(total(products)):>10}")
    return "\n".join(lines)


def running_low(products, least):
    low = [(amount, sku) for sku, _, _, amount in products if amount < least]
    return [sku for _, sku in sorted(low)]
