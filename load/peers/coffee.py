"""The coffee shop, a whole application over AMQP 0-9-1: the same processes on Recado and on RabbitMQ."""

import hashlib
import os
import pathlib
import subprocess
import threading
import time

from brokers import Recado, cpu_s, free_port, rss_bytes
from model import Row, Side
from rabbitmq import RabbitMq

SCALES = {1_000: 1_000, 100: 300}  # by rows of a batch; a thousand is about 3.5 million rows
SEED = 1
WARM_UPS = 3  # brokers and nodes are compiled while they work
STAGES = ("filter-year", "filter-hour", "filter-amount", "group-month-item", "group-semester-store", "group-store-user")
QUERIES = ("q1", "q2", "q3", "q4")
FLAGS = ("-Xmx128m", "-XX:+UseSerialGC")
GENERATE_LIMIT_S = 120
START_LIMIT_S = 60
RUN_LIMIT_S = 600
STOP_LIMIT_S = 20
LOOK_S = 0.2


class Nodes:
    """A gateway, a worker of each stage and the four aggregators, as processes of one JAR on one broker."""

    def __init__(self, directory, jar, amqp_port):
        self.directory = directory
        self.jar = jar
        self.amqp = f"amqp://guest:guest@127.0.0.1:{amqp_port}"
        self.port = free_port()
        self.processes = {}

    def commands(self):
        gateway = ["gateway", "--port", str(self.port), "--state", str(self.directory / "gateway")]
        workers = {stage: ["worker", stage] for stage in STAGES}
        aggregators = {query: ["aggregator", query, "--state", str(self.directory / query)] for query in QUERIES}
        return {"gateway": gateway, **workers, **aggregators}

    def start(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            for name, command in self.commands().items():
                with open(self.directory / f"{name}.txt", "wb") as output:
                    self.processes[name] = subprocess.Popen(
                        coffee(self.jar, *command, "--amqp", self.amqp),
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=output,
                    )
            self.await_gateway()
        except BaseException:
            self.stop()
            raise

    def await_gateway(self):
        deadline = time.monotonic() + START_LIMIT_S
        told = self.directory / "gateway.txt"
        while "ready on" not in told.read_text(errors="replace"):
            self.check()
            if time.monotonic() > deadline:
                raise RuntimeError(f"the gateway did not start: {told.read_text(errors='replace')[-500:]}")
            time.sleep(0.05)

    def check(self):
        for name, process in self.processes.items():
            if process.poll() is not None:
                told = (self.directory / f"{name}.txt").read_text(errors="replace")
                raise RuntimeError(f"{name} ended with {process.returncode}: {told[-500:]}")

    def stop(self):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def pids(self):
        return [process.pid for process in self.processes.values()]


class WithNodes:
    """A broker whose nodes start and stop with it."""

    nodes = None

    def start(self):
        super().start()
        try:
            self.nodes = Nodes(self.directory / "nodes", getattr(self, "jar", Recado.jar), self.listeners["amqp"])
            self.nodes.start()
        except BaseException:
            super().stop()
            raise
        return self

    def stop(self):
        if self.nodes:
            self.nodes.stop()
        super().stop()


class RecadoShop(WithNodes, Recado):
    pass


class RabbitMqShop(WithNodes, RabbitMq):
    pass


def coffee(jar, *arguments):
    return ["java", *FLAGS, "-jar", str(jar), "coffee", *arguments]


def input_of(directory, jar, scale):
    """The files of the data set, made once for all runs of the row; and how many rows they have."""
    files = directory / "input"
    if not (files / "transaction_items.csv").exists():
        command = coffee(jar, "generate", "--scale", str(scale), "--seed", str(SEED), "--to", str(files))
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=GENERATE_LIMIT_S)
    return files, sum(rows_of(file) for file in files.glob("*.csv"))


def rows_of(file):
    with open(file, "rb") as lines:
        return sum(1 for _ in lines) - 1


