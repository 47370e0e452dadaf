"""Texts in CSV files that a person opens in a spreadsheet program.

Such a program runs a cell as a formula if it begins with ``=``, ``+``, ``-`` or ``@``, also if it is the title of an
article. An apostrophe before it keeps it a text. A text that already begins with apostrophes and one of these signs
gets one more, so that a person who removes one has every text exactly as it was.
"""

from __future__ import annotations

import re
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

_APOSTROPHE = "'"
# Chinese and Japanese use the wide forms of these signs.
_SIGNS = "[=+@\t\r\n\uff1d\uff0b\uff0d\uff20-]"
_TO_MARK = f"^'*{_SIGNS}"
_MARKED = re.compile(f"^'+{_SIGNS}")


def holds_text(kind: pa.DataType) -> bool:
    """Whether values of this type are texts or lists of texts: a negative number is no formula."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_dictionary(kind):
        return holds_text(cast("Any", kind).value_type)
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def marked(texts: Any) -> Any:  # noqa: ANN401 - any Arrow array
    """Write an apostrophe before each text of an Arrow array that a spreadsheet program would run."""
    is_run = pc.match_substring_regex(texts, _TO_MARK)
    if not pc.any(is_run).as_py():
        return texts
    with_apostrophe: Any = pc.binary_join_element_wise(_APOSTROPHE, texts, "")
    return pc.if_else(is_run, with_apostrophe, texts)


def unmarked(text: str) -> str:
    """Give the text for which :func:`marked` wrote this one."""
    return text.removeprefix(_APOSTROPHE) if _MARKED.match(text) else text
