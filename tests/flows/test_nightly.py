"""The module of the nightly flow imports only what every night needs from its beginning."""

import subprocess
import sys

#: Packages that only workers, the classifier, the report, the sample or other commands need.
_NOT_AT_ONCE = {
    "fastapi", "fastfeedparser", "feedparser", "jinja2", "justext", "onnxruntime", "pandas", "py3langid", "readability",
    "resiliparse", "sqlalchemy", "torch", "trafilatura", "transformers", "uvicorn",
}  # fmt: skip


def test_a_night_begins_without_the_libraries_of_its_workers_and_of_its_end():
    program = "import sys, flows.nightly; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = set(ended.stdout.split())
    assert "prefect" in modules
    assert not {name.partition(".")[0] for name in modules} & _NOT_AT_ONCE
    assert not modules & {"aiohttp.web", "prefect.server", "pyarrow.dataset"}
