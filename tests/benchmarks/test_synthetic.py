"""The made-up corpus has the proportions that it states."""

from itertools import combinations

from benchmarks.synthetic import piece, pieces
from tasks.dedupe.minhash import share_contained, shingle_hashes


def test_a_piece_is_the_same_in_every_corpus() -> None:
    assert list(pieces(5)) == [piece(number) for number in range(5)]


def test_a_copy_has_most_of_its_original_and_unrelated_pieces_have_hardly_anything_in_common() -> None:
    made = list(pieces(60))
    copies = [made_piece for made_piece in made if made_piece.copy_of is not None]
    assert copies
    for copy in copies:
        assert share_contained(shingle_hashes(copy.text), shingle_hashes(piece(copy.copy_of or 0).text)) > 0.9
    originals = [shingle_hashes(made_piece.text) for made_piece in made if made_piece.copy_of is None]
    shares = [share_contained(one, other) for one, other in combinations(originals, 2)]
    assert max(shares) < 0.1
    assert sum(shares) / len(shares) < 0.01


def test_the_pieces_have_nine_hundred_words_on_average() -> None:
    words = [len(made_piece.text.split()) for made_piece in pieces(200)]
    assert 850 < sum(words) / len(words) < 950
    assert min(words) >= 300
