"""The environment variables of a configuration: ``COMMENTARIAT_<SECTION>__<KEY>`` sets a key of a section.

The names of all variables that begin with ``COMMENTARIAT_`` and a section belong to the configuration. One that is not
written in this way would set nothing. It is refused, because a person has set it to change something.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr

from commentariat import ConfigError
from tasks.nearest import nearest

ENVIRONMENT_PREFIX = "COMMENTARIAT_"

# Kubernetes gives every container such variables of each service: COMMENTARIAT_WAREHOUSE_SERVICE_HOST, ..._PORT_80_TCP.
_OF_A_SERVICE = re.compile(r"_SERVICE_(HOST|PORT\w*)$|_PORT(_\d+_(TCP|UDP)\w*)?$")

Variables = dict[tuple[str, str], str]
"""The variable that set a key, by section and key."""


def override(
    content: dict[str, Any], environment: Mapping[str, str], configuration: type[BaseModel]
) -> Variables:
    """Put the values of variables into the content of a file.

    A value is read as TOML. What is no TOML is text, and so is every value of a key that is a text or a path: the name
    of a folder may be a number.

    Raises
    ------
    ConfigError
        When a variable names no section, or one that the file does not write as a section.
    """
    sections = _sections(configuration)
    variables: Variables = {}
    for name, value in environment.items():
        section, _, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
        if not name.startswith(ENVIRONMENT_PREFIX) or not key:
            continue
        values = content.get(section, {})
        if section in configuration.model_fields and not isinstance(values, dict | list):
            raise ConfigError(
                f"{name}: the file sets {section} to a single value, so that it has no {key}; remove the variable, or "
                f"write a section [{section}]"
            )
        if section not in sections:
            is_in_file_only = section in configuration.model_fields
            remedy = "it is set in the file only" if is_in_file_only else nearest(section, sections)
            raise ConfigError(f"{name}: no section [{section}] to set; {remedy}")
        if isinstance(values, list):
            continue  # a mistake of the file, which is reported as such
        content.setdefault(section, values)[key] = _value(value, _kind_of(sections[section], key))
        variables[section, key] = name
    return variables


def refuse_near_misses(
    environment: Mapping[str, str], configuration: type[BaseModel], others: Collection[str]
) -> None:
    """Refuse variables that begin like one of the configuration and would set nothing.

    Parameters
    ----------
    others
        Names of variables that have another purpose, whatever they begin with.

    Raises
    ------
    ConfigError
        When there is such a variable; the message has the right spelling.
    """
    sections = _sections(configuration)
    fields = sorted(configuration.model_fields, key=len, reverse=True)
    for name in environment:
        rest = name.removeprefix(ENVIRONMENT_PREFIX).lower()
        is_read = "__" in rest and not rest.endswith("__")
        if not name.startswith(ENVIRONMENT_PREFIX) or name in others or is_read:
            continue
        # "sample" is a single value, so that a name which goes on after it is meant for something else
        field = next(
            (
                known
                for known in fields
                if rest == known or (known != "sample" and rest.startswith(f"{known}_"))
            ),
            None,
        )
        if field is None:
            continue
        section, key = sections.get(field), rest.removeprefix(field).strip("_")
        if _OF_A_SERVICE.search(name) and key not in getattr(section, "model_fields", {}):
            continue
        remedy = f"{field} is set in the file only" if section is None else _spelling(section, field, key)
        raise ConfigError(
            f"{name}: sets nothing; {remedy}. If it is not meant for the configuration, give it another name"
        )


def _spelling(section: Any, name: str, key: str) -> str:  # noqa: ANN401 - a class, or dict[str, ...]
    prefix = f"{ENVIRONMENT_PREFIX}{name.upper()}__"
    keys = getattr(section, "model_fields", {key: None})
    if key and key in keys:
        return f"write {prefix}{key.upper()}, with two underscores between section and key"
    return f"write {prefix}<KEY>, with two underscores; {nearest(key, keys)}"


def _sections(configuration: type[BaseModel]) -> dict[str, Any]:
    """Give the sections of a configuration, by name: those keys that are neither lists nor single values."""
    kinds = {name: field.annotation for name, field in configuration.model_fields.items()}
    return {
        name: kind
        for name, kind in kinds.items()
        if get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, BaseModel))
    }


def _kind_of(section: Any, key: str) -> Any:  # noqa: ANN401 - annotations have no common type
    if get_origin(section) is dict:
        return get_args(section)[1]
    field = section.model_fields.get(key)
    return None if field is None else field.annotation


def _value(text: str, kind: Any) -> Any:  # noqa: ANN401 - a TOML value is any of TOML's types; pydantic checks it next
    if kind is SecretStr:
        return text
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text
    return text if _is_text(kind) and not isinstance(value, str) else value


def _is_text(kind: Any) -> bool:  # noqa: ANN401 - annotations have no common type
    """Say whether a key has no value but a text or a path, or none."""
    if get_origin(kind) is Annotated:
        return _is_text(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return all(isinstance(value, str) for value in get_args(kind))
    if get_origin(kind) in (Union, UnionType):
        return all(_is_text(member) for member in get_args(kind) if member is not NoneType)
    return kind in (str, Path)
