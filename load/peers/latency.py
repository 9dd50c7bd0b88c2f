"""Latency at a fixed rate: every time counts from when a message was meant to be sent."""

from brokers import JetStream, Recado
from model import Row, Side
from rows import CONNECT, RANGE, jetstream_publish, probe_disk, recado_publish, with_options
from tools import pump

RATE = 2_000
SECONDS_MIN = 6
WARM_UP = 300_000
DELIVERY = ("deliver p50", "deliver p99", "deliver p99.9")
ANSWER = ("answer p50", "answer p99", "answer p99.9")


def counts(run, rate=RATE):
    """The first second is sent but not recorded."""
    return {"rate": rate, "skip": rate, "count": int(rate * (1 + max(run.seconds, SECONDS_MIN)))}


def recado_paced(run, size=128):
    if run.is_warm_up:
        recado_publish(run.of(WARM_UP))
    topic = "l" + run.key
    run.broker.do(f"TOPIC:CREATE:{topic}")
    metrics = pump(
        "paced",
        run.broker,
        subscribers=1,
        **RANGE,
        frame=f"PUB:{topic}:{size}\\n{{T:{size}}}\\n",
        sub_hello=f"SUB:{topic}:g:auto:first\\nPING\\n",
        sub_ready="PONG\\n",
        **counts(run),
    )
    run.broker.do(f"TOPIC:DELETE:{topic}")
    return metrics


def jetstream_paced(run, size=128):
    if run.is_warm_up:
        jetstream_publish(run.of(WARM_UP))
    stream = "l" + run.key
    run.broker.request(
        f"$JS.API.STREAM.CREATE.{stream}", {"name": stream, "subjects": [f"{stream}.>"], "storage": "file"}
    )
    run.broker.request(
        f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.c",
        {
            "stream_name": stream,
            "config": {
                "durable_name": "c",
                "deliver_subject": f"push-{stream}",
                "ack_policy": "none",
                "deliver_policy": "all",
            },
        },
    )
    metrics = pump(
        "paced",
        run.broker,
        replies="lines:2",
        subscribers=1,
        ready="PONG\\r\\n",
        sub_ready="PONG\\r\\n",
        hello=CONNECT + "SUB reply 1\\r\\nPING\\r\\n",
        frame=f"PUB {stream}.a reply {size}\\r\\n{{T:{size}}}\\r\\n",
        sub_hello=CONNECT + f"SUB push-{stream} 1\\r\\nPING\\r\\n",
        **counts(run),
    )
    run.broker.request(f"$JS.API.STREAM.DELETE.{stream}")
    return metrics


def disk_as_delivery(run, rate=0):
    metrics = probe_disk(run, rate)
    return {name: metrics[name.replace("deliver", "answer")] for name in DELIVERY}


def rows():
    return [
        Row(
            "latency",
            f"publish to delivery at {RATE:,} messages/s",
            "128 B",
            [
                Side(
                    "Recado", "recado", recado_paced, "fsync", "CONFIRM:RANGE", f"open loop, {RATE:,}/s", warm_up=(0,)
                ),
                Side(
                    "JetStream",
                    "jetstream",
                    jetstream_paced,
                    "file, no fsync",
                    "ack each",
                    f"open loop, {RATE:,}/s",
                    warm_up=(0,),
                ),
                Side("bare disk", None, disk_as_delivery, "fdatasync", "–", "1", "fsync-probe, 4 KiB"),
                Side(
                    f"bare disk at {RATE:,}/s",
                    None,
                    with_options(disk_as_delivery, rate=RATE),
                    "fdatasync",
                    "–",
                    f"open loop, {RATE:,}/s",
                    "fsync-probe, 4 KiB",
                ),
            ],
            {"recado": Recado, "jetstream": JetStream},
            DELIVERY + ANSWER + ("server_cpu_us",),
            "µs from the intended time of a message to its delivery and to its confirmation. One publisher and one "
            "consumer (Recado: a group, credit auto; JetStream: a push consumer without acknowledgements), each on a "
            f"connection of its own. Before the first round each broker took {WARM_UP:,} messages free-running and one "
            "run at this rate.",
        )
    ]
