"""Rows about Recado alone: many topics, a backlog, restart, memory, start."""

import contextlib
import resource
import socket
import subprocess
import threading
import time

from brokers import Recado, rss_bytes
from latency import ANSWER, counts
from model import Row, Side
from rows import RANGE, SPEED, fill, read_options, with_options
from tools import ToolError, pump, pump_command

TOPICS = 1_000
BACKLOG = 20_000_000
RESTART_BYTES = 10_000_000_000
CONNECTIONS = 10_000


# ---- many topics


def create_topics(broker, prefix, count):
    topics = [f"{prefix}{index}" for index in range(count)]
    broker.do_all([f"TOPIC:CREATE:{topic}" for topic in topics])
    broker.do_all([f"GROUP:CREATE:{topic}:g:from=first" for topic in topics])


def publish_round_robin(run, topics):
    prefix = f"n{topics}-"
    if prefix not in run.context:
        create_topics(run.broker, prefix, topics)
        run.context[prefix] = True
    return pump(
        "flow", run.broker, count=run.count, variants=topics, frame=f"PUB:{prefix}{{i}}:128\\n{{P:128}}\\n", **RANGE
    )


def topics_row():
    many = with_options(publish_round_robin, topics=TOPICS)
    one = with_options(publish_round_robin, topics=1)
    warm_up = (1_000_000, 5_000_000)
    return Row(
        "topics",
        f"publish round-robin to {TOPICS:,} topics with a group each, beside one topic",
        "128 B",
        [
            Side(f"{TOPICS:,} topics", "many", many, "fsync", "CONFIRM:RANGE", "free", warm_up=warm_up),
            Side("1 topic, alone", "one", one, "fsync", "CONFIRM:RANGE", "free", warm_up=warm_up),
            Side(f"1 topic beside {TOPICS:,}", "many", one, "fsync", "CONFIRM:RANGE", "free", warm_up=warm_up),
        ],
        {"many": lambda directory: Recado(directory / "many"), "one": lambda directory: Recado(directory / "one")},
        SPEED,
        f"A range ends where the topic changes, so that {TOPICS:,} topics get a confirmation per message. One topic is "
        f"written in a broker of its own, and in the one that holds the {TOPICS:,}. Nobody consumes: backlogs grow.",
    )


# ---- a backlog


def read_from_start(run):
    fill(run, "backlog", BACKLOG)
    group = "g" + run.key
    run.broker.do(f"GROUP:CREATE:backlog:{group}:from=first")
    metrics = pump("flow", run.broker, **read_options("backlog", group, run.count))
    run.broker.do(f"GROUP:DELETE:backlog:{group}")
    return metrics


def read_at_tail(run):
    fill(run, "backlog", BACKLOG)
    group = "g" + run.key
    run.broker.do(f"GROUP:CREATE:backlog:{group}:from=next")
    metrics = pump(
        "flow",
        run.broker,
        count=run.count,
        subscribers=1,
        frame="PUB:backlog:128\\n{P:128}\\n",
        sub_hello=f"SUB:backlog:{group}:auto\\nPING\\n",
        sub_ready="PONG\\n",
        **RANGE,
    )
    run.broker.do(f"GROUP:DELETE:backlog:{group}")
    return metrics


@contextlib.contextmanager
def reading(run):
    """Somebody reads the backlog from its start, and again from its start when done, until the block ends."""
    ended, passes, current = threading.Event(), [], []

    def loop():
        while not ended.is_set():
            group = f"g{run.key}-{len(passes)}"
            run.broker.do(f"GROUP:CREATE:backlog:{group}:from=first")
            command = pump_command("flow", run.broker, 60, read_options("backlog", group, BACKLOG))
            current[:] = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
            passes.append(current[0].wait())
            run.broker.do(f"GROUP:DELETE:backlog:{group}")

    reader = threading.Thread(target=loop)
    reader.start()
    time.sleep(0.5)
    try:
        yield
    finally:
        ended.set()
        if current:
            current[0].kill()
        reader.join()
    if any(code for code in passes[:-1]):
        raise ToolError(f"reading the backlog failed: {passes}")


def publish_paced(run, while_read):
    fill(run, "backlog", BACKLOG)  # which warms publishing up
    with reading(run) if while_read else contextlib.nullcontext():
        return pump("paced", run.broker, frame="PUB:backlog:128\\n{P:128}\\n", **RANGE, **counts(run))


