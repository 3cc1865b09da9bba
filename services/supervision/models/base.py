"""The declarative base of the supervision service."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase

from shared.db import NAMING, TYPE_MAP


class Base(DeclarativeBase):
    """Tables that only this service has."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {**TYPE_MAP, list[dict[str, Any]]: postgresql.JSONB()}
