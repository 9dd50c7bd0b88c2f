"""RabbitMQ as Debian packages it, with a node, ports, a port mapper and a home of its own; and what it can be asked."""

import os
import pathlib
import re
import socket
import struct
import subprocess

from brokers import Broker, first_line, free_port

PROGRAMS = pathlib.Path("/usr/lib/rabbitmq/bin")  # without the packager's wrappers, which change the user and the home
SERVER = PROGRAMS / "rabbitmq-server"
ADMINISTRATION_LIMIT_S = 60


class RabbitMq(Broker):
    settings = "defaults of Debian's package, no plugins"
    start_limit_s = 120

    def __init__(self, directory):
        super().__init__(directory)
        self.mapper = None

    def prepare(self):
        if not SERVER.exists():
            raise RuntimeError("RabbitMQ is not installed: load/peers/install debian")
        self.listeners = {"amqp": self.port}
        self.node = f"peer-{self.port}@localhost"
        self.mapper_port, self.internal_port = free_port(), free_port()
        (self.directory / "enabled_plugins").write_text("[].")
        # An epmd that the server started itself would outlive it.
        self.mapper = subprocess.Popen(
            ["epmd", "-address", "127.0.0.1", "-port", str(self.mapper_port)],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def command(self):
        # env and the server's own script become the server, so that the process is the one to measure.
        mine = {"HOME", *(name for name in self.environment() if name.startswith(("RABBITMQ_", "ERL_", "RUNNING_")))}
        unset = [part for name in os.environ if name.startswith(("RABBITMQ_", "ERL_")) for part in ("-u", name)]
        return ["env", *unset, *(f"{name}={self.environment()[name]}" for name in sorted(mine)), str(SERVER)]

    def environment(self):
        home = self.directory
        foreign = ("RABBITMQ_", "ERL_")
        return {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | {
            "HOME": str(home),
            "ERL_EPMD_PORT": str(self.mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.internal_port),
            "RABBITMQ_MNESIA_BASE": str(home / "data"),
            "RABBITMQ_LOG_BASE": str(home / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": str(home / "none.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(home / "none.config"),
            "RABBITMQ_CONF_ENV_FILE": str(home / "none.env"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(home / "made"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(home / "flags"),
            "RABBITMQ_PID_FILE": str(home / "pid"),
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

    def is_ready(self):
        return "Server startup complete" in self.text_of_output()

    def close(self):
        super().close()
        if self.mapper:
            self.mapper.kill()
            self.mapper.wait()

    def evaluate(self, expression):
        """What the node says to an Erlang expression."""
        command = [str(PROGRAMS / "rabbitmqctl"), "--node", self.node, "eval", expression]
        result = subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, timeout=ADMINISTRATION_LIMIT_S
        )
        if result.returncode:
            raise RuntimeError(f"rabbitmqctl eval: {(result.stdout + result.stderr).strip()[-300:]}")
        return result.stdout.strip()

    def collected_bytes(self):
        """What processes and tables of the Erlang virtual machine hold, after a collection in every process. Not its
        total: that counts a buffer of some MiB for each socket, of which hardly a page is ever touched."""
        self.evaluate("[garbage_collect(P) || P <- processes()], ok.")
        return int(self.evaluate("erlang:memory(processes_used) + erlang:memory(ets)."))

    def version(self):
        told = re.search(r"RabbitMQ (\d[\d.]*)", self.text_of_output())
        erlang = re.search(r"Erlang (\d[\d.]*)", self.text_of_output())
        return f"RabbitMQ {told.group(1) if told else 'unknown'} on Erlang {erlang.group(1) if erlang else 'unknown'}"


# ---- a few questions over AMQP itself, for either broker

FRAME_END = 0xCE
OPENING = b"AMQP\x00\x00\x09\x01"
START_OK = b"\x00\x0a\x00\x0b" + bytes(4) + b"\x05PLAIN" + struct.pack(">I", 12) + b"\0guest\0guest" + b"\x05en_US"
TUNE_OK = b"\x00\x0a\x00\x1f" + struct.pack(">HIH", 2047, 131072, 0)
OPEN = b"\x00\x0a\x00\x28\x01/\x00\x00"
CHANNEL_OPEN = b"\x00\x14\x00\x0a\x00"
CLOSE = b"\x00\x0a\x00\x32" + struct.pack(">HBHH", 200, 0, 0, 0)


def frame(channel, payload):
    return struct.pack(">BHI", 1, channel, len(payload)) + payload + bytes([FRAME_END])


def queue_declare(name, passive=False):
    """Of a queue that is not durable and outlives its connections."""
    return b"\x00\x32\x00\x0a\x00\x00" + short(name) + bytes([1 if passive else 0]) + bytes(4)


def queue_delete(name):
    return b"\x00\x32\x00\x28\x00\x00" + short(name) + b"\x00"


def short(text):
    return bytes([len(text)]) + text.encode()


class Session:
    """A connection with one channel, as guest."""

    def __init__(self, port):
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=ADMINISTRATION_LIMIT_S)
        self.input = self.connection.makefile("rb")
        self.connection.sendall(OPENING)
        self.expect(10, 10)
        self.tell(0, START_OK)
        self.expect(10, 30)
        self.tell(0, TUNE_OK)
        self.tell(0, OPEN)
        self.expect(10, 41)
        self.tell(1, CHANNEL_OPEN)
        self.expect(20, 11)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.input.close()
        self.connection.close()

    def tell(self, channel, payload):
        self.connection.sendall(frame(channel, payload))

    def expect(self, wanted_class, wanted_method):
        """The rest of the next method, which must be that one."""
        head = self.input.read(7)
        if len(head) < 7:
            raise RuntimeError("the broker closed the connection")
        kind, _, size = struct.unpack(">BHI", head)
        payload = self.input.read(size + 1)[:-1]
        if kind == 8:  # a heartbeat
            return self.expect(wanted_class, wanted_method)
        found = struct.unpack(">HH", payload[:4])
        if kind != 1 or found != (wanted_class, wanted_method):
            raise RuntimeError(f"{found} instead of {(wanted_class, wanted_method)}: {payload[4:200]!r}")
        return payload[4:]

    def declare(self, name, passive=False):
        """How many messages it holds."""
        self.tell(1, queue_declare(name, passive))
        answer = self.expect(50, 11)
        return struct.unpack(">I", answer[1 + answer[0] :][:4])[0]

    def delete(self, name):
        self.tell(1, queue_delete(name))
        self.expect(50, 41)
