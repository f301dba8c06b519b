"""An HTTP proxy whose faults a test switches while it runs: errors, delays, answers that are lost."""

import http.client
import http.server
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit


class Fault(Enum):
    """What becomes of a call.

    ERROR: it is answered with 500, and the server never sees it.
    LOSE: the server does it, and the answer is lost.
    LATE: the client loses the line, and the server does it after the client's next `runs/search`.
    """

    ERROR = "error"
    LOSE = "lose"
    LATE = "late"


@dataclass(frozen=True)
class Call:
    """A call that arrived: `path` without its query."""

    method: str
    path: str
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        return json.loads(self.body or b"{}")


class Proxy:
    """Passes calls on to `upstream` (a URL), save for those with a fault.

    Attributes:
        fault: asked for every call; none by default.
        delay: seconds before a call is passed on.
        calls: everything that arrived, in its order.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.fault: Callable[[Call], Fault | None] = lambda call: None
        self.delay = 0.0
        self.calls: list[Call] = []
        self.held: list[tuple[Call, str, dict[str, str]]] = []
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def pass_on(self, call: Call, target: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the server's answer."""
        line = http.client.HTTPConnection(self.upstream, timeout=60)
        try:
            line.request(call.method, target, call.body, {**headers, "Host": self.upstream})
            answer = line.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            line.close()


class _Handler(http.server.BaseHTTPRequestHandler):
    proxy: Proxy

    def _handle(self) -> None:
        proxy = self.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call(self.command, urlsplit(self.path).path, body)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        with proxy.lock:
            proxy.calls.append(call)
            fault = proxy.fault(call)
            if fault is Fault.LATE:
                proxy.held.append((call, self.path, headers))
        if fault is Fault.LATE:
            return
        if fault is Fault.ERROR:
            self.send_error(500)
            return
        time.sleep(proxy.delay)
        try:
            status, answered, content = proxy.pass_on(call, self.path, headers)
        except OSError:
            return  # the server is away, and so are we
        if call.path.endswith("/runs/search"):
            with proxy.lock:
                held, proxy.held = proxy.held, []
            for late in held:
                proxy.pass_on(*late)
        if fault is not Fault.LOSE:
            self._answer(status, answered, content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _handle  # noqa: N815

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass
