"""A live drill, steered from Python. Standard library only: copy this file beside your tests."""

import json
import os
import shlex
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path


class Refused(Exception):
    """The drill did not do it, and says why."""


class Drill:
    """A drill under way. Instants are those of the scenario: a phase and an offset, ``"blackout + 10s"``."""

    def __init__(self, process: subprocess.Popen, told: dict, folder: tempfile.TemporaryDirectory):
        self.url = told["url"]
        self.base_urls = told["base_urls"]
        #: What an app needs in its environment: base URLs and canary keys, under the names that SDKs read.
        self.env = told["env"]
        self._token = told["token"]
        self._process = process
        self._folder = folder
        self._since = 0

    @classmethod
    def start(cls, scenario: str, *, speed: float = 60, timeout: float = 60) -> "Drill":
        """Starts ``blackstart drill``; returns once the outage has begun. ``BLACKSTART`` names another command."""
        folder = tempfile.TemporaryDirectory(prefix="drill-")
        told, report, log = (Path(folder.name) / name for name in ("control.json", "report.json", "log.txt"))
        command = [
            *shlex.split(os.environ.get("BLACKSTART", "npx blackstart")),
            *["drill", scenario, "--speed", str(speed)],
            *["--control-file", str(told), "--report", f"json={report}"],
        ]
        with log.open("w") as out:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        until = time.monotonic() + timeout
        drill = None
        while time.monotonic() < until:
            if process.poll() is not None:
                raise RuntimeError(f"the drill ended with {process.returncode}:\n{log.read_text()}")
            if drill is None and told.exists():
                try:
                    drill = cls(process, json.loads(told.read_text()), folder)
                except json.JSONDecodeError:
                    pass  # It is being written.
            if drill is not None and drill.state()["stage"] == "outage":
                return drill
            time.sleep(0.05)
        process.kill()
        raise RuntimeError(f"the outage did not begin within {timeout} s:\n{log.read_text()}")

    def state(self) -> dict:
        return self._call("GET", "state")

    def goto(self, instant: str) -> None:
        """Moves on to an instant. Time never goes back."""
        self._call("POST", "goto", {"to": instant})

    def hold(self) -> None:
        """The phase goes on, with its faults, until ``release``."""
        self._call("POST", "hold")

    def release(self) -> None:
        self._call("POST", "release")

    def skip(self) -> None:
        """The phase ends now."""
        self._call("POST", "skip")

    def inject(self, *, surface: str, fault: str | dict, **more) -> "Injected":
        """A fault from now on, spelled as in a scenario. In a ``with``, until its end."""
        entry = self._call("POST", "inject", {"surface": surface, "fault": fault, **more})["entry"]
        return Injected(self, entry)

    def stop(self, entry: str) -> None:
        self._call("POST", "stop", {"entry": entry})

    def mark(self, mark: str, says: str | None = None) -> None:
        """A line in the journal, for people."""
        self._call("POST", "mark", {"mark": mark, **({"says": says} if says else {})})

    def journal(self, since: int = 0) -> list[dict]:
        return [json.loads(line) for line in self._send("GET", f"journal?since={since}").splitlines()]

    def watch(self) -> None:
        """``attempts`` tells of what comes from here on."""
        self._since = len(self.journal())

    def attempts(self) -> list[dict]:
        """HTTP requests that reached the providers since ``watch``, in order: surface, fault, status, outcome."""
        attempts: dict[str, dict] = {}
        for event in self.journal(self._since):
            if event["type"] == "attempt-started":
                attempts[event["attempt"]] = {
                    **{key: event.get(key) for key in ("attempt", "call", "n", "surface", "fault", "phase")},
                    "status": None,
                    "outcome": "open",
                }
            elif event.get("attempt") in attempts:
                attempt = attempts[event["attempt"]]
                attempt["status"] = event.get("status", attempt["status"])
                attempt["outcome"] = event.get("outcome", attempt["outcome"])
        return list(attempts.values())

    def verdict(self, timeout: float = 120) -> dict:
        """Waits until the drill has ended, and tells how: ``verdict``, ``exitCode``, ``reason``, ``findings``."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            try:
                answer = self._call("GET", "verdict?wait=true")
            except (urllib.error.URLError, ConnectionError):
                # It ended while nobody asked: then the report has it.
                self._process.wait(timeout)
                return json.loads((Path(self._folder.name) / "report.json").read_text())
            if "verdict" in answer:
                return answer
        raise TimeoutError(f"the drill did not end within {timeout} s")

    def close(self) -> None:
        """Ends the drill, if it has not ended; every fault ends with it."""
        if self._process.poll() is None:
            try:
                self._call("POST", "abort", {"why": "the tests are over"})
            except (Refused, urllib.error.URLError, ConnectionError):
                pass  # It is ending by itself.
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._folder.cleanup()

    def __enter__(self) -> "Drill":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _call(self, method: str, path: str, body: dict | None = None) -> dict:
        return json.loads(self._send(method, path, body))

    def _send(self, method: str, path: str, body: dict | None = None) -> str:
        request = urllib.request.Request(
            f"{self.url}/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "authorization": f"Bearer {self._token}",
                **({} if body is None else {"content-type": "application/json"}),
            },
        )
        try:
            # No proxy: the drill is on this machine.
            with _opener.open(request, timeout=90) as response:
                return response.read().decode()
        except urllib.error.HTTPError as error:
            told = json.loads(error.read())["error"]
            raise Refused(" ".join(filter(None, [told["message"], told.get("hint")]))) from None


class Injected:
    """A fault that was injected."""

    def __init__(self, drill: Drill, entry: str):
        self._drill = drill
        self.entry = entry

    def stop(self) -> None:
        self._drill.stop(self.entry)

    def __enter__(self) -> "Injected":
        return self

    def __exit__(self, *_) -> None:
        self.stop()


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
