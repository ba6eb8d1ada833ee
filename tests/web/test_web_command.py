"""``diwen serve``: what it refuses before it starts, and that it starts."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diwen.cli import build
from diwen.cli.serve import is_loopback
from diwen.problems import InputError


def refused(*arguments: str) -> str:
    outcome = CliRunner().invoke(build(), ["serve", *arguments])
    assert isinstance(outcome.exception, InputError)
    return str(outcome.exception)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_this_machine_is_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])
def test_other_addresses_are_not(host):
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::"])
def test_another_address_is_refused_without_the_flag(sites: Path, host):
    assert "--allow-remote" in refused(str(sites), "--host", host)


def test_a_folder_without_sites_is_refused(tmp_path: Path):
    assert "site.toml" in refused(str(tmp_path))
    assert "site.toml" in refused(str(tmp_path / "nowhere"))


def test_a_port_in_use_is_refused_plainly(sites: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "--port" in refused(str(sites), "--port", str(taken.getsockname()[1]))


def test_it_starts_answers_and_stops(sites: Path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from diwen.cli import main; main()", "serve", str(sites)]
    with subprocess.Popen(
        [*command, "--port", str(port), "--no-open", "--language", "en"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        try:
            page = ""
            for _ in range(600):
                assert server.poll() is None, server.stderr.read()
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/en/") as answer:
                        page = answer.read().decode()
                    break
                except OSError:
                    time.sleep(0.1)
            assert "Test plant" in page
        finally:
            server.terminate()
        assert "3 site(s)" in server.communicate(timeout=30)[0]
