"""The numbers above the list of articles."""

from pathlib import Path

from flows.explorer.filters import Filter
from flows.explorer.questions import question
from tests.warehouse import nights
from warehouse import Warehouse, connect


def test_an_unknown_outlet_is_not_counted_as_an_outlet(tmp_path: Path) -> None:
    rows = nights.batch(1, 0)
    articles = [
        row | {"outlet": None} if n == 0 else row for n, row in enumerate(rows["article"].to_pylist())
    ]
    with Warehouse(tmp_path / "w").writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", rows | {"article": nights.table(articles)})
        writer.publish()
    known = {row["outlet"] for row in articles} - {None}
    with connect(tmp_path / "w") as reader:
        (counts,) = reader.query(question("counts", Filter())).to_pylist()
        of_unknown = reader.query(question("counts", Filter(outlets=("(unknown)",)))).to_pylist()[0]
    assert (counts["articles"], counts["outlets"]) == (4, len(known))
    assert (of_unknown["articles"], of_unknown["outlets"]) == (1, 0)
