"""Reading the XML of a listing element by element, so that only the one that is read is in memory."""

import re
from collections.abc import Iterator
from functools import partial
from html.entities import html5
from io import BytesIO
from typing import Final

from lxml import etree

# References to half of a surrogate pair, the numbers 0xD800 to 0xDFFF. No character has such a number: parsers of XML
# drop the attribute in which one stands, lxml cannot give the text of the element, and feedparser fails on the whole
# feed.
_HALF_REFERENCE: Final = re.compile(
    rb"&#(?:0*+(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3])(?!\d)"
    rb"|[xX]0*+[dD][89a-fA-F][0-9a-fA-F]{2}(?![0-9a-fA-F]));?"
)


def without_half_references(body: bytes) -> bytes:
    """Replace references to halves of surrogate pairs, which are no characters, by U+FFFD, as browsers do."""
    return _HALF_REFERENCE.sub(b"&#xFFFD;", body)


# A reference, an ampersand that begins none, or a part in which an ampersand is only itself. A part without an end
# takes all of the rest, so that no byte is read twice.
_REFERENCE: Final = re.compile(
    rb"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)"
    rb"|&(?:#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};|(?P<name>[A-Za-z][A-Za-z0-9]{0,31});)?",
    re.DOTALL,
)
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")


def with_numbered_references(body: bytes) -> bytes:
    """Write each reference to a character of XML or HTML by its number, and each ampersand that begins no reference.

    ``Q&A`` and ``?id=4&page=2`` are common in listings that no program has checked. lxml leaves out ``&A`` and
    ``&page``; and behind any damage, also of another kind, it leaves out every ``&amp;``, so that addresses of other
    pages remain. It leaves out no number.
    """
    if body.startswith(_WIDE) or b"\0" in body[:64] or b"\x1b" in body:
        return body  # an encoding in which the byte of an ampersand may be a part of another character
    return _REFERENCE.sub(partial(_numbered, has_names=b"<!ENTITY" in body), body)


def _numbered(found: re.Match[bytes], *, has_names: bool) -> bytes:
    if found[0] == b"&":
        return b"&#38;"
    if (name := found["name"]) is None:
        return found[0]
    if (meant := html5.get(f"{name.decode()};")) is not None:
        return b"".join(b"&#%d;" % ord(character) for character in meant)
    return found[0] if has_names else b"&#38;" + found[0][1:]


def xml_events(body: bytes) -> Iterator[tuple[str, etree._Element]]:
    """Give each element of a document, which may be damaged, at its ``start`` and at its ``end``.

    Raises
    ------
    etree.XMLSyntaxError
        When the rest cannot be read.
    """
    # Entities are not resolved and no DTD is loaded, so a listing can neither grow in memory nor read our files.
    events: Iterator[tuple[str, etree._Element]] = etree.iterparse(
        BytesIO(body),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    return events


def name_of(element: etree._Element) -> str:
    """Give the name without its namespace; lxml's own QName raises errors for names in damaged files."""
    return element.tag.rpartition("}")[2]


def children_of(element: etree._Element) -> Iterator[etree._Element]:
    """Give the elements directly below one, without the references to entities between them."""
    return (child for child in element if isinstance(child.tag, str))


def text_of(element: etree._Element) -> str:
    """Give the text before the first element below one; a reference to an entity stays as it is written."""
    parts = [element.text or ""]
    for child in element:
        if not isinstance(child, etree._Entity):
            break
        parts += [child.text or "", child.tail or ""]
    return "".join(parts)


def free(element: etree._Element) -> None:
    """Free the memory of an element that has been read, and of those before it."""
    element.clear()
    while element.getprevious() is not None and (parent := element.getparent()) is not None:
        del parent[0]
