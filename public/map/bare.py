"""A pack as it is published: the tiles, its name and its credits."""

from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import zxy_to_tileid
from pmtiles.writer import write as writer


def bare(made, out):
    """The pack again, without what its maker's machine is like; how many bytes it has."""
    with open(made, "rb") as file:
        source = MmapSource(file)
        reader = Reader(source)
        told = {key: reader.metadata()[key] for key in ("name", "attribution", "vector_layers")}
        with writer(str(out)) as again:
            for (zoom, x, y), tile in all_tiles(source):
                again.write_tile(zxy_to_tileid(zoom, x, y), tile)
            again.finalize(reader.header(), told)
    return out.stat().st_size
