"""AMQP 0-9-1: RabbitMQ and Recado through RabbitMQ's PerfTest, and through sessions in C where PerfTest has none."""

import contextlib
import json
import subprocess
import time

from brokers import Recado, cpu_s, rss_bytes
from model import Row, Side, check_stored, tell
from perftest import perftest
from rabbitmq import RabbitMq, Session
from rows import SPEED, with_options
from solo import collected_heap, collected_rss
from tools import TARGET, flat, run_tool

SECONDS_MIN = 10
SKIP_S = 5
DURABLE = ["--flag", "persistent", "--confirm", "200", "--multi-ack-every", "50", "--qos", "200", "--size", "128"]
DELIVERY = ("deliver p50", "deliver p99", "answer p50", "answer p99")

RATE = 2_000
LATENCY_INTERVAL_S = 10  # one interval is the window, so that its percentiles are of every message in it

QUEUES = 1_000
QUEUE_RATES = (10, 8, 5, 4, 2, 1)  # messages a second of each queue, from the greatest on
QUEUE_RATE_ALONE = 5  # where there is no RabbitMQ to ask
QUEUE_SKIP_S = 20  # until 2,000 connections stand and the client is warm
KEPT_UP = 0.95
LATENCY_MAX_US = 1_000_000
QUIET_CORES = 0.1
QUIET_LIMIT_S = 120

CONNECTIONS = 1_000
CHANNELS = 2
WARM_CONNECTIONS = 20
SETTLE_S = 3
CHURN_QUEUE = "churn"
AT_ONCE = 20


def through_perftest(run, options, skip_s=SKIP_S, interval_s=1):
    """Queues are this run's own."""
    return perftest(run.broker, [one.format(key=run.key) for one in options], run.seconds, skip_s, interval_s)


def sides(options, durability, confirm, window, **how):
    work = with_options(through_perftest, options=options, **how)
    told = (durability, confirm, window, "PerfTest (Java)")
    both = (("Recado", "recado"), ("RabbitMQ", "rabbitmq"))
    return [Side(name, broker, work, *told, warm_up=(0, 0)) for name, broker in both]


def brokers():
    return {"recado": Recado, "rabbitmq": RabbitMq}


WINDOW = (
    f"Rate and processor time are those of a window that begins {SKIP_S} s after PerfTest has begun to publish, since "
    "it starts cold each time; both brokers had one such run before. "
)


def transient_row():
    return Row(
        "amqp-transient",
        "AMQP 0-9-1, 1 publisher to 1 consumer, transient, no acknowledgements",
        "128 B",
        sides(
            ["--producers", "1", "--consumers", "1", "--autoack", "--size", "128", "--queue", "t{key}"],
            "memory",
            "none",
            "free",
        ),
        brokers(),
        SPEED,
        WINDOW + "What is counted is delivered. The queue is not durable and goes with its consumer.",
        seconds_min=SECONDS_MIN,
    )


def fanout_row():
    return Row(
        "amqp-fanout",
        "AMQP 0-9-1, 1 publisher through a fanout exchange to 10 queues with a consumer each, transient",
        "1 KiB",
        sides(
            [
                *("--producers", "1", "--consumers", "10", "--autoack", "--size", "1024"),
                *("--type", "fanout", "--exchange", "f{key}"),
            ],
            "memory",
            "none",
            "free",
        ),
        brokers(),
        SPEED,
        WINDOW + "Deliveries are counted, and CPU is per delivery. The queues have names of the broker's.",
        seconds_min=SECONDS_MIN,
    )


def durable_row(quorum):
    durable = [*DURABLE, "--producers", "1", "--consumers", "1", "--queue", "d{key}"]
    kind = "quorum" if quorum else "classic"
    return Row(
        "amqp-quorum" if quorum else "amqp-durable",
        f"AMQP 0-9-1, 1 publisher to 1 consumer, durable and confirmed, beside a {kind} queue",
        "128 B",
        sides(
            durable + ["--quorum-queue"] * quorum, "fsync", "200 in flight", "prefetch 200, ack of 50", skip_s=SKIP_S
        ),
        brokers(),
        SPEED,
        WINDOW
        + "What is counted is delivered. Messages are persistent."
        + " RabbitMQ's quorum queue has one replica; to Recado it is the same as a classic one." * quorum,
        seconds_min=SECONDS_MIN,
    )


