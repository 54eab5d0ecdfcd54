"""Draws the two icons of the Teams app from the strokes of the K: `uv run poe icons`.

Teams wants a picture of 192 × 192 in full colour and one of 32 × 32, white on nothing.
"""

import struct
import zlib
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).parent / "teams-app"
STROKES = (
    ((10, 7), (10, 25)),
    ((22, 7), (11, 16.5), (22, 25)),
)  # as in the icon of the playground, of 32 × 32
BLUE, WHITE = (0x2F, 0x5B, 0xD7), (255, 255, 255)
FINE = 4  # samples per pixel and direction

Point = tuple[float, float]


def covered(at: Point, width: float) -> bool:
    """Whether a stroke of this width lies over a point."""
    return any(
        distance(at, start, end) <= width / 2 for stroke in STROKES for start, end in pairwise(stroke)
    )


def distance(at: Point, start: Point, end: Point) -> float:
    """From a point to a line between two others."""
    along = (end[0] - start[0], end[1] - start[1])
    share = ((at[0] - start[0]) * along[0] + (at[1] - start[1]) * along[1]) / (
        along[0] ** 2 + along[1] ** 2
    )
    share = min(1.0, max(0.0, share))
    nearest = (start[0] + share * along[0], start[1] + share * along[1])
    return float(((at[0] - nearest[0]) ** 2 + (at[1] - nearest[1]) ** 2) ** 0.5)


def share_covered(x: int, y: int, size: int, scale: float, width: float) -> float:
    """How much of a pixel the strokes cover; `scale` shrinks the K around the middle."""
    hits = 0
    for fine in range(FINE * FINE):
        across = (x + (fine % FINE + 0.5) / FINE) / size * 32
        down = (y + (fine // FINE + 0.5) / FINE) / size * 32
        hits += covered(((across - 16) / scale + 16, (down - 16) / scale + 16), width)
    return hits / FINE**2


def colour(size: int) -> bytes:
    """The K on blue, in the middle half, as Teams cuts the corners itself."""
    rows = []
    for y in range(size):
        shares = (share_covered(x, y, size, 0.75, 4) for x in range(size))
        pixels = (
            tuple(round(b + (w - b) * share) for b, w in zip(BLUE, WHITE, strict=True)) for share in shares
        )
        rows.append(b"\0" + b"".join(bytes((*pixel, 255)) for pixel in pixels))
    return png(size, b"".join(rows))


def outline(size: int) -> bytes:
    """The K in white on nothing."""
    rows = []
    for y in range(size):
        shares = (share_covered(x, y, size, 1.1, 3) for x in range(size))
        rows.append(b"\0" + b"".join(bytes((*WHITE, round(255 * share))) for share in shares))
    return png(size, b"".join(rows))


def png(size: int, pixels: bytes) -> bytes:
    """The file."""
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


if __name__ == "__main__":
    (FOLDER / "color.png").write_bytes(colour(192))
    (FOLDER / "outline.png").write_bytes(outline(32))
