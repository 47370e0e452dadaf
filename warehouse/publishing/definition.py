"""The definition of the base: a hash of the scripts of its tables, macros and views, which the file stores."""

from __future__ import annotations

import hashlib

import duckdb

from warehouse.definitions.schema import create_tables
from warehouse.definitions.tables import BOOKKEEPING, TABLES
from warehouse.publishing.appending import APPEND_SCRIPTS
from warehouse.sql_files import load_sql, views_sql


def definition() -> str:
    """Hash everything that defines the base; a base with another definition is built again."""
    scripts = ("macros", *APPEND_SCRIPTS)
    return _hash(
        create_tables((*TABLES.values(), *BOOKKEEPING)) + "".join(load_sql(name) for name in scripts)
    )


def definition_with_views() -> str:
    """Hash what defines the base, and what defines its views: their scripts, and the DuckDB that stores them."""
    return f"{definition()} {_hash(duckdb.__version__ + views_sql())}"


def has_definition(stored: str) -> bool:
    """Whether a base that stores ``stored`` as its definition has the present one; its views may be others."""
    return stored.partition(" ")[0] == definition()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
