"""The names of the kinds of shared log. The configuration imports them, and must not import what opens a log."""

from typing import Literal

LogKind = Literal["files", "delta"]