def latency_row():
    return Row(
        "amqp-latency",
        f"AMQP 0-9-1, publish to delivery at {RATE:,} messages/s, durable and confirmed",
        "128 B",
        sides(
            [*DURABLE, "--producers", "1", "--consumers", "1", "--queue", "l{key}", "--rate", str(RATE)],
            "fsync",
            f"{RATE:,}/s, 200 in flight",
            "prefetch 200, ack of 50",
            skip_s=LATENCY_INTERVAL_S,
            interval_s=LATENCY_INTERVAL_S,
        ),
        brokers(),
        (*DELIVERY, "rate", "server_cpu_us"),
        f"µs from the call that publishes to the delivery, and to the confirmation, as PerfTest measures and prints "
        f"them for its second {LATENCY_INTERVAL_S} s; the first are not looked at. A publisher that has 200 "
        "unconfirmed waits, and that time counts in no latency: look at the rate too.",
        seconds_min=LATENCY_INTERVAL_S,
        rounds_max=9,
    )


# ---- many queues


def queue_options(run, rate):
    """A publisher and a consumer for each, with a connection each. A consumer acknowledges message by message: at so
    low a rate 50 would wait for seconds."""
    return [
        *("--flag", "persistent", "--confirm", "200", "--qos", "200", "--size", "128"),
        *("--producers", str(QUEUES), "--consumers", str(QUEUES)),
        *("--queue-pattern", f"q{run.key}-{rate}-%d", "--queue-pattern-from", "1", "--queue-pattern-to", str(QUEUES)),
        *("--publishing-interval", f"{1 / rate:g}"),
        # Not a thread for each of 2,000 connections.
        *("--nio-threads", "2", "--consumers-thread-pools", "2", "--producer-scheduler-threads", "2"),
        *("--heartbeat-sender-threads", "2", "--producer-random-start-delay", "1"),
    ]


def await_quiet(broker):
    """Until it has ended what the run before has left: queues that go with their consumers, and what was in them."""
    end = time.monotonic() + QUIET_LIMIT_S
    used = QUIET_CORES
    while used >= QUIET_CORES and time.monotonic() < end:
        before = cpu_s(broker.pid)
        time.sleep(1)
        used = cpu_s(broker.pid) - before


