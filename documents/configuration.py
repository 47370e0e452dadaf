"""The reference page of the configuration, written by ``python -m documents``.

Keys, kinds, limits, defaults and meanings come from the models that check the configuration file.
"""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from flows.settings.config import Config
from flows.settings.environment import ENVIRONMENT_PREFIX

_HEAD = f"""\
# Configuration

`make reference` writes this page from the code that checks the file. `commentariat init` writes a file to start from,
which shows all keys but `sample` and `key` of `[second_model]`. A key may be left out unless it is required. An unknown
key is an error, and the message names the most similar known key.

A run reads the file that `--config` names. Without `--config`, it reads `commentariat.toml` in the current folder. If
there is none, it reads the configuration of the bundled sample. Relative paths start from the folder of the file.

An environment variable overrides a key: `{ENVIRONMENT_PREFIX}WAREHOUSE__PATH=/srv/commentary/commentary` sets `path`
in `[warehouse]`. The keys of `[[sources]]` and `[[targets]]` can be set only in the file. A variable that has a
section in its name but is written in another way, like `{ENVIRONMENT_PREFIX}WAREHOUSE_PATH`, is an error too.
Variables that Kubernetes makes for a service, such as `{ENVIRONMENT_PREFIX}WAREHOUSE_SERVICE_HOST`, are ignored.
"""

_KINDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    Path: "path",
    SecretStr: "text",
}
#: Defaults that must not be shown, or that depend on the machine.
_DEFAULTS = {"second_model.key": "", "fetch.archives": "`~/.cache/commentariat/archives`"}
_LIMITS = {Ge: "at least", Gt: "above", Le: "at most", Lt: "below"}


def reference() -> str:
    """Return the reference as Markdown: every section with every key."""
    return "\n".join((_HEAD, *_lines())).rstrip("\n") + "\n"


def every_key() -> Iterator[tuple[str, FieldInfo]]:
    """Yield every key of every section, as ``section.key``, with its field."""
    for name, field in Config.model_fields.items():
        if section := _section(field):
            yield from ((f"{name}.{key}", inner) for key, inner in section.model_fields.items())


def _lines() -> Iterator[str]:
    for name, field in Config.model_fields.items():
        section = _section(field)
        if section is None:
            continue
        yield f"## `[[{name}]]`\n" if _is_list(field) else f"## `[{name}]`\n"
        yield f"{_purpose(section)}\n"
        yield "| Key | Value | Default | Meaning |\n|---|---|---|---|"
        yield from (_row(name, key, inner) for key, inner in section.model_fields.items())
        yield ""
    yield "## `[tables]`\n"
    yield Config.model_fields["tables"].description or ""
    yield "Each table is a CSV, TSV, JSON lines or Parquet file ([how](howto/sql.md#tables-of-your-own)).\n"
    yield "## `sample`\n"
    yield f"This key is written above all sections. `true`: {_small(Config.model_fields['sample'].description)}"


def _row(section: str, key: str, field: FieldInfo) -> str:
    name = f"{section}.{key}"
    cells = (f"`{key}`", _value(field), _default(name, field), field.description or "")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _section(field: FieldInfo) -> type[BaseModel] | None:
    kind = next(iter(get_args(field.annotation)), field.annotation)
    return kind if inspect.isclass(kind) and issubclass(kind, BaseModel) else None


def _is_list(field: FieldInfo) -> bool:
    return get_origin(field.annotation) is tuple


def _purpose(section: type[BaseModel]) -> str:
    """Return the purpose of a section: its docstring in Markdown, without the name."""
    text = re.sub(r"``", "`", " ".join(inspect.cleandoc(section.__doc__ or "").split()))
    text = text.partition(": ")[2]
    return text[:1].upper() + text[1:]


def _value(field: FieldInfo) -> str:
    limits = [
        f"{words} {_number(getattr(limit, kind.__name__.lower()))}"
        for limit in field.metadata
        for kind, words in _LIMITS.items()
        if isinstance(limit, kind)
    ]
    return ", ".join((_kind(field.annotation), *limits))


def _kind(annotation: Any) -> str:  # noqa: ANN401 - an annotation is of any type
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin in (Union, UnionType):
        return _kind(arguments[0])
    if origin is tuple:
        many = arguments[-1] is Ellipsis
        return "list" if many else f"list of {len(arguments)}"
    if origin is dict:
        return "table"
    return _kind(arguments[0]) if arguments else _KINDS[annotation]


def _number(value: float) -> str:
    return f"{value:,}"


def _default(name: str, field: FieldInfo) -> str:
    if name in _DEFAULTS:
        return _DEFAULTS[name]
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return "" if value in (None, "", (), {}) else f"`{json.dumps(value, default=str)}`"


def _small(text: str | None) -> str:
    return (text or "")[:1].lower() + (text or "")[1:]
