"""One page has one canonical URL, and the canonical URL of a canonical URL is itself."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commentariat import InputError
from tasks.addresses import urls
from tasks.addresses.urls import article_id, canonical_url, file_path, file_url, host_of, redirect_url


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Example.COM", "http://example.com/"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("http://example.com./a", "http://example.com/a"),
        ("http://anna:geheim@example.com/a", "http://example.com/a"),
        ("http://example.com/a/./b/../c#part", "http://example.com/a/c"),
        ("http://example.com/?b=2&a=1", "http://example.com/?a=1&b=2"),
        ("http://example.com/a?utm_source=x&id=7&fbclid=y&UTM_Medium=z", "http://example.com/a?id=7"),
        ("http://example.com/a?utm_source=x", "http://example.com/a"),
        ("http://example.com/a?ref=7&source=print", "http://example.com/a?ref=7&source=print"),
        ("http://bücher.example/straße", "http://xn--bcher-kva.example/stra%C3%9Fe"),
        ("http://example.com/%7euser/%c3%a4", "http://example.com/~user/%C3%A4"),
        (" \n http://example.com/a \t", "http://example.com/a"),
        ("http://example.com/a-b-c/amp/", "http://example.com/a-b-c"),
        ("http://example.com/a-b-c?amp=1", "http://example.com/a-b-c"),
        ("http://example.com/music/amp/", "http://example.com/music/amp/"),
        ("https://www.google.com/amp/s/paper.example/a-b-c/amp?utm_source=x", "https://paper.example/a-b-c"),
        ("https://paper-example.cdn.ampproject.org/c/s/paper.example/a-b", "https://paper.example/a-b"),
        ("http://m.example.com/a", "http://m.example.com/a"),
        ("http://example.com/a/", "http://example.com/a/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
    ],
)
def test_spellings_of_one_page_become_one(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "word",
        "/a/b",
        "//example.com/a",
        "ftp://example.com/",
        "javascript:alert(1)",
        "mailto:desk@example.com",
        "data:text/html,x",
        "http://",
        "http:///path",
        "http://[::1",
        "http://example.com:99999/",
        "http://example.com:port/",
        "http://exa mple.com/",
        "http://-.example/",
        "http://a..example/",
        "http://\udcff.example/",
        "http://example.com/" + "x" * 5000,
        "http://" + "a." * 200 + "example/",
    ],
)
def test_an_address_that_is_no_page_on_the_web_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(InputError) as caught:
        canonical_url(url)
    assert len(str(caught.value)) < 300


def test_relative_links_start_from_their_page() -> None:
    base = "http://example.com/opinion/index.html"
    assert canonical_url("../a?utm_source=x", base) == "http://example.com/a"
    assert canonical_url("//other.example/b", base) == "http://other.example/b"
    with pytest.raises(InputError):
        canonical_url("file:///etc/passwd", base)


def test_ids_are_stable() -> None:
    assert article_id("http://example.com/") == "2a1b402420ef46577471cdc7409b0fa2"
    assert len(article_id("http://example.com/")) == 32
    assert article_id("http://example.com/a") != article_id("http://example.com/b")


def test_www_and_other_ports_count_as_the_same_host() -> None:
    assert host_of("http://www.example.com:8080/a") == host_of("https://example.com/b") == "example.com"


def test_a_redirect_keeps_what_its_site_needs_and_drops_credentials() -> None:
    assert (
        redirect_url("//user:pw@other.example/a?b=2&a=1&utm_source=x#part", "http://example.com/")
        == "http://other.example/a?b=2&a=1&utm_source=x"
    )
    assert redirect_url("/ä b", "http://example.com/x") == "http://example.com/%C3%A4%20b"


def test_a_redirect_to_a_host_with_too_long_a_name_is_refused() -> None:
    with pytest.raises(InputError, match="more than 253 characters"):
        redirect_url(f"//{'a' * 300}.example/", "http://example.com/x")


def test_a_redirect_escapes_bytes_that_are_not_utf_8() -> None:
    location = "/année".encode("latin-1").decode("utf-8", "surrogateescape")
    assert redirect_url(location, "http://example.com/x") == "http://example.com/ann%E9e"
    with pytest.raises(InputError):
        redirect_url("//ann\udce9e.example/", "http://example.com/x")


@pytest.mark.parametrize(
    "url",
    [
        "http://ann:s3cret@bad host/",
        "//ann:s3cret@a..example/",
        "http://ann:s3cret@a.example:99999/",
        "ftp://ann:s3cret@a.example/",
        "http://ann:s3cret@a.example/" + "x" * 5000,
    ],
)
def test_an_address_that_cannot_be_used_is_named_without_its_credentials(url: str) -> None:
    with pytest.raises(InputError) as refused:
        canonical_url(url, "http://example.com/")
    assert "s3cret" not in str(refused.value)
    try:
        outcome = redirect_url(url, "http://example.com/")
    except InputError as error:
        outcome = str(error)
    assert "s3cret" not in outcome


@pytest.mark.parametrize("beginning", ["http://site.example/", "http://ann:1x", "//", "", " \n"])
def test_the_rest_of_a_link_of_megabytes_is_not_read(monkeypatch: pytest.MonkeyPatch, beginning: str) -> None:
    searched: list[int] = []

    def without_credentials(address: str) -> str:
        searched.append(len(address))
        return address

    monkeypatch.setattr(urls, "without_credentials", without_credentials)
    with pytest.raises(InputError, match="longer than 4096 characters"):
        canonical_url(beginning + "/@" * 1_000_000, "http://site.example/")
    assert max(searched) <= urls.MAX_URL_LENGTH


hosts = st.from_regex(r"[a-z0-9]{1,10}(\.[a-z0-9]{1,10}){0,3}", fullmatch=True)
pieces = st.text(max_size=30)


@settings(deadline=None)
@given(hosts, pieces, st.lists(st.tuples(pieces, pieces), max_size=5), pieces)
def test_canonical_urls_are_canonical(
    host: str, path: str, query: list[tuple[str, str]], fragment: str
) -> None:
    url = f"http://{host}/{path}?{'&'.join(f'{name}={value}' for name, value in query)}#{fragment}"
    try:
        once = canonical_url(url)
    except InputError:
        return
    assert canonical_url(once) == once
    assert once.isascii()
    assert once.isprintable()
    assert " " not in once
    assert urlsplit(once).scheme in ("http", "https")


# Nearly an address: parts of addresses in any order, since no text of any characters has a host, a user and a password.
of_addresses = st.lists(
    st.sampled_from(
        ["http:", "HTTPS:", "ftp:", "file:", "//", "/", "\\", "?", "#", "@", "@", ":", ":80", ":x", "ann", "pass%40w",
         "site.example", "www.google.com/amp/s/", "localhost", "[::1]", "127.0.0.1", "amp", "utm_source=x", "&", "..",
         "%2f", "%", " ", "\t", "é", "\udcff"]
    )
    | st.text(max_size=3),
    max_size=12,
).map("".join)  # fmt: skip
beginning_like_one = st.builds(str.__add__, st.sampled_from(["//", "http://", "https://"]), of_addresses)
any_text = st.text(max_size=200) | of_addresses | beginning_like_one


@settings(deadline=None)
@given(any_text, st.none() | st.just("http://example.com/a/b"))
def test_any_text_is_a_url_or_an_input_error(text: str, base: str | None) -> None:
    try:
        once = canonical_url(text, base)
    except InputError:
        return
    assert once.startswith(("http://", "https://", "file:///"))
    assert once.startswith("file:///") or "@" not in urlsplit(once).netloc
    assert canonical_url(once) == once


@settings(deadline=None)
@given(any_text)
def test_any_redirect_leads_to_http_or_is_an_input_error(text: str) -> None:
    try:
        url = redirect_url(text, "http://example.com/a/b")
    except InputError:
        return
    assert urlsplit(url).scheme in ("http", "https")
    assert "@" not in urlsplit(url).netloc
    assert url.isascii()


users = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
# It begins with a letter: ann:80/x@site.example may be the page /x@site.example at a port of the host ann.
passwords = st.from_regex(r"[a-zé][a-z0-9é/?#:;.&=%+!-]{0,12}", fullmatch=True)


@settings(deadline=None)
@given(users, passwords, st.sampled_from(["http://", "https://", "//"]))
def test_any_password_is_gone_from_an_address_however_it_is_written(
    user: str, password: str, beginning: str
) -> None:
    url = f"{beginning}{user}:{password}@site.example/page"
    expected = "http://site.example/page" if beginning == "//" else f"{beginning}site.example/page"
    assert canonical_url(url, "http://site.example/") == expected
    assert redirect_url(url, "http://site.example/") == expected


names = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=40)


@settings(deadline=None)
@given(names.filter(lambda name: name not in (".", "..")), st.none() | names)
def test_files_have_urls_that_lead_back_to_them(name: str, part: str | None) -> None:
    path = Path("/folder") / name
    assert file_path(file_url(path, part)) == (path, part)
    assert canonical_url(file_url(path, part)) == file_url(path, part)


@given(
    st.binary(min_size=1, max_size=40).filter(
        lambda name: not set(name) & set(b"/\0") and name not in (b".", b"..")
    )
)
def test_a_name_that_is_not_utf_8_has_a_url_too(name: bytes) -> None:
    path = Path("/folder") / os.fsdecode(name)
    url = file_url(path, "part")
    assert url.isascii() and file_path(url) == (path, "part")
    assert url == path.as_uri() + "#part", "a page read alone has the same URL as one of a folder"


def test_ordinary_files_keep_their_urls() -> None:
    assert (
        file_url(Path("/a b/Zürich #1?.html"), "row=1") == "file:///a%20b/Z%C3%BCrich%20%231%3F.html#row%3D1"
    )


def test_a_file_has_one_url_however_its_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "project" / "below").mkdir(parents=True)
    whole = file_url(tmp_path / "corpus" / "a.txt", "row=1")
    monkeypatch.chdir(tmp_path / "project")
    assert file_url(Path("../corpus/a.txt"), "row=1") == whole
    assert file_url(tmp_path / "project" / "below" / ".." / ".." / "corpus" / "a.txt", "row=1") == whole
    (tmp_path / "link").symlink_to(tmp_path / "project" / "below")
    beside = file_url(tmp_path / "link" / ".." / "b.txt")
    assert beside == file_url(Path(os.path.realpath(tmp_path)) / "project" / "b.txt")
    assert file_url(tmp_path / "gone" / ".." / "c.txt") == file_url(tmp_path / "c.txt")
    assert file_url(tmp_path / "no\0file" / ".." / "c.txt") == file_url(tmp_path / "c.txt")


@pytest.mark.parametrize("read", [canonical_url, redirect_url])
def test_a_reason_names_only_the_beginning_of_a_long_scheme(read: object) -> None:
    with pytest.raises(InputError, match="only http and https are fetched") as refused:
        read("javascrip" * 60 + ":alert(1)", "http://example.com/")  # type: ignore[operator]
    assert len(str(refused.value)) < 300