def backlog_rows():
    what = f"with {BACKLOG:,} messages kept"
    return [
        Row(
            "backlog",
            f"a consumer from the start {what}, beside one at the tail",
            "128 B",
            [
                Side(
                    "from the start",
                    "recado",
                    read_from_start,
                    "fsync",
                    "auto",
                    "credit auto",
                    warm_up=(2_000_000, 2_000_000),
                ),
                Side(
                    "at the tail", "recado", read_at_tail, "fsync", "CONFIRM:RANGE, auto", "free", warm_up=(500_000,)
                ),
            ],
            {"recado": Recado},
            SPEED,
            "At the tail somebody publishes, free-running, and the consumer gets it live; from the "
            "start nobody publishes. The operating system may have the data in its cache.",
            long=True,
            starts_max=1,
            count_max=BACKLOG,
        ),
        Row(
            "backlog-publish",
            f"publishing at 2,000 messages/s {what}, while a consumer reads them",
            "128 B",
            [
                Side(
                    "while it reads",
                    "recado",
                    with_options(publish_paced, while_read=True),
                    "fsync",
                    "CONFIRM:RANGE",
                    "open loop, 2,000/s",
                ),
                Side(
                    "nobody reads",
                    "recado",
                    with_options(publish_paced, while_read=False),
                    "fsync",
                    "CONFIRM:RANGE",
                    "open loop, 2,000/s",
                ),
            ],
            {"recado": Recado},
            ANSWER,
            "µs from the intended time to the confirmation.",
            long=True,
            starts_max=1,
        ),
    ]


# ---- starts


def timed_start(broker):
    start = time.monotonic()
    broker.start()
    return {"ready ms": (time.monotonic() - start) * 1000, "ready line ms": broker.ready_ms()}


def start_empty(run):
    broker = Recado(run.directory / run.key, jar=run.jar)
    try:
        return timed_start(broker)
    finally:
        broker.stop()
        broker.remove()


def restart_after_kill(run):
    """Killed while it takes messages; the publisher that loses its connection is part of the picture."""
    fill(run, "restart", RESTART_BYTES // 1024, size=1024)
    command = pump_command(
        "flow", run.broker, 30, {"count": 100_000_000, "frame": "PUB:restart:1024\\n{P:1024}\\n", **RANGE}
    )
    publisher = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    run.broker.kill()
    publisher.wait()
    metrics = timed_start(run.broker)
    figures = run.broker.describe("restart")
    return metrics | {"kept GB": figures["bytes"] / 1e9}


def start_rows():
    return [
        Row(
            "start",
            "from exec to ready, empty directory",
            "–",
            [Side("Recado", None, start_empty, client="–", starts_recado=True)],
            {},
            ("ready ms", "ready line ms"),
            "`ready ms` counts from the start of the process, `ready line ms` is what the "
            "broker says, from the start of its virtual machine.",
        ),
        Row(
            "restart",
            "from exec to ready, 10 GB of 1 KiB messages on disk, after kill -9 under load",
            "1 KiB",
            [Side("Recado", "recado", restart_after_kill, "fsync")],
            {"recado": Recado},
            ("ready ms", "ready line ms", "kept GB"),
            "The operating system may have the data in its cache.",
            long=True,
            starts_max=1,
        ),
    ]


# ---- memory


def collected_rss(broker):
    subprocess.run(["jcmd", str(broker.pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
    time.sleep(0.5)
    return rss_bytes(broker.pid)


def open_sessions(broker, count):
    sockets = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", broker.port), timeout=30)
        connection.sendall(b"HELLO:idle\n")
        sockets.append(connection)
    for connection in sockets:
        if not connection.recv(100).startswith(b"OK:HELLO:"):
            raise RuntimeError("a session was refused")
    return sockets


def memory(run, flags):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    broker = Recado(run.directory / run.key, flags, jar=run.jar)
    try:
        broker.start()
        time.sleep(2)
        as_started = rss_bytes(broker.pid)
        none = collected_rss(broker)
        sockets = open_sessions(broker, CONNECTIONS)
        some = collected_rss(broker)
        for connection in sockets:
            connection.close()
    finally:
        broker.stop()
        broker.remove()
    return {
        "idle RSS MiB": as_started / 2**20,
        "collected MiB": none / 2**20,
        f"with {CONNECTIONS:,} sessions MiB": some / 2**20,
        "bytes a session": (some - none) / CONNECTIONS,
    }


def memory_row():
    return Row(
        "memory",
        f"resident memory, idle and with {CONNECTIONS:,} idle sessions",
        "–",
        [
            Side("-Xmx256m", None, with_options(memory, flags=("-Xmx256m",)), client="–", starts_recado=True),
            Side("no flags", None, with_options(memory, flags=()), client="–", ratio=False, starts_recado=True),
        ],
        {},
        ("idle RSS MiB", "collected MiB", f"with {CONNECTIONS:,} sessions MiB", "bytes a session"),
        "Idle: 2 s after the start. Collected: after `jcmd GC.run`, as is the figure with sessions; each session said "
        "HELLO and got its answer.",
        rounds_max=5,
    )


def rows():
    return [topics_row(), *backlog_rows(), *start_rows(), memory_row()]
