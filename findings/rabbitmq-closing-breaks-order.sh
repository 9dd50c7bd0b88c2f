#!/usr/bin/env bash
# RabbitMQ, a quorum queue with a single active consumer, pika: where the active consumer closes its connection in an
# orderly way the next one is given messages out of order; where its connection breaks off, in order.
# Exit code: 0 as recorded, 1 it behaves otherwise, 3 it could not be tried. About 30 s.
erlang=1:25.2.3+dfsg-1+deb12u4
packages=(rabbitmq-server=3.10.8-1.1+deb12u1 python3-pika=1.2.0-1)
for part in asn1 base crypto eldap ftp inets mnesia os-mon parsetools public-key runtime-tools snmp ssl syntax-tools \
    tftp tools xmerl; do
    packages+=("erlang-$part=$erlang")
done
set -u
umask 077

dir=$(mktemp -d)
trial=
end() {
    if [ -n "$trial" ]; then
        kill "$trial" 2>/dev/null
        wait "$trial" 2>/dev/null
    fi
    rm -rf "$dir"
}
trap end EXIT
trap 'exit 130' INT TERM

not_tried() {
    echo "NOT TRIED: $1"
    exit 3
}

for tool in apt-get dpkg python3 timeout; do
    command -v "$tool" >/dev/null || not_tried "$tool is needed and not there"
done
(cd "$dir" && apt-get -q download "${packages[@]}") >"$dir/log" 2>&1 ||
    not_tried "Debian packages cannot be had: $(tail -1 "$dir/log")
If apt-get update does not help, the archive has other versions by now."
for file in "$dir"/*.deb; do
    dpkg -x "$file" "$dir/unpacked" || not_tried "$file cannot be unpacked"
done
# Erlang's start script names the place where the package would be installed.
sed -i "s|ROOTDIR=/usr/lib/erlang|ROOTDIR=$dir/unpacked/usr/lib/erlang|" "$dir/unpacked/usr/lib/erlang/bin/erl"

PYTHONPATH="$dir/unpacked/usr/lib/python3/dist-packages" timeout 110 python3 - "$dir" <<'PYTHON' &
import os
import signal
import socket
import subprocess
import sys
import time

import pika
from pika.exceptions import AMQPError

DIR = sys.argv[1]
USR = DIR + "/unpacked/usr"
SERVER = USR + "/lib/rabbitmq/lib/rabbitmq_server-3.10.8/sbin/rabbitmq-server"
MESSAGES = 8


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self):
        self.port, distribution, names = free_port(), free_port(), free_port()
        home = DIR + "/home"
        os.mkdir(home)
        plugins = home + "/enabled_plugins"
        with open(plugins, "w") as file:
            file.write("[].")
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_", "PYTHON"))
        } | {
            "PATH": USR + "/lib/erlang/bin:" + os.environ["PATH"],
            "HOME": home,
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"finding-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": home + "/data",
            "RABBITMQ_LOG_BASE": home,
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": home + "/none.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": home + "/none.config",
            "RABBITMQ_CONF_ENV_FILE": home + "/none.env",
            "RABBITMQ_GENERATED_CONFIG_DIR": home + "/made",
            "RABBITMQ_ENABLED_PLUGINS_FILE": plugins,
            "RABBITMQ_FEATURE_FLAGS_FILE": home + "/flags",
            "RABBITMQ_PID_FILE": home + "/pid",
            # The shell becomes the server, so that its id is the server's.
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }
        self.mapper = subprocess.Popen([USR + "/lib/erlang/bin/epmd", "-port", str(names)], env=self.environment)
        try:
            self.start()
        except OSError:
            self.end()
            raise

    def start(self):
        log = DIR + "/server-log"
        with open(log, "w") as out:
            self.process = subprocess.Popen(
                [SERVER], env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + 60
        while "Server startup complete" not in open(log).read():
            if self.process.poll() is not None or time.monotonic() > until:
                raise OSError("the server did not start: " + open(log).read()[-500:])
            time.sleep(0.1)

    def end(self):
        for process in (self.process, self.mapper):
            process.kill()
            process.wait()

    def connect(self):
        return pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", self.port, heartbeat=0))


def break_off(connection):
    connection._impl._transport._sock.shutdown(socket.SHUT_RDWR)


def close(connection):
    connection.close()


def second_is_given(server, end_of_first):
    """The first consumer holds one message and ends; what the second, which acknowledges each, is given then."""
    queue = "ordered." + end_of_first.__name__
    first, second = server.connect(), server.connect()
    channel, given = first.channel(), []
    channel.queue_declare(
        queue, durable=True, arguments={"x-queue-type": "quorum", "x-single-active-consumer": True}
    )
    channel.confirm_delivery()
    for number in range(MESSAGES):
        channel.basic_publish("", queue, str(number).encode())
    held = []
    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(queue, lambda _channel, _delivery, _properties, body: held.append(body))
    wait(first, lambda: len(held) == 1)

    def take(taking, delivery, _properties, body):
        given.append(int(body))
        taking.basic_ack(delivery.delivery_tag)

    waiting = second.channel()
    waiting.basic_qos(prefetch_count=1)
    waiting.basic_consume(queue, take)
    end_of_first(first)
    wait(second, lambda: len(given) == MESSAGES)
    second.close()
    return given


def wait(connection, until):
    limit = time.monotonic() + 15
    while not until():
        if time.monotonic() > limit:
            raise OSError("messages did not come")
        connection.process_data_events(0.1)


def trial():
    server = Server()
    try:
        return {how.__name__: second_is_given(server, how) for how in (break_off, close)}
    finally:
        server.end()


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
IN_ORDER = list(range(MESSAGES))
RECORDED = {"break_off": IN_ORDER, "close": [1, 0] + IN_ORDER[2:]}
try:
    print("software:  RabbitMQ 3.10.8 (Debian 3.10.8-1.1+deb12u1), pika 1.2.0")
    print("guess:     a quorum queue with x-single-active-consumer; its active consumer holds message 0 and closes its")
    print("           connection: the next consumer is given 0 and then the rest, as where the connection breaks off")
    print("behaviour: it is given 1 first: pika cancels the consumer before it closes, the role passes on with that,")
    print("           and 0 comes back only with the close")
    print("seen: what the next consumer is given")
    seen = trial()
    for how, given in seen.items():
        print(f"  {how:<10} {given}")
except (OSError, AMQPError) as e:
    print(f"NOT TRIED: {e!r}")
    sys.exit(3)
if seen != RECORDED:
    print(f"CHANGED: recorded was {RECORDED}")
    sys.exit(1)
print("AS RECORDED")
PYTHON
trial=$!
wait "$trial"
code=$?
trial=
[ "$code" -ne 124 ] || not_tried "the trial did not end within 110 s; the machine may be busy"
exit "$code"
