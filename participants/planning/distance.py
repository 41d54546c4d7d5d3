"""How far one province is from another, as the crow flies between two points.

The points that come with the portal stand for the capitals, rounded to a tenth of a degree, and are unverified: a row of
ProvincePoint takes the place of one.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from latsar.satker.models import Satker, SatkerKind
from participants.planning.plans import ProvincePoint

EARTH_KM = 6371
FAR_KM = 1500
"""Where a province has no point."""
Point = tuple[float, float]


@lru_cache(maxsize=1)
def shipped_points() -> dict[str, Point]:
    """Region code -> latitude and longitude."""
    with (Path(__file__).parent / "data" / "province_points.csv").open(encoding="utf-8") as file:
        return {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def kilometres(one: Point, other: Point) -> int:
    """Great-circle distance."""
    (lat1, lon1), (lat2, lon2) = ((radians(point[0]), radians(point[1])) for point in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(half)))


def province_distances() -> dict[tuple[int, int], int]:
    """Kilometres between any two provinces with a point; the Secretariat General counts as Jakarta."""
    shipped = shipped_points()
    own = {row.province_id: (float(row.latitude), float(row.longitude)) for row in ProvincePoint.objects.all()}
    heads = Satker.objects.filter(kind__in=[SatkerKind.PROVINCE, SatkerKind.SETJEN]).values_list("pk", "code")
    points = {pk: own.get(pk) or shipped.get("31" if code == "00" else code) for pk, code in heads}
    known = {pk: point for pk, point in points.items() if point is not None}
    return {(a, b): kilometres(known[a], known[b]) for a in known for b in known if a != b}
