"""Texts that are cut for marking and comparing lose nothing, and every mark is at its place."""

from hypothesis import given
from hypothesis import strategies as st

from flows.explorer.changes import changes
from flows.explorer.highlight import Mark, paragraphs

TEXTS = st.text(alphabet="ab \n\u201c\U0001f600", max_size=60)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark], list[tuple[int, int]]]:
    text = draw(TEXTS)
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted).map(tuple)
    spans = [span for span in draw(st.lists(places, max_size=4)) if span[0] < span[1]]
    marks = [Mark(n, start, end, f"target-{n}", "favor", False) for n, (start, end) in enumerate(spans)]
    return text, marks, sorted(draw(st.lists(places, max_size=3)))


@given(marked())
def test_a_marked_text_keeps_all_its_words_and_marks(
    made: tuple[str, list[Mark], list[tuple[int, int]]],
) -> None:
    text, marks, quoted = made
    cut = paragraphs(text, marks, quoted)
    assert ["".join(segment.text for segment in line) for line in cut] == [
        line for line in text.split("\n") if line.strip()
    ]
    for segment in (segment for line in cut for segment in line):
        assert text[segment.start : segment.start + len(segment.text)] == segment.text
        for at in range(segment.start, segment.start + len(segment.text)):
            assert set(segment.marks) == {mark for mark in marks if mark.start <= at < mark.end}
            assert segment.quoted == any(start <= at < end for start, end in quoted)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_restored_from_their_comparison(before: str, after: str) -> None:
    fragments = changes(before, after)
    for text, left_out in ((before, "new"), (after, "gone")):
        kept = [
            "".join(fragment.text for fragment in line if fragment.kind != left_out) for line in fragments
        ]
        assert [line for line in kept if line.strip()] == [line for line in text.split("\n") if line.strip()]
