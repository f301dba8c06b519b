"""A page in a real Chromium, spoken to through its debugging pipe: no driver to install, no port to open."""

import base64
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.conftest import skip

_QUIET = (
    "--disable-gpu",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_PATIENCE = 60.0


class Chromium:
    """One browser with one page.

    Attributes:
        complaints: errors and warnings of the page, in order.
        requests: every address that it asked for.
    """

    def __init__(self, home: Path) -> None:
        path = shutil.which("chromium")
        if path is None:
            skip("chromium is not installed: no page is looked at")
        read_here, written_there = os.pipe()
        read_there, self._out = os.pipe()
        # Chromium reads commands from 3 and answers on 4.
        command = ["bash", "-c", f'exec "$0" "$@" 3<&{read_there} 4>&{written_there}', str(path)]
        command += [
            "--headless",
            "--no-sandbox",
            "--remote-debugging-pipe",
            f"--user-data-dir={home}",
            *_QUIET,
        ]
        self._process = subprocess.Popen(
            command,
            pass_fds=(read_there, written_there),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        os.close(read_there)
        os.close(written_there)
        self._in = os.fdopen(read_here, "rb")
        self._number = 0
        self._buffer = b""
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._loaded = False
        self._session: str | None = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def close(self) -> None:
        self._process.kill()
        self._process.wait(30)
        os.close(self._out)
        self._in.close()

    def send(self, method: str, **params: Any) -> Any:
        """The answer to a command of the DevTools protocol."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            more = self._in.read1(1 << 20)
            assert more, "chromium has gone"
            self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        self._listen(message.get("method"), message.get("params", {}))
        return message

    def _listen(self, event: str | None, params: dict[str, Any]) -> None:
        if event == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(params["exceptionDetails"])[:500])
        elif event == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(arg.get("value")) for arg in params["args"]))
        elif event == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complaints.append(params["entry"]["text"])
        elif event == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif event == "Page.loadEventFired":
            self._loaded = True

    def look(self, width: int, height: int, *, dark: bool = False) -> None:
        """The window's size in pixels, and whether the system is dark."""
        mobile = width < 700
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=mobile,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, url: str) -> None:
        """Load the page, its scripts included."""
        for each in ("about:blank", url):  # from one hash to another would be no new page
            self._loaded = False
            self.send("Page.navigate", url=each)
            while not self._loaded:
                self._next()

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self.send(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            awaitPromise=True,
            allowUnsafeEvalBlockedByCSP=False,  # else the page may for a while do what it may not
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, script: str) -> Any:
        """The expression's value as soon as it is true."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if found := self.run(script):
                return found
        raise AssertionError(f"never true: {script}; complaints: {self.complaints}")

    def picture(self, path: Path) -> None:
        """A screenshot of the window, as PNG."""
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"]))
