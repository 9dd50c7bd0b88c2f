"""libzmq at both ends, in turn through libzmq's own proxy and through Recado's ZMTP listeners."""

import json

from brokers import Broker, Recado
from model import Row, Side
from rows import SPEED, with_options
from tools import TARGET, flat, run_tool

PROGRAM = TARGET / "zmq-pump"
SIZES = (128, 1024, 16)
AHEAD = 500
ROUND_SIZE = 128
ROUND_TRIP = ("rate", "round p50", "round p99", "round p99.9", "server_cpu_us", "client_cpu_us")
MEMORY = "zmtp.pipeline.durability=memory"

# Where senders and where receivers connect, by mode of zmq-pump: keys of Recado's ports file.
LISTENERS = {
    "push-pull": ("zmtp-pull", "zmtp-push"),
    "pub-sub": ("zmtp-xsub", "zmtp-xpub"),
    "req-rep": ("zmtp-router", "zmtp-dealer"),
}


def program():
    if not PROGRAM.exists():  # build() left it out
        raise RuntimeError("libzmq3-dev is not installed: load/peers/install debian")
    return str(PROGRAM)


class ZmqProxy(Broker):
    """zmq_proxy between the two sockets of a mode; it has the ends that Recado has, under the same names."""

    settings = "zmq_proxy, default socket options, one I/O thread"

    def __init__(self, directory, mode):
        super().__init__(directory)
        self.mode = mode
        self.library = "unknown"

    def prepare(self):
        self.program = program()

    def command(self):
        return [self.program, "proxy", self.mode]

    def is_ready(self):
        text = self.text_of_output()
        if not text.endswith("}\n"):
            return False
        told = json.loads(text)
        self.listeners = dict(zip(LISTENERS[self.mode], (told["to"], told["from"])))
        self.library = told["libzmq"]
        return True

    def version(self):
        return f"libzmq {self.library}"


def zmq_pump_command(mode, broker, limit_s, options):
    missing = [name for name in LISTENERS[mode] if name not in broker.listeners]
    if missing:
        raise RuntimeError(f"{type(broker).__name__} has no listener {' and no '.join(missing)}")
    to_port, from_port = (broker.listeners[name] for name in LISTENERS[mode])
    fixed = {"to": to_port, "from": from_port, "pid": broker.pid, "limit": limit_s}
    return [program(), mode, *(f"--{name}={value}" for name, value in {**fixed, **options}.items())]


def zmq_pump(mode, broker, limit_s=60, **options):
    return flat(run_tool(zmq_pump_command(mode, broker, limit_s, options), limit_s))


def with_drops(metrics, sent, subscribers):
    """`copies` is what came of a message on average, so that the next run is as long as this one was meant to be."""
    return metrics | {
        "copies": metrics["messages"] / sent,
        "dropped %": 100 * metrics["dropped"] / (sent * subscribers),
    }


def push_pull(run, size):
    return zmq_pump("push-pull", run.broker, count=run.count, size=size)


def pub_sub(run, size, subscribers, ahead):
    options = {"count": run.count, "size": size, "subscribers": subscribers, "ahead": ahead}
    return with_drops(zmq_pump("pub-sub", run.broker, **options), run.count, subscribers)


def req_rep(run, size):
    return zmq_pump("req-rep", run.broker, size=size, seconds=max(1, round(run.seconds)))


# ---- the rows


def proxy(mode):
    return lambda directory: ZmqProxy(directory, mode)


def memory_pipeline(directory):
    return Recado(directory / "memory", settings=(MEMORY,))


def sides(work, window, recado_warm_up, proxy_warm_up):
    return [
        Side("Recado", "recado", work, "memory", "none", window, "libzmq", warm_up=recado_warm_up),
        Side("zmq_proxy", "proxy", work, "memory", "none", window, "libzmq", warm_up=proxy_warm_up),
    ]


def push(size):
    return Row(
        f"zmq-push-{size}",
        "ZMTP, PUSH to PULL, memory topic",
        f"{size} B",
        sides(with_options(push_pull, size=size), "free", (500_000, 1_000_000, 1_000_000), (500_000,)),
        {"recado": memory_pipeline, "proxy": proxy("push-pull")},
        SPEED,
        "One PUSH, one PULL. Every message came, in order.",
    )


def push_durable(size):
    work, warm_up = with_options(push_pull, size=size), (500_000, 1_000_000, 1_000_000)
    return Row(
        f"zmq-push-durable-{size}",
        "ZMTP, PUSH to PULL, durable topic beside memory topic",
        f"{size} B",
        [
            Side("Recado, durable", "durable", work, "fsync", "none", "free", "libzmq", warm_up=warm_up),
            Side("Recado, memory", "memory", work, "memory", "none", "free", "libzmq", warm_up=warm_up),
        ],
        {"durable": lambda directory: Recado(directory / "durable"), "memory": memory_pipeline},
        SPEED,
        "One PUSH, one PULL, a broker for each kind. A PUSH gets no confirmation: a run ends with the last delivery.",
    )


def pub(size, subscribers, ahead):
    plural = "s" * (subscribers > 1)
    readers = "on one thread" if subscribers > 1 else "on a thread of its own"
    if ahead:
        pace = f"The publisher waits when a subscriber is {ahead} messages behind: next to nothing is dropped."
    else:
        pace = "The publisher runs free: the broker drops what a subscriber does not take in time."
    work = with_options(pub_sub, size=size, subscribers=subscribers, ahead=ahead)
    warm_up = (1_000_000 // subscribers, 2_000_000 // subscribers)
    return Row(
        f"zmq-pub-{subscribers}-{size}" + ("-ahead" if ahead else ""),
        f"ZMTP, PUB to {subscribers} SUB{plural}, {'as fast as the slowest takes it' if ahead else 'free-running'}",
        f"{size} B",
        sides(work, f"{ahead} ahead" if ahead else "free", warm_up, warm_up[:1]),
        {"recado": Recado, "proxy": proxy("pub-sub")},
        (*SPEED, "dropped %"),
        f"Deliveries are counted, and CPU is per delivery. {subscribers} SUB{plural} {readers}. {pace}",
    )


def req():
    return Row(
        "zmq-req",
        "ZMTP, REQ to REP and back, one request at a time",
        f"{ROUND_SIZE} B",
        sides(with_options(req_rep, size=ROUND_SIZE), "1", (0, 0), (0,)),
        {"recado": Recado, "proxy": proxy("req-rep")},
        ROUND_TRIP,
        "Times in µs, from a request to its reply; a run's first half second is not recorded. zmq_proxy is between "
        "ROUTER and DEALER.",
    )


def rows():
    return [
        *(push(size) for size in SIZES),
        *(pub(size, count, ahead) for count in (1, 10) for ahead in (0, AHEAD) for size in SIZES),
        *(push_durable(size) for size in SIZES),
        req(),
    ]
