"""What a compaction did, in words: also if it did nothing."""

from flows.monitoring.merged import merged_in_words
from warehouse.upkeep.compaction import Compacted


def test_the_numbers_of_merged_files_and_rows_are_named():
    assert merged_in_words(Compacted(24, 3, 1_200), 8) == "24 files became 3, with the same 1,200 rows"


def test_a_compaction_that_merged_nothing_says_why_and_how_to_merge_sooner():
    said = merged_in_words(Compacted(0, 0, 0), 8)
    assert said.startswith("nothing was merged, because no month of a table has at least 8 files")
    assert "--min-files" in said
