"""A stand-in for W&B's service: it answers what `wandb.Api` of the installed version asks for runs.

It is made from what wandb 0.31 was seen to send (GraphQL over one POST address, histories through its process
`wandb-core`), not from W&B's own description. Every operation that it does not know is answered with an
error, so that a test tells when another version asks otherwise.
"""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from toolkit.leaderboard.sources.wandb_run import WandbRun
from toolkit.runs import Status
from toolkit.runs.values import encode

KEY = "k" * 40
_STATES = {Status.COMPLETED: "finished", Status.FAILED: "failed", Status.INTERRUPTED: "crashed"}


@dataclass
class StandIn:
    """One project of one entity, and what was asked.

    Attributes:
        refuses: answers everything with this status.
        asked: names of the operations, in order.
    """

    path: str
    runs: Sequence[WandbRun]
    url: str = ""
    refuses: int | None = None
    asked: list[str] = field(default_factory=list)

    def answer(self, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
        if operation == "Viewer":
            about = {"id": "1", "entity": "me", "username": "me", "email": "me@example.org", "flags": "{}"}
            return {"viewer": {**about, "teams": {"edges": []}}}
        if operation == "GetDefaultEntity":
            return {"viewer": {"id": "1", "entity": "me"}}
        if f"{variables['entity']}/{variables['project']}" != self.path:
            return {"project": None}
        if operation == "Runs":
            return {"project": self._page(variables["cursor"], variables["perPage"])}
        return {"project": {"run": self._of_run(operation, variables)}}

    def _page(self, cursor: str | None, count: int) -> dict[str, Any]:
        begin = int(cursor or 0)
        shown = list(enumerate(self.runs))[begin : begin + count]
        edges = [{"node": _node(run), "cursor": str(number + 1)} for number, run in shown]
        more = begin + count < len(self.runs)
        page = {"edges": edges, "pageInfo": {"endCursor": str(begin + len(shown)), "hasNextPage": more}}
        return {"internalId": "1", "runCount": len(self.runs), "readOnly": True, "runs": page}

    def _of_run(self, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
        name = next(variables[key] for key in ("name", "runName", "run") if key in variables)
        [run] = [run for run in self.runs if run.id == name]
        if operation == "RunHistoryKeys":
            return {"historyKeys": {"lastStep": max((row["_step"] for row in run.rows), default=-1)}}
        if operation == "RunParquetHistory":
            return {"parquetHistory": {"parquetUrls": [], "liveData": []}}
        if operation == "HistoryPage":
            first, end = variables["minStep"], variables["maxStep"]
            return {"history": [json.dumps(row) for row in run.rows if first <= row["_step"] < end]}
        raise KeyError(operation)


def _node(run: WandbRun) -> dict[str, Any]:
    nothing = dict.fromkeys(("sweepName", "commit", "description", "systemMetrics"))
    return {
        **nothing,
        "projectId": "1",
        "id": f"id of {run.id}",
        "name": run.id,
        "displayName": run.id,
        "tags": [],
        "state": _STATES.get(run.status, "running"),
        "config": json.dumps({name: {"value": encode(value)} for name, value in run.config.items()}),
        "group": run.group,
        "jobType": run.job,
        "readOnly": True,
        "createdAt": "2026-11-26T02:00:00Z",
        "heartbeatAt": "2026-11-26T02:00:00Z",
        "notes": run.notes,
        "summaryMetrics": json.dumps({"toolkit": dict(run.note)} if run.note else {}),
        "historyLineCount": len(run.rows),
        "user": {"name": "me", "username": "me"},
        "historyKeys": {"lastStep": len(run.rows) - 1},
    }


@contextmanager
def serving(stand_in: StandIn) -> Iterator[StandIn]:
    """The stand-in on a free port of the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            operation = re.search(r"query (\w+)", asked["query"])[1]  # type: ignore[index]
            stand_in.asked.append(operation)
            if stand_in.refuses is not None:
                self._send(stand_in.refuses, {"errors": [{"message": "no"}]})
                return
            try:
                answer = {"data": stand_in.answer(operation, asked.get("variables") or {})}
            except KeyError as error:
                answer = {"errors": [{"message": f"the stand-in does not know {error}"}]}
            self._send(200, answer)

        def _send(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
