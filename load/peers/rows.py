"""Rows that compare Recado with a peer, doing the same work through the same client."""

import functools

from brokers import Beanstalkd, JetStream, Nats, Recado, Redis
from model import Row, Side, check_stored
from tools import fsync_probe, pump

SPEED = ("rate", "server_cpu_us", "client_cpu_us")
VOLUME = ("rate", "MB/s", "server_cpu_us", "client_cpu_us")
LATENCY = ("answer p50", "answer p99", "answer p99.9")
RANGE = {"replies": "range", "hello": "CONFIRM:RANGE\\nPING\\n", "ready": "PONG\\n"}
CONNECT = 'CONNECT {"verbose":false}\\r\\n'


def publish(run, how, **options):
    """`how` may have the mode of the pump, the number of publishers, their window and the limit."""
    how = {"mode": "flow", **how}
    return pump(how.pop("mode"), run.broker, count=run.count, **how, **options)


# ---- Recado


def recado_end(broker, topic):
    return broker.describe(topic)["partition-figures"][0]["end"]


def recado_publish(run, size=128, confirm="RANGE", durability="fsync", **how):
    topic = "t" + run.key
    run.broker.do(f"TOPIC:CREATE:{topic}:durability={durability}")
    metrics = publish(
        run,
        how,
        replies="range",
        hello=f"CONFIRM:{confirm}\\nPING\\n",
        ready="PONG\\n",
        frame=f"PUB:{topic}:{size}\\n{{P:{size}}}\\n",
    )
    check_stored(topic, recado_end(run.broker, topic), run.count)
    run.broker.do(f"TOPIC:DELETE:{topic}")
    return with_megabytes(metrics, size)


def with_megabytes(metrics, size):
    return metrics | {"MB/s": metrics["rate"] * size / 1e6}


def recado_tap(run, size, taps):
    topic = "m" + run.key
    run.broker.do(f"TOPIC:CREATE:{topic}:durability=memory")
    metrics = pump(
        "flow",
        run.broker,
        count=run.count,
        subscribers=taps,
        hello="CONFIRM:NONE\\nPING\\n",
        ready="PONG\\n",
        frame=f"PUB:{topic}:{size}\\n{{P:{size}}}\\n",
        sub_hello=f"SUB:{topic}:*\\nPING\\n",
        sub_ready="PONG\\n",
    )
    run.broker.do(f"TOPIC:DELETE:{topic}")
    return metrics | {"copies": taps}


def recado_workers(run, size=128, workers=3, credit=256, dialect="recado"):
    topic = "q" + run.key
    run.broker.do(f"TOPIC:CREATE:{topic}:kind=queue")
    metrics = pump(
        "workers",
        run.broker,
        count=run.count,
        subscribers=workers,
        dialect=dialect,
        **RANGE,
        frame=f"PUB:{topic}:{size}\\n{{P:{size}}}\\n",
        sub_hello=f"SUB:{topic}:queue:{credit}\\nPING\\n",
        sub_ready="PONG\\n",
    )
    check_stored(topic, recado_end(run.broker, topic), run.count)
    check_stored(topic + " unfinished", run.broker.describe(topic)["backlog"], 0)
    run.broker.do(f"TOPIC:DELETE:{topic}")
    return metrics


def fill(run, topic, count, size=128):
    """Once a row: a topic whose first message is still needed, because a group stands there."""
    if topic not in run.context:
        run.broker.do(f"TOPIC:CREATE:{topic}", f"GROUP:CREATE:{topic}:keep:from=first")
        pump("flow", run.broker, limit_s=600, count=count, frame=f"PUB:{topic}:{size}\\n{{P:{size}}}\\n", **RANGE)
        run.context[topic] = True


def read_options(topic, group, count):
    return {
        "publishers": 0,
        "subscribers": 1,
        "count": count,
        "sub_hello": "PING\\n",
        "sub_ready": "PONG\\n",
        "start": f"SUB:{topic}:{group}:auto:first\\n",
    }


# ---- peers


