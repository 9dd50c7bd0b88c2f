"""Rows about Recado alone: many topics, a backlog, restart, memory, start."""

import contextlib
import json
import re
import signal
import socket
import subprocess
import threading
import time

from brokers import Recado, cpu_s, rss_bytes
from latency import ANSWER, RATE, counts
from model import Row, Side
from rows import RANGE, SPEED, fill, read_options, with_options
from tools import ToolError, pump, pump_command

TOPICS = 1_000
BACKLOG = 20_000_000
RESTART_BYTES = 10_000_000_000
CONNECTIONS = 10_000
IDLE_TOPICS = 20_000
IDLE_PREFIX = "idle-"
IDLE_LIMIT_S = 600
IDLE_S = 30
SETTLE_S = 10  # after its last work a broker still compiles and tidies up
EACH = {"replies": "lines:1", "hello": "CONFIRM:EACH\\nPING\\n", "ready": "PONG\\n"}


# ---- many topics


def create_topics(broker, prefix, count, with_group=1):
    """Every `with_group`th has a group."""
    topics = [f"{prefix}{index}" for index in range(count)]
    commands = [f"TOPIC:CREATE:{topic}" for topic in topics]
    commands += [f"GROUP:CREATE:{topic}:g:from=first" for topic in topics[::with_group]]
    for first in range(0, len(commands), 1_000):
        broker.do_all(commands[first : first + 1_000])


def publish_round_robin(run, topics):
    prefix = f"n{topics}-"
    if prefix not in run.context:
        create_topics(run.broker, prefix, topics)
        run.context[prefix] = True
    frame = f"PUB:{prefix}{{i}}:128\\n{{P:128}}\\n"
    return pump("flow", run.broker, limit_s=180, count=run.count, variants=topics, frame=frame, **EACH)


def topics_row():
    many = with_options(publish_round_robin, topics=TOPICS)
    one = with_options(publish_round_robin, topics=1)
    warm_up = (1_000_000, 5_000_000)
    return Row(
        "topics",
        f"publish round-robin to {TOPICS:,} topics with a group each, beside one topic",
        "128 B",
        [
            Side(f"{TOPICS:,} topics", "many", many, "fsync", "CONFIRM:EACH", "free", warm_up=warm_up),
            Side("1 topic, alone", "one", one, "fsync", "CONFIRM:EACH", "free", warm_up=warm_up),
            Side(f"1 topic beside {TOPICS:,}", "many", one, "fsync", "CONFIRM:EACH", "free", warm_up=warm_up),
        ],
        {"many": lambda directory: Recado(directory / "many"), "one": lambda directory: Recado(directory / "one")},
        SPEED,
        "All sides get one answer a message: ranges would end where the topic changes, and so confirm one topic in far "
        f"fewer answers. One topic is written in a broker of its own, and in the one that holds the {TOPICS:,}. Nobody "
        "consumes: backlogs grow.",
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
    ended, codes, current, read = threading.Event(), [], [], []

    def loop():
        while not ended.is_set():
            group = f"g{run.key}-{len(codes)}"
            run.broker.do(f"GROUP:CREATE:backlog:{group}:from=first")
            command = pump_command("flow", run.broker, 60, read_options("backlog", group, BACKLOG))
            current[:] = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)]
            told = current[0].communicate()[0]
            codes.append(current[0].returncode)
            if told:
                read.append(json.loads(told))
            run.broker.do(f"GROUP:DELETE:backlog:{group}")

    reader = threading.Thread(target=loop)
    reader.start()
    time.sleep(0.5)
    try:
        yield read
    finally:
        ended.set()
        if current:
            current[0].send_signal(signal.SIGTERM)  # so that it tells how far it came
        reader.join()
    if any(codes[:-1]) or not read:  # the last one may not have begun
        raise ToolError(f"reading the backlog failed: {codes}")


def rate_of(read):
    """Of the passes together; the time between two of them does not count."""
    return sum(one["messages"] for one in read) / sum(one["seconds"] for one in read)


def publish_paced(run):
    fill(run, "backlog", BACKLOG)  # which warms publishing up
    return pump("paced", run.broker, frame="PUB:backlog:128\\n{P:128}\\n", **RANGE, **counts(run))


def publish_while_read(run):
    fill(run, "backlog", BACKLOG)
    with reading(run) as read:
        metrics = publish_paced(run)
    return metrics | {"reader rate": rate_of(read)}


