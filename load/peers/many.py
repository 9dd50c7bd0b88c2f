"""Rows of many at once: groups of one topic, clients that ask, connections on one kind of transport or another."""

import re
import time

from brokers import JetStream, Nats, Recado
from model import Row, Side, check_stored
from rows import CONNECT, LATENCY, RANGE, SPEED, one_in_flight, recado_end, recado_publish, with_options
from tools import pump

GROUPS = 100
IN_FLIGHT = 1_000  # of a group, or of a consumer of JetStream: its default
CLIENTS = 100
CONNECTIONS = (200, 1_000)
SETTLE_S = 10
REQUEST_LIMIT_MS = 30_000
ROUND_TRIP = ("rate", "round p50", "round p99", "round p99.9", "server_cpu_us", "client_cpu_us")


def await_none(what, count):
    """What was acknowledged last may still be on its way to where `count` looks."""
    end = time.monotonic() + SETTLE_S
    while (left := count()) and time.monotonic() < end:
        time.sleep(0.05)
    check_stored(what, left, 0)


# ---- one topic, many groups


def recado_groups(run, size=128, groups=GROUPS):
    topic = "f" + run.key
    run.broker.do(f"TOPIC:CREATE:{topic}")
    metrics = pump(
        "workers",
        run.broker,
        count=run.count,
        subscribers=groups,
        each=True,
        dialect="recado",
        **RANGE,
        frame=f"PUB:{topic}:{size}\\n{{P:{size}}}\\n",
        sub_hello=f"SUB:{topic}:g{{c}}:{IN_FLIGHT}:first\\nPING\\n",
        sub_ready="PONG\\n",
    )
    check_stored(topic, recado_end(run.broker, topic), run.count)
    check_stored("groups", len(run.broker.groups(topic)), groups)
    await_none(f"{topic} unfinished", lambda: sum(group["backlog"] for group in run.broker.groups(topic)))
    run.broker.do(f"TOPIC:DELETE:{topic}")
    return metrics | {"copies": groups}


def jetstream_consumers(run, size=128, consumers=GROUPS):
    stream, names = "f" + run.key, [f"c{index}" for index in range(consumers)]
    run.broker.request(
        f"$JS.API.STREAM.CREATE.{stream}", {"name": stream, "subjects": [f"{stream}.>"], "storage": "file"}
    )
    for name in names:
        config = {
            "durable_name": name,
            "deliver_subject": f"push-{stream}-{name}",
            "deliver_policy": "all",
            "ack_policy": "explicit",
            "max_ack_pending": IN_FLIGHT,
        }
        run.broker.request(
            f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{name}", {"stream_name": stream, "config": config}
        )
    metrics = pump(
        "workers",
        run.broker,
        count=run.count,
        subscribers=consumers,
        each=True,
        dialect="nats",
        replies="lines:2",
        hello=CONNECT + "SUB reply 1\\r\\nPING\\r\\n",
        ready="PONG\\r\\n",
        frame=f"PUB {stream}.a reply {size}\\r\\n{{P:{size}}}\\r\\n",
        sub_hello=CONNECT + f"SUB push-{stream}-c{{c}} 1\\r\\nPING\\r\\n",
        sub_ready="PONG\\r\\n",
    )
    check_stored(stream, run.broker.request(f"$JS.API.STREAM.INFO.{stream}")["state"]["messages"], run.count)
    for name in names:
        await_none(f"{name} of {stream}", with_options(unfinished, broker=run.broker, stream=stream, consumer=name))
    run.broker.request(f"$JS.API.STREAM.DELETE.{stream}")
    return metrics | {"copies": consumers}


def unfinished(broker, stream, consumer):
    told = broker.request(f"$JS.API.CONSUMER.INFO.{stream}.{consumer}")
    return told["num_pending"] + told["num_ack_pending"]


def groups_row():
    return Row(
        f"fan-out-groups-{GROUPS}",
        f"one durable topic, 1 publisher to {GROUPS} groups, each finishes message by message",
        "128 B",
        [
            Side(
                "Recado",
                "recado",
                recado_groups,
                "fsync",
                "CONFIRM:RANGE, ACK each",
                f"credit {IN_FLIGHT:,}",
                warm_up=(10_000, 20_000),
            ),
            Side(
                "JetStream",
                "jetstream",
                jetstream_consumers,
                "file, no fsync",
                "ack each, +ACK each",
                f"{IN_FLIGHT:,} ack pending",
                warm_up=(1_000,),
            ),
        ],
        {"recado": Recado, "jetstream": JetStream},
        SPEED,
        f"Deliveries are counted, and CPU is per delivery. Recado: {GROUPS} groups of a log topic, of one member each, "
        f"on {GROUPS} connections. JetStream: {GROUPS} durable push consumers of one stream (deliver_policy all, "
        f"ack_policy explicit, max_ack_pending {IN_FLIGHT:,}, each with a delivery subject of its own), on {GROUPS} "
        "connections. Publishing is pipelined on both, and ahead of the readers; a run ends when every message was "
        "delivered to everyone and the broker has read every acknowledgement. Afterwards both are asked whether "
        "anything is left unfinished.",
    )