def redis_publish(run, size=128, **how):
    stream = "s" + run.key
    words = ["*5", "$4", "XADD", f"${len(stream)}", stream, "$1", "*", "$1", "f", f"${size}", f"{{P:{size}}}", ""]
    frame = "\\r\\n".join(words)
    metrics = publish(
        run,
        how,
        replies="lines:2",
        hello="PING\\r\\n",
        ready="+PONG\\r\\n",
        frame=frame,
    )
    check_stored(stream, int(run.broker.ask(f"XLEN {stream}\r\n", "\r\n")[1:]), run.count)
    run.broker.ask(f"DEL {stream}\r\n", "\r\n")
    return with_megabytes(metrics, size)


def jetstream_publish(run, size=128, **how):
    stream = "s" + run.key
    run.broker.request(
        f"$JS.API.STREAM.CREATE.{stream}", {"name": stream, "subjects": [f"{stream}.>"], "storage": "file"}
    )
    metrics = publish(
        run,
        how,
        replies="lines:2",
        hello=CONNECT + "SUB reply.{c} 1\\r\\nPING\\r\\n",
        ready="PONG\\r\\n",
        frame=f"PUB {stream}.a reply.{{c}} {size}\\r\\n{{P:{size}}}\\r\\n",
    )
    check_stored(stream, run.broker.request(f"$JS.API.STREAM.INFO.{stream}")["state"]["messages"], run.count)
    run.broker.request(f"$JS.API.STREAM.DELETE.{stream}")
    return with_megabytes(metrics, size)


def nats_subscribe(run, size, taps):
    subject = "m" + run.key
    metrics = pump(
        "flow",
        run.broker,
        count=run.count,
        subscribers=taps,
        hello=CONNECT + "PING\\r\\n",
        ready="PONG\\r\\n",
        frame=f"PUB {subject} {size}\\r\\n{{P:{size}}}\\r\\n",
        sub_hello=CONNECT + f"SUB {subject} 1\\r\\nPING\\r\\n",
        sub_ready="PONG\\r\\n",
    )
    return metrics | {"copies": taps}


def beanstalkd_workers(run, size=128, workers=3, depth=1):
    tube = "q" + run.key
    metrics = pump(
        "workers",
        run.broker,
        count=run.count,
        subscribers=workers,
        dialect="beanstalkd",
        depth=depth,
        replies="lines:1",
        hello=f"use {tube}\\r\\n",
        ready=f"USING {tube}\\r\\n",
        frame=f"put 0 0 60 {size}\\r\\n{{P:{size}}}\\r\\n",
        sub_hello=f"watch {tube}\\r\\nignore default\\r\\n",
        sub_ready="WATCHING 1\\r\\n",
    )
    return metrics


# ---- the rows


def with_options(work, **options):
    return functools.partial(work, **options)


def publish_pipelined():
    return Row(
        "publish",
        "publish, pipelined over one connection",
        "128 B",
        [
            Side(
                "Recado",
                "recado",
                recado_publish,
                "fsync",
                "CONFIRM:RANGE",
                "free",
                warm_up=(1_000_000, 3_000_000, 3_000_000),
            ),
            Side("Redis XADD", "redis", redis_publish, "fsync", "reply each", "free", warm_up=(100_000,)),
            Side(
                "JetStream", "jetstream", jetstream_publish, "file, no fsync", "ack each", "free", warm_up=(100_000,)
            ),
        ],
        {"recado": Recado, "redis": Redis, "jetstream": JetStream},
        SPEED,
        "Free: the client sends as fast as TCP takes it and reads all answers.",
    )


