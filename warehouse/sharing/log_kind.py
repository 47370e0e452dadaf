"""The forms of a shared log, for the configuration, which must not import what opens one."""

from typing import Literal

LogKind = Literal["files", "delta"]
