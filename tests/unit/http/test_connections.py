"""Real connections: TLS that cannot be trusted, nobody there, proxies and this computer."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from acassist.domain.ids import Service
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.http import CallBudget, HttpClient, Wiring
from tests.unit.http.clocks import HalfDice, JumpClock


class Page(BaseHTTPRequestHandler):
    """Answers everything with the User-Agent it saw."""

    def do_GET(self) -> None:
        body = self.headers["User-Agent"].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


class QuietServer(HTTPServer):
    """Says nothing about clients that hang up."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    made = QuietServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def client(url: str) -> HttpClient:
    clock = JumpClock()
    return HttpClient(Service.SALESFORCE, base_url=url, wiring=Wiring(clock, HalfDice(), CallBudget(clock)))


async def code_of(url: str) -> ProblemCode:
    async with client(url) as http:
        with pytest.raises(ProblemError) as caught:
            await http.request("GET", "/")
    return caught.value.problem.code


async def test_this_computer_is_reached_without_the_proxy(server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with client(f"http://127.0.0.1:{server.server_port}") as http:
        answer = await http.request("GET", "/")
    assert answer.text.startswith("acassist/")


async def test_a_closed_port_is_no_connection() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert await code_of(f"http://127.0.0.1:{port}") is ProblemCode.NO_NETWORK


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """Make the secure side of a server whose certificate nobody vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("the certificate is made with openssl")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_a_certificate_that_nobody_vouches_for_is_a_tls_problem(
    server: HTTPServer, self_signed: ssl.SSLContext
) -> None:
    server.socket = self_signed.wrap_socket(server.socket, server_side=True)
    assert await code_of(f"https://127.0.0.1:{server.server_port}") is ProblemCode.TLS


async def test_a_proxy_that_refuses_is_named_as_the_cause(server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert await code_of("https://acme.my.salesforce.example") is ProblemCode.PROXY