def publish_sized(size):
    warm = max(100, 200_000_000 // size)
    return Row(
        f"publish-{size}",
        "publish, pipelined over one connection",
        f"{size} B",
        [
            Side(
                "Recado",
                "recado",
                with_options(recado_publish, size=size),
                "fsync",
                "CONFIRM:RANGE",
                "free",
                warm_up=(warm, warm),
            ),
            Side(
                "Redis XADD",
                "redis",
                with_options(redis_publish, size=size),
                "fsync",
                "reply each",
                "free",
                warm_up=(warm // 4,),
            ),
            Side(
                "JetStream",
                "jetstream",
                with_options(jetstream_publish, size=size),
                "file, no fsync",
                "ack each",
                "free",
                warm_up=(warm // 4,),
            ),
        ],
        {"recado": Recado, "redis": Redis, "jetstream": JetStream},
        VOLUME if size >= 16_384 else SPEED,
        "Free: the client sends as fast as TCP takes it and reads all answers.",
    )


def one_in_flight(connections):
    """Options of a publish; the limit leaves time to connect, and for a busy machine."""
    return {"mode": "window", "publishers": connections, "limit_s": 300}


def publish_window(connections):
    many, window = one_in_flight(connections), f"{connections:,} × 1"
    return Row(
        f"publish-{connections}",
        f"publish from {connections:,} connections, one message in flight each",
        "128 B",
        [
            Side(
                "Recado",
                "recado",
                with_options(recado_publish, **many),
                "fsync",
                "CONFIRM:RANGE",
                window,
                warm_up=(200_000, 300_000),
            ),
            Side(
                "Redis XADD",
                "redis",
                with_options(redis_publish, **many),
                "fsync",
                "reply each",
                window,
                warm_up=(50_000,),
            ),
            Side(
                "JetStream",
                "jetstream",
                with_options(jetstream_publish, **many),
                "file, no fsync",
                "ack each",
                window,
                warm_up=(50_000,),
            ),
            Side("bare disk", None, probe_disk, "fdatasync", "–", "1", "fsync-probe, 4 KiB"),
        ],
        {"recado": Recado, "redis": Redis, "jetstream": JetStream},
        SPEED + LATENCY,
        "Answer times in µs, from sending a message to its confirmation.",
    )


def probe_disk(run, rate=0):
    result = fsync_probe(run.directory, rate=rate)
    return {"rate": result["rate"]} | {name: result[name.replace("answer", "sync")] for name in LATENCY}


def tap(size, taps):
    name = f"tap-{size}" if taps == 1 else f"fan-out-{size}"
    return Row(
        name,
        f"memory topic, 1 publisher to {taps} subscriber{'s' * (taps > 1)}",
        f"{size} B",
        [
            Side(
                "Recado",
                "recado",
                with_options(recado_tap, size=size, taps=taps),
                "memory",
                "CONFIRM:NONE",
                "free",
                warm_up=(2_000_000 // taps, 4_000_000 // taps),
            ),
            Side(
                "NATS core",
                "nats",
                with_options(nats_subscribe, size=size, taps=taps),
                "memory",
                "none",
                "free",
                warm_up=(500_000 // taps,),
            ),
        ],
        {"recado": Recado, "nats": Nats},
        SPEED,
        "Deliveries are counted, and CPU is per delivery.",
    )


def work_queue():
    return Row(
        "work-queue",
        "publish, deliver to 3 workers, each finishes message by message",
        "128 B",
        [
            Side(
                "Recado",
                "recado",
                recado_workers,
                "fsync",
                "CONFIRM:RANGE, ACK each",
                "credit 256",
                warm_up=(1_000_000, 5_000_000, 6_000_000),
            ),
            Side(
                "Recado, ACK! each",
                "recado",
                with_options(recado_workers, dialect="recado-confirmed"),
                "fsync",
                "CONFIRM:RANGE, ACK! each",
                "credit 256",
                warm_up=(3_000_000,),
                ratio=False,
            ),
            Side(
                "beanstalkd",
                "beanstalkd",
                with_options(beanstalkd_workers, depth=1),
                "fsync",
                "INSERTED, DELETED each",
                "1 reserve",
                warm_up=(3_000,),
            ),
            Side(
                "beanstalkd, piped",
                "beanstalkd",
                with_options(beanstalkd_workers, depth=256),
                "fsync",
                "INSERTED, DELETED each",
                "256 reserves",
                warm_up=(3_000,),
            ),
        ],
        {"recado": Recado, "beanstalkd": Beanstalkd},
        SPEED,
        "Publishing is pipelined on both. Recado pushes up to the credit and makes acknowledgements durable behind the "
        "worker's back (ACK! answers once it has); beanstalkd gives one job per reserve and answers each delete: a "
        "worker has one reserve outstanding, sent together with the delete before it, or 256 of them.",
    )


def rows():
    sizes = (128, 1024, 16)
    return [
        publish_pipelined(),
        *(publish_sized(size) for size in (1024, 16_384, 131_072, 262_144, 1_048_576)),
        publish_window(200),
        publish_window(1_000),
        *(tap(size, 1) for size in sizes),
        *(tap(size, 10) for size in sizes),
        work_queue(),
    ]
