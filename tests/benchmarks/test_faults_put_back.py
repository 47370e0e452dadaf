"""Every fault can still be put into the present code; whether the tests find it takes minutes, and is measured."""

import shutil
from pathlib import Path

import pytest

from benchmarks.faults_put_back import FAULTS, ROOT, put_back


@pytest.mark.parametrize("name", FAULTS)
def test_the_text_that_a_fault_replaces_is_in_its_file_once(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    for file in {changed for changed, _, _ in fault.changes}:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, tmp_path / file)
    put_back(fault, tmp_path)
    assert (ROOT / fault.test.split()[0]).is_file()
