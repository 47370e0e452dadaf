"""Bodies become the characters that their authors wrote, despite wrong headers and wrong bytes."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.charset import decode, undo_double_encoding
from tasks.extract.extract import explain_page
from tasks.text.characters import clean_characters, json_without_halves
from tasks.text.prose import normalise_text
from tests.tasks.pages import html_of, page_of, prose

GERMAN = "Die Zölle schützen niemanden, sagt der Müller aus Köln – und er weiß, wovon er spricht. " * 8
RUSSIAN = "Пошлина никого не защищает, говорит мельник, и он знает, о чём говорит. " * 8
CHINESE = "关税保护不了任何人，磨坊主这样说，他知道自己在说什么。" * 12
JAPANESE = "関税は誰も守らないと粉屋は言い、彼はその意味をよく知っている。" * 12


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_found_without_any_declaration(encoding):
    text = "<html><body>A plain English sentence with a naïve café in it.</body></html>" * 4
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (GERMAN, "cp1252", "iso-8859-1"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "KOI8-R"),
        (CHINESE, "gb18030", "gb2312"),
        (JAPANESE, "cp932", "shift_jis"),
        (JAPANESE, "euc-jp", "euc-jp"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
    ],
)
def test_a_declared_encoding_is_used_if_it_fits(text, encoding, declared):
    assert decode(text.encode(encoding), declared).text == text


@pytest.mark.parametrize(
    ("text", "encoding"), [(RUSSIAN, "cp1251"), (CHINESE, "gb18030"), (GERMAN, "cp1252")]
)
def test_undeclared_encodings_are_detected(text, encoding):
    assert decode(text.encode(encoding)).text == text


def test_the_page_itself_may_declare_its_encoding():
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head>{RUSSIAN}'
    assert decode(page.encode("cp1251")).text == page


def test_valid_utf8_wins_over_a_wrong_header():
    assert decode(GERMAN.encode(), "iso-8859-1").text == GERMAN


def test_one_bad_byte_loses_one_character_and_not_the_page():
    body = GERMAN.encode()
    broken = body[:100] + b"\xff" + body[100:]
    decoded = decode(broken, "utf-8")
    assert decoded.text.count("\ufffd") == 1
    assert decoded.text.replace("\ufffd", "") == GERMAN
    assert 0 < decoded.replaced < 0.01


def test_a_single_quotation_mark_of_another_encoding_is_repaired():
    body = GERMAN.encode() + b"It\x92s a \x93quote\x94"
    assert decode(body).text.endswith("It’s a “quote”")


def test_english_with_typographic_quotes_in_cp1252_is_not_taken_for_utf8():
    text = "It’s what she called “a small matter” – and it wasn’t. " + "Plain words follow here. " * 20
    assert decode(text.encode("cp1252")).text == text
    assert decode(text.encode("cp1252"), "utf-8").text == text


@pytest.mark.parametrize("label", ["no-such-charset", "utf-7", "zlib", "undefined", "\x00", "", "utf-16"])
def test_a_nonsensical_or_unsafe_charset_is_ignored(label):
    assert decode(b"plain words \xe9", label).text.startswith("plain words ")


def test_nul_and_other_controls_vanish_and_separators_become_lines():
    dirty = "a\x00b\x07c\u200bd\x1b[0me\r\nf\rg\u2028h\x92s\ud800"
    assert clean_characters(dirty) == "abcd[0me\nf\ng\nh’s\ufffd"


@given(st.text(st.sampled_from('\\ud8dc\ud83d\ude00\U0001f30a"n'), max_size=12))
def test_of_any_json_only_halves_of_surrogate_pairs_change(text):
    written = json.dumps(text)
    read = json.loads(json_without_halves(written))
    assert read == re.sub("[\ud800-\udfff]", "\ufffd", json.loads(written))


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "latin-1", "shift_jis", "big5", "x"]))
def test_any_bytes_become_storable_text(body, declared):
    text = clean_characters(decode(body, declared).text)
    text.encode("utf-8")
    assert "\x00" not in text


@given(st.text(max_size=200))
def test_utf8_is_read_as_it_was_written(text):
    body = text.encode("utf-8", "ignore")
    if not body.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" not in body and "\x1b" not in text:
        assert decode(body).text == body.decode().removeprefix("\ufeff")


@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing(text):
    once = normalise_text(text)
    assert normalise_text(once) == once
    assert all(line == line.strip() and line for line in once.split("\n") if once)


TYPOGRAPHIC = (
    "“Rents don’t fall,” she wrote – in the café of the Société, for £5… “Never,” said the mayor’s aide."
)


def encoded_twice(text: str) -> str:
    """Read UTF-8 as cp1252, as browsers do: bytes that it does not know become controls, which are cleaned away."""
    known = (bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    return clean_characters("".join(known))


def test_text_that_was_encoded_twice_is_repaired():
    assert undo_double_encoding(encoded_twice(TYPOGRAPHIC)) == TYPOGRAPHIC
    lost = TYPOGRAPHIC.encode().decode("cp1252", "replace")
    assert undo_double_encoding(lost) == TYPOGRAPHIC


@pytest.mark.parametrize(
    "text",
    [TYPOGRAPHIC, "The page said “â€™” where an apostrophe belongs, and â€œ too.", "À la carte, ÀÉ», Â£ 5"],
)
def test_text_that_was_encoded_once_stays(text):
    assert undo_double_encoding(text) == text


def test_the_text_and_title_of_a_page_that_was_encoded_twice_are_repaired():
    page = html_of([f"{TYPOGRAPHIC} {one}" for one in prose(8)], title="The mayor’s promise")
    article = explain_page(page_of(encoded_twice(page))).article
    assert article is not None
    assert article.title == "The mayor’s promise"
    assert article.text.count(TYPOGRAPHIC) == 8
