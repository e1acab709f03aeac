"""The processes of one local run: started in sessions of their own, written down with their start time, stopped by what is written down.

A process is known by (pid, start time), so that a pid used again by somebody else is never signalled.
"""

import json
import os
import pathlib
import pwd
import signal
import subprocess
import time

STOPPED_LATER = {"mail-sink": 1, "tls-proxy": 1, "postgres": 2}


def start_time(pid):
    """When the process was started, in clock ticks since boot; None if it is gone or a zombie."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


class Processes:
    """What runs, kept in a file that `down` reads."""

    def __init__(self, data):
        self.file = data / "processes.json"
        self.logs = data / "log"
        self.children = {}

    def records(self):
        try:
            return json.loads(self.file.read_text())
        except (OSError, ValueError):
            return []

    def alive(self):
        return [record for record in self.records() if start_time(record["pid"]) == record["start"]]

    def start(self, name, command, user=None, stop=signal.SIGTERM):
        """Starts `command` with its output in log/<name>.log. `stop` is the signal that ends it in good order."""
        self.logs.mkdir(exist_ok=True)
        log = open(self.logs / f"{name}.log", "ab")
        identity = {}
        if user:
            entry = pwd.getpwnam(user)
            identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": os.getgrouplist(user, entry.pw_gid)}
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/", **identity)
        self.children[name] = child
        record = {"name": name, "pid": child.pid, "start": start_time(child.pid), "stop": int(stop)}
        whole = self.file.with_suffix(".new")
        whole.write_text(json.dumps(self.records() + [record]))
        whole.rename(self.file)
        return child

    def ended(self, name):
        """The exit status of a process that should run and does not; None while it runs."""
        return self.children[name].poll()

    def log_tail(self, name, lines=15):
        return "\n".join((self.logs / f"{name}.log").read_text(errors="replace").splitlines()[-lines:])

    def stop(self, patience=45):
        """Stops everything: first the services, then what they need while they drain."""
        alive = self.alive()
        for turn in range(len(STOPPED_LATER) + 1):
            group = [record for record in alive if STOPPED_LATER.get(record["name"], 0) == turn]
            for record in group:
                self._signal(record, record["stop"])
            until = time.monotonic() + patience
            while any(self._runs(record) for record in group):
                if time.monotonic() > until:
                    for record in group:
                        self._signal(record, signal.SIGKILL)
                time.sleep(0.05)
        self.file.unlink(missing_ok=True)

    def _runs(self, record):
        for child in self.children.values():
            child.poll()  # Reaps our own.
        return start_time(record["pid"]) == record["start"]

    def _signal(self, record, number):
        if self._runs(record):
            os.kill(record["pid"], number)