# ---- requests


def as_round_trip(metrics):
    return {name.replace("answer ", "round "): value for name, value in metrics.items()}


def recado_requests(run, size=128, clients=CLIENTS, durability="memory"):
    topic = "r" + run.key
    run.broker.do(f"TOPIC:CREATE:{topic}:kind=queue&durability={durability}")
    metrics = pump(
        "request",
        run.broker,
        count=run.count,
        publishers=clients,
        subscribers=1,
        dialect="recado",
        reply=f"{{P:{size}}}",
        replies="lines:2",
        hello="PING\\n",
        ready="PONG\\n",
        frame=f"REQ:{topic}:{REQUEST_LIMIT_MS}:{size}\\n{{P:{size}}}\\n",
        sub_hello=f"SUB:{topic}:queue\\nPING\\n",
        sub_ready="PONG\\n",
    )
    check_stored(topic, recado_end(run.broker, topic), run.count)
    run.broker.do(f"TOPIC:DELETE:{topic}")
    return as_round_trip(metrics)


def nats_requests(run, size=128, clients=CLIENTS):
    subject = "r" + run.key
    metrics = pump(
        "request",
        run.broker,
        count=run.count,
        publishers=clients,
        subscribers=1,
        dialect="nats",
        reply=f"{{P:{size}}}",
        replies="lines:2",
        hello=CONNECT + f"SUB _INBOX.{subject}.{{c}} 1\\r\\nPING\\r\\n",
        ready="PONG\\r\\n",
        frame=f"PUB {subject} _INBOX.{subject}.{{c}} {size}\\r\\n{{P:{size}}}\\r\\n",
        sub_hello=CONNECT + f"SUB {subject} 1\\r\\nPING\\r\\n",
        sub_ready="PONG\\r\\n",
    )
    return as_round_trip(metrics)


def request_row():
    window = f"{CLIENTS} × 1"
    return Row(
        f"request-{CLIENTS}",
        f"request and reply, {CLIENTS} clients with one request in flight each, one responder",
        "128 B",
        [
            Side(
                "Recado", "recado", recado_requests, "memory", "REP each", window, warm_up=(50_000, 200_000, 200_000)
            ),
            Side("NATS core", "nats", nats_requests, "none", "reply each", window, warm_up=(50_000,)),
            Side(
                "Recado, durable topic",
                "recado",
                with_options(recado_requests, durability="fsync"),
                "fsync",
                "REP each",
                window,
                warm_up=(50_000,),
                ratio=False,
            ),
        ],
        {"recado": Recado, "nats": Nats},
        ROUND_TRIP,
        "Times in µs, from a request to its reply. Request and reply are as large. Recado: `REQ` to a queue topic, "
        "answered with `REPLY` (which acknowledges the request). NATS: each client has one inbox and sends its "
        "requests with it as the reply subject. The clients are one thread, the responder is another one of the same "
        "process. NATS core keeps no request, nor does the memory topic; the durable topic syncs each before the "
        "responder gets it.",
    )


# ---- connections, on io_uring and on epoll


def transport_of(broker):
    """What the broker says that it uses."""
    told = re.search(r"ready in \d+ ms on (\w+):", broker.ready_line())
    return told.group(1) if told else None


def publish_on(run, transport, **how):
    """A broker that fell back to another transport would be measured under the wrong name."""
    found = run.context.setdefault("transport", transport_of(run.broker))
    if found != transport:
        runs_on = f"runs on {found}" if found else "does not say what it runs on"
        raise RuntimeError(f"node.io={transport} was asked for, but the broker {runs_on}")
    return recado_publish(run, **how)


def io_row(connections):
    def side(transport):
        return Side(
            transport,
            transport,
            with_options(publish_on, transport=transport, **one_in_flight(connections)),
            "fsync",
            "CONFIRM:RANGE",
            f"{connections:,} × 1",
            warm_up=(200_000, 300_000),
            pace="io",
        )

    def broker(transport):
        return lambda directory: Recado(directory / transport, settings=(f"node.io={transport}",))

    transports = ("io_uring", "epoll")
    return Row(
        f"io-{connections}",
        f"publish from {connections:,} connections, one message in flight each, on io_uring beside epoll",
        "128 B",
        [side(transport) for transport in transports],
        {transport: broker(transport) for transport in transports},
        SPEED + LATENCY,
        "One build, two brokers. Both run the same number of messages in a round, and swap places every round. Answer "
        "times in µs, from sending a message to its confirmation.",
        reverses=True,
    )


def rows():
    return [groups_row(), request_row(), *(io_row(connections) for connections in CONNECTIONS)]
