"""The four queries of the coffee shop, written from its documents alone: coffee_oracle.py INPUT OUTPUT [TOP]."""

import csv
import datetime
import decimal
import os
import sys
from collections import defaultdict

CENT = decimal.Decimal("0.01")


def read(directory, name):
    with open(os.path.join(directory, name + ".csv"), encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write(directory, name, header, rows):
    with open(os.path.join(directory, name + ".csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def moment(row):
    return datetime.datetime.strptime(row["created_at"], "%Y-%m-%d %H:%M:%S")


def in_years(row):
    return moment(row).year in (2024, 2025)


def in_hours(row):
    return datetime.time(6, 0, 0) <= moment(row).time() <= datetime.time(23, 0, 0)


def main(source, target, top):
    os.makedirs(target, exist_ok=True)
    stores = {int(row["store_id"]): row["store_name"] for row in read(source, "stores")}
    menu = {int(row["item_id"]): row["item_name"] for row in read(source, "menu_items")}
    users = {int(row["user_id"]): row["birthdate"] for row in read(source, "users")}

    q1 = []
    turnover = defaultdict(decimal.Decimal)
    purchases = defaultdict(lambda: defaultdict(int))
    for row in read(source, "transactions"):
        if not in_years(row):
            continue
        store = int(row["store_id"])
        amount = decimal.Decimal(row["final_amount"])
        if row["user_id"] and int(row["user_id"]) in users and store in stores:
            purchases[store][int(row["user_id"])] += 1
        if in_hours(row):
            if amount >= 75:
                q1.append((row["transaction_id"], amount))
            if store in stores:
                half = "H1" if moment(row).month <= 6 else "H2"
                turnover["%d-%s" % (moment(row).year, half), stores[store], store] += amount
    write(target, "q1", ["transaction_id", "final_amount"], [(i, a.quantize(CENT)) for i, a in sorted(q1)])

    quantity = defaultdict(lambda: defaultdict(int))
    profit = defaultdict(lambda: defaultdict(decimal.Decimal))
    for row in read(source, "transaction_items"):
        item = int(row["item_id"])
        if in_years(row) and item in menu:
            month = row["created_at"][:7]
            quantity[month][item] += int(row["quantity"])
            profit[month][item] += decimal.Decimal(row["subtotal"])
    for name, column, months in (("q2_quantity", "quantity", quantity), ("q2_profit", "profit", profit)):
        rows = []
        for month in sorted(months):
            ranking = sorted(months[month].items(), key=lambda one: (-one[1], menu[one[0]], one[0]))
            first = ranking if top == "all" else ranking[: int(top)]
            for item, value in sorted(first, key=lambda one: (menu[one[0]], one[0])):
                rows.append((month, menu[item], value.quantize(CENT) if column == "profit" else value))
        write(target, name, ["year_month", "item_name", column], rows)

    write(
        target,
        "q3",
        ["year_semester", "store_name", "tpv"],
        [(semester, name, turnover[semester, name, store].quantize(CENT)) for semester, name, store in sorted(turnover)],
    )

    rows = []
    for store in sorted(purchases, key=lambda one: (stores[one], one)):
        most = sorted(purchases[store].items(), key=lambda one: (-one[1], one[0]))[:3]
        rows += [(stores[store], user, users[user], count) for user, count in sorted(most)]
    write(target, "q4", ["store_name", "user_id", "birthdate", "purchases"], rows)


main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "1")