def read_alone(run):
    """For as long as `publish_paced` takes."""
    fill(run, "backlog", BACKLOG)
    with reading(run) as read:
        time.sleep(counts(run)["count"] / RATE)
    return {"reader rate": rate_of(read)}


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
                    publish_while_read,
                    "fsync",
                    "CONFIRM:RANGE",
                    "open loop, 2,000/s",
                ),
                Side("nobody reads", "recado", publish_paced, "fsync", "CONFIRM:RANGE", "open loop, 2,000/s"),
                Side("nobody publishes", "recado", read_alone, "–", "auto", "credit auto"),
            ],
            {"recado": Recado},
            (*ANSWER, "reader rate"),
            "µs from the intended time to the confirmation. The reader begins half a second before the publisher, and "
            "begins again from the first message whenever it is through. The operating system may have the data in its "
            "cache.",
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
    broker = Recado(run.directory / run.key, settings=run.sets, jar=run.jar)
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
    broker = Recado(run.directory / run.key, flags, run.sets, jar=run.jar)
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


# ---- topics without traffic


def collected_heap(broker):
    """Bytes of the heap that live, after a collection."""
    subprocess.run(["jcmd", str(broker.pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
    info = subprocess.run(["jcmd", str(broker.pid), "GC.heap_info"], check=True, capture_output=True, text=True).stdout
    parts = re.findall(r"total \d+K, used (\d+)K", info)  # one with G1, one for each generation with Serial
    if not parts:
        raise RuntimeError(f"GC.heap_info says {info[:300]!r}")
    return sum(int(part) for part in parts) * 1024


def idle(run, topics, used):
    """The first run makes the topics; every run starts the broker on them, and leaves it alone."""
    broker = run.broker
    if "empty heap" not in run.context:
        run.context["empty heap"] = collected_heap(broker)
        create_topics(broker, IDLE_PREFIX, topics, with_group=2)
        if used and topics:
            publish_to_each(broker, topics)
    began = time.monotonic()
    broker.stop()
    metrics = {"stop ms": (time.monotonic() - began) * 1000} | timed_start(broker)
    time.sleep(SETTLE_S)
    used_s, began = cpu_s(broker.pid), time.monotonic()
    time.sleep(IDLE_S)
    metrics["idle CPU %"] = 100 * (cpu_s(broker.pid) - used_s) / (time.monotonic() - began)
    metrics["RSS MiB"] = rss_bytes(broker.pid) / 2**20
    heap = collected_heap(broker)
    metrics["heap MiB"] = heap / 2**20
    if topics:
        metrics["heap bytes a topic"] = (heap - run.context["empty heap"]) / topics
    return metrics


def publish_to_each(broker, topics):
    frame = f"PUB:{IDLE_PREFIX}{{i}}:128\\n{{P:128}}\\n"
    pump("flow", broker, limit_s=IDLE_LIMIT_S, count=topics, variants=topics, frame=frame, **EACH)


def idle_broker(key):
    def made(directory):
        broker = Recado(directory / key)
        broker.start_limit_s = broker.stop_limit_s = IDLE_LIMIT_S
        return broker

    return made


def idle_row(used):
    def side(name, key, topics):
        return Side(name, key, with_options(idle, topics=topics, used=used), "fsync", client="–")

    state = "with one message in each" if used else "never written to"
    return Row(
        "idle-topics-used" if used else "idle-topics",
        f"{IDLE_TOPICS:,} topics {state}, half of them with a group, and no traffic, beside none",
        "–",
        [side(f"{IDLE_TOPICS:,} topics", "full", IDLE_TOPICS), side("empty", "empty", 0)],
        {key: idle_broker(key) for key in ("full", "empty")},
        ("stop ms", "ready ms", "ready line ms", "idle CPU %", "RSS MiB", "heap MiB", "heap bytes a topic"),
        "Each run stops the broker by SIGTERM and starts it again. `ready ms` counts from the start of the process, "
        f"`ready line ms` is what the broker says. Processor time is that of {IDLE_S} s, from {SETTLE_S} s after ready "
        "on, in % of one core; then the resident memory. The heap is what lives after `jcmd GC.run`; of a topic, with "
        "its group where it has one, what it is more than that of the same broker before the topics were made."
        + " Nobody reads: a group has its one message before it." * used,
        long=True,
        rounds_max=5,
        starts_max=1,
    )


def rows():
    return [topics_row(), *backlog_rows(), *start_rows(), memory_row(), idle_row(used=False), idle_row(used=True)]
