"""Kafka, through its own performance tools; Recado beside it through the pump."""

import re
import subprocess

from brokers import Broker, Recado, cpu_s, free_port
from model import Row, Side
from rows import SPEED, fill, read_options, recado_publish, with_options
from tools import HERE, pump

LIBRARIES = HERE / "target" / "kafka"
CLUSTER = "cmVjYWRvLXBlZXJzLTAwMQ"  # any 16 bytes in base64
TOOLS = "org.apache.kafka.tools."
TOOL_LIMIT_S = 120
PRODUCER = ["acks=all", "batch.size=65536", "linger.ms=5"]
# Enough for the tools' own virtual machine to get warm: they start anew each time.
RECORDS = {128: 2_000_000, 1024: 600_000}


class Kafka(Broker):
    settings = (
        "one KRaft node, one partition, its own flushing (no fsync before the answer), -Xms1g -Xmx1g, "
        "producer " + " ".join(PRODUCER)
    )

    def java(self, *arguments):
        if not LIBRARIES.exists():
            raise RuntimeError("Kafka is not installed: load/peers/install kafka")
        return ["java", "-cp", f"{LIBRARIES}/*", *arguments]

    def prepare(self):
        self.properties = str(self.directory / "server.properties")
        controller = free_port()
        with open(self.properties, "w") as file:
            file.write(
                "\n".join(
                    [
                        "process.roles=broker,controller",
                        "node.id=1",
                        f"controller.quorum.voters=1@127.0.0.1:{controller}",
                        f"listeners=PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller}",
                        "controller.listener.names=CONTROLLER",
                        f"log.dirs={self.directory / 'logs'}",
                        "offsets.topic.replication.factor=1",
                        "offsets.topic.num.partitions=1",
                        "group.initial.rebalance.delay.ms=0",
                        "",
                    ]
                )
            )
        subprocess.run(
            self.java("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", self.properties),
            check=True,
            capture_output=True,
            timeout=TOOL_LIMIT_S,
        )

    def command(self):
        return self.java("-Xms1g", "-Xmx1g", "kafka.Kafka", self.properties)

    def is_ready(self):
        return super().is_ready() and self.tool("TopicCommand", "--list", check=False).returncode == 0

    def tool(self, name, *arguments, check=True):
        command = self.java(TOOLS + name, *arguments)
        if name != "ProducerPerformance":
            command += ["--bootstrap-server", f"127.0.0.1:{self.port}"]
        return subprocess.run(command, check=check, capture_output=True, text=True, timeout=TOOL_LIMIT_S)

    def version(self):
        return "Kafka " + next(LIBRARIES.glob("kafka_2.13-*.jar")).stem.removeprefix("kafka_2.13-")


def produce(broker, topic, size):
    broker.tool("TopicCommand", "--create", "--topic", topic, "--partitions", "1", "--replication-factor", "1")
    before = cpu_s(broker.pid)
    result = broker.tool(
        "ProducerPerformance",
        "--topic",
        topic,
        "--num-records",
        str(RECORDS[size]),
        "--record-size",
        str(size),
        "--throughput",
        "-1",
        "--producer-props",
        f"bootstrap.servers=127.0.0.1:{broker.port}",
        *PRODUCER,
    )
    used = cpu_s(broker.pid) - before
    sent, rate = re.findall(r"^(\d+) records sent, ([\d.]+) records/sec .* 99.9th", result.stdout, re.M)[-1]
    if int(sent) != RECORDS[size]:
        raise RuntimeError(f"Kafka took {sent} records instead of {RECORDS[size]}")
    return {"rate": float(rate), "server_cpu_us": used * 1e6 / RECORDS[size]}


def kafka_produce(run, size):
    metrics = produce(run.broker, "t" + run.key, size)
    run.broker.tool("TopicCommand", "--delete", "--topic", "t" + run.key)
    return metrics


def kafka_consume(run, size):
    topic = f"full-{size}"
    if ("kafka", topic) not in run.context:
        run.context["kafka", topic] = produce(run.broker, topic, size)
    before = cpu_s(run.broker.pid)
    result = run.broker.tool(
        "ConsumerPerformance",
        "--topic",
        topic,
        "--messages",
        str(RECORDS[size]),
        "--timeout",
        "30000",
        "--group",
        "g" + run.key,
    )
    used = cpu_s(run.broker.pid) - before
    names, values = [line.split(", ") for line in result.stdout.splitlines() if "," in line][-2:]
    found = dict(zip(names, values))
    consumed = int(found["data.consumed.in.nMsg"])
    if consumed < RECORDS[size]:
        raise RuntimeError(f"Kafka delivered {consumed} records instead of {RECORDS[size]}: {result.stderr[-500:]}")
    return {"rate": float(found["fetch.nMsg.sec"]), "server_cpu_us": used * 1e6 / consumed}


def recado_consume(run, size):
    topic, group = f"full-{size}", "g" + run.key
    fill(run, topic, RECORDS[size], size)
    run.broker.do(f"GROUP:CREATE:{topic}:{group}:from=first")
    metrics = pump("flow", run.broker, **read_options(topic, group, RECORDS[size]))
    run.broker.do(f"GROUP:DELETE:{topic}:{group}")
    return metrics


def produce_row(size):
    publish = with_options(recado_publish, size=size)
    loose = with_options(recado_publish, size=size, durability="os")
    return Row(
        f"kafka-produce-{size}",
        "publish, beside Kafka through its own producer",
        f"{size} B",
        [
            Side("Recado", "recado", publish, "fsync", "CONFIRM:RANGE", "free", warm_up=(1_000_000, 2_000_000)),
            Side(
                "Kafka",
                "kafka",
                with_options(kafka_produce, size=size),
                "page cache",
                "acks=all",
                "5 batches",
                "ProducerPerformance (Java)",
                warm_up=(0,),
            ),
            Side(
                "Recado, os", "recado", loose, "page cache", "CONFIRM:RANGE", "free", warm_up=(300_000,), ratio=False
            ),
        ],
        {"recado": Recado, "kafka": Kafka},
        SPEED,
        f"The clients differ: Kafka's tool makes each record in Java, starts anew for each of its runs "
        f"({RECORDS[size]:,} records) and shares the cores with the broker; the pump sends frames made before. Compare "
        "the broker's CPU rather than messages/s.",
    )


def consume_row(size):
    return Row(
        f"kafka-consume-{size}",
        "consume what is stored, beside Kafka through its own consumer",
        f"{size} B",
        [
            Side(
                "Recado",
                "recado",
                with_options(recado_consume, size=size),
                "fsync",
                "auto",
                "credit auto",
                warm_up=(0,),
            ),
            Side(
                "Kafka",
                "kafka",
                with_options(kafka_consume, size=size),
                "page cache",
                "offsets now and then",
                "fetch",
                "ConsumerPerformance (Java)",
                warm_up=(0,),
            ),
        ],
        {"recado": Recado, "kafka": Kafka},
        SPEED,
        f"{RECORDS[size]:,} messages from the first, by a new group each time. Kafka's rate leaves out the time that "
        "its consumer takes to join. The clients differ: Kafka's takes batches apart in Java, the pump counts lines.",
    )


def rows():
    return [produce_row(128), produce_row(1024), consume_row(128), consume_row(1024)]