def digest(results):
    """Of the answers, whatever the session is called."""
    files = sorted(results.glob("session_*/*.csv"))
    if len(files) != 5:
        raise RuntimeError(f"{len(files)} files of answers instead of 5")
    return hashlib.sha256(b"".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()


class Memory:
    """The greatest resident memory of some processes together, looked at while they work."""

    def __init__(self, broker, others):
        self.broker, self.others = broker, others
        self.of_broker = self.of_all = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.look)

    def look(self):
        while not self.ended.wait(LOOK_S):
            try:
                broker = rss_bytes(self.broker)
                everything = broker + sum(map(rss_bytes, self.others))
            except (OSError, AttributeError):  # the client has just ended
                continue
            self.of_broker, self.of_all = max(self.of_broker, broker), max(self.of_all, everything)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


class Shop:
    """What the runs of one row have in common: the input, and the answers of the first run."""

    def __init__(self, batch_rows):
        self.batch_rows = batch_rows
        self.answers = None

    def session(self, run):
        nodes = run.broker.nodes
        nodes.check()
        files, count = input_of(run.directory, nodes.jar, SCALES[self.batch_rows])
        results = run.broker.directory / run.key
        told = run.broker.directory / f"{run.key}.txt"
        command = coffee(nodes.jar, "client", "--gateway", f"127.0.0.1:{nodes.port}")
        command += ["--input", str(files), "--results", str(results), "--batch-rows", str(self.batch_rows)]
        before = {pid: cpu_s(pid) for pid in (run.broker.pid, *nodes.pids())}
        began = time.monotonic()
        with open(told, "wb") as output:
            client = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            with Memory(run.broker.pid, [*nodes.pids(), client.pid]) as memory:
                client_s = wait_for(client, began + RUN_LIMIT_S)
            seconds = time.monotonic() - began
        finally:
            client.kill()
            client.wait()
        text = told.read_text(errors="replace")
        if client.returncode or "complete=true" not in text:
            raise RuntimeError(f"the client ended with {client.returncode}: {text[-500:]}")
        used = {pid: cpu_s(pid) - start for pid, start in before.items()}
        self.check_same(digest(results))
        return {
            "rate": count / seconds,
            "server_cpu_us": used.pop(run.broker.pid) * 1e6 / count,
            "client_cpu_us": (sum(used.values()) + client_s) * 1e6 / count,
            "broker RSS MiB": memory.of_broker / 2**20,
            "RSS of all MiB": memory.of_all / 2**20,
            "rows": count,
        }

    def check_same(self, answers):
        self.answers = self.answers or answers
        if answers != self.answers:
            raise RuntimeError("the answers differ from those of the first run")


def wait_for(client, deadline):
    """Until it has ended; answers the processor time that it took."""
    while time.monotonic() < deadline:
        pid, status, used = os.wait4(client.pid, os.WNOHANG)
        if pid:
            client.returncode = os.waitstatus_to_exitcode(status)
            return used.ru_utime + used.ru_stime
        time.sleep(0.01)
    raise RuntimeError(f"the client has not ended within {RUN_LIMIT_S} s")


def coffee_row(batch_rows):
    shop = Shop(batch_rows)

    def side(name, broker):
        told = ("fsync", "256 in flight a node", "prefetch by node", "12 JVMs")
        return Side(name, broker, shop.session, *told, warm_up=(0,) * WARM_UPS)

    return Row(
        "coffee" if batch_rows == 1_000 else f"coffee-{batch_rows}",
        "the analytics of `recado coffee`, a client's session from its start to its end",
        f"rows of some 45 B, up to {batch_rows:,} in a message of AMQP",
        [side("Recado", "recado"), side("RabbitMQ", "rabbitmq")],
        {"recado": RecadoShop, "rabbitmq": RabbitMqShop},
        ("rate", "server_cpu_us", "client_cpu_us", "broker RSS MiB", "RSS of all MiB"),
        f"Messages are rows of the five files of `generate --scale {SCALES[batch_rows]}`, and µs a row are s a million "
        "rows. A gateway, a worker of each stage and the four aggregators run beside each broker all the time, of the "
        f"same JAR; before the first round {WARM_UPS} sessions went through. The client is started for each run, and "
        "its start counts. Client CPU is that of all processes but the broker. Memory is the greatest resident one "
        "seen during the run. The answers of all runs are compared.",
        long=True,
        rounds_max=9,
    )


def rows():
    return [coffee_row(batch_rows) for batch_rows in SCALES]
