"""An organisation's sign-in service, small and on this machine: OpenID Connect with keys that are thrown away."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "social-value"
SECRET = "a-client-secret-for-tests"


class Provider:
    """``person`` is who signs in there; ``faults`` names what it does wrong."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}
        self.faults: set[str] = set()
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                """Nothing of it is of interest in a test run."""

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                provider.answer(self, parts.path, query)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                provider.answer(self, urlsplit(self.path).path, form)

        return Handler

    def answer(self, handler: BaseHTTPRequestHandler, path: str, sent: dict[str, str]) -> None:
        if "away" in self.faults:
            handler.send_error(503)
            return
        if path == "/.well-known/openid-configuration":
            told = {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
            if "no sign-in page" in self.faults:
                del told["authorization_endpoint"]
            self.tell(handler, told)
        elif path == "/authorize":
            self.authorize(handler, sent)
        elif path == "/token":
            self.token(handler, sent)
        elif path == "/userinfo":
            told = dict(self.person)
            if "somebody else" in self.faults:
                told["sub"] = "somebody-else"
            self.tell(handler, told)
        elif path == "/keys":
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            self.tell(handler, {"keys": [jwk | {"kid": "1", "alg": "RS256", "use": "sig"}]})
        else:
            handler.send_error(404)

    def authorize(self, handler: BaseHTTPRequestHandler, sent: dict[str, str]) -> None:
        self.asked.append(sent)
        back = {"state": sent["state"]}
        if "refuses" in self.faults:
            back["error"] = "access_denied"
        else:
            code = f"code-{len(self.asked)}"
            self.codes[code] = sent
            back["code"] = code
        handler.send_response(302)
        handler.send_header("Location", f"{sent['redirect_uri']}?{urlencode(back)}")
        handler.end_headers()

    def token(self, handler: BaseHTTPRequestHandler, sent: dict[str, str]) -> None:
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_right = asked is not None and (
            sent.get("client_id") == CLIENT_ID
            and sent.get("client_secret") == SECRET
            and asked["code_challenge"] == proof
            and sent.get("redirect_uri") == asked["redirect_uri"]
        )
        if not is_right:
            self.tell(handler, {"error": "invalid_grant"}, status=400)
            return
        now = int(time.time())
        claims = {
            "iss": "https://elsewhere.example" if "other issuer" in self.faults else self.url,
            "aud": "somebody-else" if "other audience" in self.faults else CLIENT_ID,
            "sub": self.person["sub"],
            "iat": now - 7200 if "too old" in self.faults else now,
            "exp": now - 3600 if "too old" in self.faults else now + 300,
        }
        key: Any = self.other_key if "other key" in self.faults else self.key
        algorithm = "RS256"
        if "shared secret" in self.faults:
            key, algorithm = SECRET, "HS256"
        if "unsigned" in self.faults:
            key, algorithm = None, "none"
        token = jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "1"})
        told = {"access_token": "an-access-token", "token_type": "Bearer", "id_token": token}
        if "no token" in self.faults:
            del told["id_token"]
        self.tell(handler, told)

    def tell(self, handler: BaseHTTPRequestHandler, told: Any, status: int = 200) -> None:
        body = b"<html>not JSON" if "not JSON" in self.faults else json.dumps(told).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(body)


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join(5)