def publish_to_queues(run, rate):
    await_quiet(run.broker)
    skip_s = -(-QUEUE_SKIP_S // LATENCY_INTERVAL_S) * LATENCY_INTERVAL_S
    metrics = perftest(run.broker, queue_options(run, rate), LATENCY_INTERVAL_S, skip_s, LATENCY_INTERVAL_S)
    return metrics | {"rate a queue": rate}


def keeps_up(metrics, rate):
    return metrics["rate"] >= KEPT_UP * rate * QUEUES and metrics["deliver p99"] <= LATENCY_MAX_US


class Sustained:
    """The rate of every measured run: the greatest that RabbitMQ keeps up with, which its warm-up finds."""

    def __init__(self):
        self.rate = QUEUE_RATE_ALONE
        self.steps = []

    def search(self, run):
        self.steps = []
        for rate in QUEUE_RATES:
            metrics = publish_to_queues(run, rate)
            self.steps.append({"rate a queue": rate, "rate": metrics["rate"], "deliver p99": metrics["deliver p99"]})
            tell(f"amqp-queues, RabbitMQ at {rate}/s a queue: {metrics['rate']:.0f}/s, p99 {metrics['deliver p99']} µs")
            if keeps_up(metrics, rate):
                break
        self.rate = rate
        return metrics

    def of_recado(self, run):
        return publish_to_queues(run, self.rate)

    def of_rabbitmq(self, run):
        metrics = self.search(run) if run.is_warm_up else publish_to_queues(run, self.rate)
        return metrics | {"steps": self.steps}


def queues_row():
    sustained = Sustained()

    def side(name, broker, work):
        confirm, window = "200 in flight", "prefetch 200, ack each"
        return Side(name, broker, work, "fsync", confirm, window, "PerfTest (Java)", warm_up=(0,))

    return Row(
        "amqp-queues",
        f"AMQP 0-9-1, {QUEUES:,} durable queues, a publisher and a consumer each, at the rate that RabbitMQ sustains",
        "128 B",
        [
            side("Recado", "recado", sustained.of_recado),
            side("RabbitMQ", "rabbitmq", sustained.of_rabbitmq),
        ],
        brokers(),
        ("rate a queue", "rate", *DELIVERY, "server_cpu_us", "client_cpu_us"),
        f"µs as in `amqp-latency`, of the {LATENCY_INTERVAL_S} s that begin {QUEUE_SKIP_S} s after PerfTest has begun. "
        f"Publishers are paced ({', '.join(map(str, QUEUE_RATES))} messages/s each): the rate is the first of these, "
        f"from the greatest on, of which RabbitMQ delivers {KEPT_UP:.0%} with a p99 of at most "
        f"{LATENCY_MAX_US // 1_000_000} s, or else the last one; it is looked for once, before the first round, and "
        "every run has it. The file of `--json` has the steps. A run begins when its broker uses less than "
        f"{QUIET_CORES} cores.",
        long=True,
        starts_max=1,
        rounds_max=5,
    )


# ---- idle connections


def sessions_command(mode, port, options):
    named = [part for name, value in options.items() for part in ("--" + name.replace("_", "-"), str(value))]
    return [str(TARGET / "amqp-sessions"), mode, "--port", str(port), *named]


@contextlib.contextmanager
def held(port, count):
    """So many connections stand while the block runs."""
    command = sessions_command("hold", port, {"count": count, "channels": CHANNELS, "limit": 120})
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as client:
        told = client.stdout.readline()
        if not told:
            raise RuntimeError(f"amqp-sessions: {client.stderr.read().decode()[:300]}")
        check_stored("amqp-sessions", json.loads(told)["open"], count)
        yield
        client.stdin.close()


def idle(run, make, collect):
    """`collect(broker)` answers what the broker's virtual machine has in use and, behind that, its resident memory."""
    broker = make(run)
    try:
        broker.start()
        with held(broker.listeners["amqp"], WARM_CONNECTIONS):
            pass
        time.sleep(SETTLE_S)
        none = collect(broker)
        with held(broker.listeners["amqp"], CONNECTIONS):
            time.sleep(SETTLE_S)
            some = collect(broker)
    finally:
        broker.stop()
        broker.remove()
    return idle_metrics(none, some)


def idle_metrics(none, some):
    (heap_before, rss_before), (heap, rss) = none, some
    return {
        "RSS before MiB": rss_before / 2**20,
        f"with {CONNECTIONS:,} MiB": rss / 2**20,
        "RSS bytes a connection": (rss - rss_before) / CONNECTIONS,
        "heap bytes a connection": (heap - heap_before) / CONNECTIONS,
    }


def own_recado(run):
    return Recado(run.directory / run.key, (), run.sets, jar=run.jar)


def own_rabbitmq(run):
    return RabbitMq(run.directory / run.key)


def memory_of_recado(broker):
    rss = collected_rss(broker)
    return collected_heap(broker), rss


def memory_of_rabbitmq(broker):
    used = broker.collected_bytes()
    return used, rss_bytes(broker.pid)


def idle_row():
    def side(name, work, **how):
        return Side(name, None, work, client="amqp-sessions (C)", **how)

    return Row(
        "amqp-idle",
        f"AMQP 0-9-1, {CONNECTIONS:,} idle connections with {CHANNELS} channels each",
        "–",
        [
            side("Recado", with_options(idle, make=own_recado, collect=memory_of_recado), starts_recado=True),
            side("RabbitMQ", with_options(idle, make=own_rabbitmq, collect=memory_of_rabbitmq)),
        ],
        {},
        ("RSS before MiB", f"with {CONNECTIONS:,} MiB", "RSS bytes a connection", "heap bytes a connection"),
        f"Each run starts a broker, opens and closes {WARM_CONNECTIONS} connections, and measures before and while "
        f"{CONNECTIONS:,} stand, {SETTLE_S} s later each and after a collection: of Recado by `jcmd GC.run`, of "
        "RabbitMQ in every Erlang process. Heap: what the Java heap holds then, and what `erlang:memory` says of "
        "`processes_used` and `ets`. A heartbeat of 60 s is agreed. PerfTest has no connections without a publisher "
        "or consumer. Both with their defaults.",
        rounds_max=5,
    )


# ---- connections that come and go


def churn(run):
    port, queue = run.broker.listeners["amqp"], f"{CHURN_QUEUE}-{run.key}"
    options = {"count": run.count, "at_once": AT_ONCE, "queue": queue, "pid": run.broker.pid, "limit": 120}
    with Session(port) as session:
        session.declare(queue)
        metrics = flat(run_tool(sessions_command("churn", port, options), 120))
        check_stored(queue, session.declare(queue, passive=True), run.count)
        session.delete(queue)
    return metrics


def churn_row():
    def side(name, broker):
        told = ("memory", "none", f"{AT_ONCE} × 1", "amqp-sessions (C)")
        return Side(name, broker, churn, *told, warm_up=(10_000, 20_000))

    return Row(
        "amqp-churn",
        "AMQP 0-9-1, connect, open a channel, publish one message, close both",
        "128 B",
        [side("Recado", "recado"), side("RabbitMQ", "rabbitmq")],
        brokers(),
        ("rate", "round p50", "round p99", "server_cpu_us", "client_cpu_us"),
        f"Connections are counted, a message each; times in µs, of a connection from its beginning to its end. "
        f"{AT_ONCE} at a time, each waits for every answer, as a client library does. Afterwards the queue, which is "
        "not durable, is asked whether it holds every message. PerfTest keeps its connections, hence a client in C.",
        count_max=200_000,
    )


def rows():
    return [
        transient_row(),
        fanout_row(),
        durable_row(quorum=False),
        durable_row(quorum=True),
        latency_row(),
        queues_row(),
        idle_row(),
        churn_row(),
    ]
