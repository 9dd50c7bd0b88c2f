"""Recado and its peers: start on loopback with a temporary data directory, ask, stop by process id."""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_bytes(pid):
    return int(re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) * 1024


def first_line(command):
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return (result.stdout or result.stderr).strip().splitlines()[0]


class Broker:
    """One process. Subclasses give the command, and what it takes to see that it accepts work."""

    settings = ""
    start_limit_s = 60
    stop_limit_s = 20

    def __init__(self, directory):
        self.directory = pathlib.Path(directory) / type(self).__name__
        self.process = None
        self.port = None
        self.listeners = {}  # ports by name, where a broker has several

    @property
    def pid(self):
        return self.process.pid

    def start(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.prepare()
        self.output = open(self.directory / "output.txt", "wb")
        self.process = subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output, cwd=self.directory
        )
        deadline = time.monotonic() + self.start_limit_s
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.command()} did not start: {self.text_of_output()[-2000:]}")
            time.sleep(0.002)
        return self

    def prepare(self):
        pass

    def is_ready(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def text_of_output(self):
        return (self.directory / "output.txt").read_text(errors="replace")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(self.stop_limit_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.close()

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
        self.close()

    def close(self):
        if self.process:
            self.process.wait()
            self.output.close()

    def remove(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def ask(self, text, end, limit_s=60):
        """Sends text on a connection of its own and reads up to `end` (a regular expression at the end)."""
        pattern = re.compile(end.encode() + rb"\Z", re.S)
        with socket.create_connection(("127.0.0.1", self.port), timeout=limit_s) as connection:
            connection.sendall(text.encode())
            answer = b""
            while not pattern.search(answer):
                chunk = connection.recv(65536)
                if not chunk:
                    raise RuntimeError(f"{text!r} was answered {answer!r}, then the end")
                answer += chunk
        return answer.decode()


class Recado(Broker):
    """As users start it; `settings` are --set options, `flags` those of the Java virtual machine."""

    jar = HERE.parent.parent / "target" / "recado.jar"
    extra = ()  # --set options that every one gets, behind its own
    flags = ()

    def __init__(self, directory, flags=(), settings=(), jar=None):
        super().__init__(directory)
        self.jar = jar or type(self).jar
        self.flags = tuple(flags)
        self.sets = (*settings, *type(self).extra)

    @property
    def settings(self):
        return " ".join([*self.flags, *(f"--set {one}" for one in self.sets)])

    def start(self):
        try:
            return super().start()
        except RuntimeError as failure:
            unknown = re.search(r"unknown setting ([a-z0-9.-]+)", str(failure))
            if not unknown:
                raise
            raise RuntimeError(f"{self.jar.name} does not know the setting {unknown.group(1)}") from None

    def prepare(self):
        self.ports = self.directory / "ports.json"
        self.ports.unlink(missing_ok=True)

    def command(self):
        options = [part for one in self.sets for part in ("--set", one)]
        return [
            "java",
            *self.flags,
            "-jar",
            str(self.jar),
            "broker",
            "--data",
            str(self.directory / "data"),
            "--free-ports",
            "--ports-file",
            str(self.ports),
            *options,
        ]

    def is_ready(self):
        ready = self.ports.exists() and "recado ready" in self.text_of_output()
        if ready:
            self.listeners = json.loads(self.ports.read_text())
            self.port = self.listeners["text"]
        return ready

    def ready_ms(self):
        return int(re.search(r"recado ready in (\d+) ms", self.text_of_output()).group(1))

    def ready_line(self):
        return re.search(r"^recado ready.*$", self.text_of_output(), re.M).group(0)

    def do(self, *commands):
        """Administration: each command must be answered OK."""
        for command in commands:
            answer = self.ask(command + "\n", "\n")
            if not answer.startswith("OK:"):
                raise RuntimeError(f"{command} was answered {answer}")

    def do_all(self, commands):
        """The same, pipelined over one connection."""
        answers = self.ask("".join(command + "\n" for command in commands) + "PING\n", "PONG\n").splitlines()[:-1]
        refused = [answer for answer in answers if not answer.startswith("OK:")]
        if refused or len(answers) != len(commands):
            raise RuntimeError(f"{len(commands)} commands, {len(answers)} answers, first refusal {refused[:1]}")

    def describe(self, topic):
        return json.loads(self.ask(f"TOPIC:DESCRIBE:{topic}\n", r"\n\.\n").splitlines()[0])

    def groups(self, topic):
        return [json.loads(line) for line in self.ask(f"GROUP:LIST:{topic}\n", r"\.\n").splitlines()[:-1]]

    def version(self):
        return "Recado " + self.ask("HELLO:compare\n", "\n").split(":")[2].removeprefix("recado/")


class Redis(Broker):
    settings = "appendonly yes, appendfsync always, no snapshots, no rewrite of the append-only file during the run"

    def command(self):
        return [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(self.directory),
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--save",
            "",
            "--auto-aof-rewrite-percentage",
            "0",
        ]

    def version(self):
        return "Redis " + re.search(r"v=(\S+)", first_line(["redis-server", "--version"])).group(1)


class Nats(Broker):
    settings = "defaults"

    def command(self):
        return ["nats-server", "-a", "127.0.0.1", "-p", str(self.port)]

    def version(self):
        return "NATS " + first_line(["nats-server", "--version"]).split()[-1].lstrip("v")


class JetStream(Nats):
    settings = "file store; it does not fsync before it answers"

    def command(self):
        return [*super().command(), "-js", "-sd", str(self.directory / "store")]

    def request(self, subject, body=None):
        text = json.dumps(body) if body is not None else ""
        answer = self.ask(
            'CONNECT {"verbose":false}\r\nSUB answer 1\r\n' f"PUB {subject} answer {len(text)}\r\n{text}\r\n",
            r"MSG answer 1 \d+\r\n.*\}\r\n",
        )
        result = json.loads(answer[answer.rindex("MSG answer") :].splitlines()[1])
        if "error" in result:
            raise RuntimeError(f"{subject} was answered {result['error']}")
        return result


class Beanstalkd(Broker):
    settings = "binlog, -f0 (synced for each command)"

    def command(self):
        return ["beanstalkd", "-l", "127.0.0.1", "-p", str(self.port), "-b", str(self.directory), "-f0"]

    def version(self):
        return first_line(["beanstalkd", "-v"])
