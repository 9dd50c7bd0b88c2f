#!/usr/bin/env bash
# RabbitMQ: after kill -9 every message of a durable classic queue comes marked as redelivered, also those that nobody
# has ever been given; of a quorum queue those that were given to somebody.
# Exit code: 0 as recorded, 1 it behaves otherwise, 3 it could not be tried. About 40 s.
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
MESSAGES = 200
QUEUES = {"classic": {}, "quorum": {"x-queue-type": "quorum"}}


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
        self.starts = 0
        try:
            self.start()
        except OSError:
            self.end()
            raise

    def start(self):
        self.starts += 1
        log = f"{DIR}/log-{self.starts}"
        with open(log, "w") as out:
            self.process = subprocess.Popen(
                [SERVER], env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + 60
        while "Server startup complete" not in open(log).read():
            if self.process.poll() is not None or time.monotonic() > until:
                raise OSError("the server did not start: " + open(log).read()[-500:])
            time.sleep(0.1)

    def stop(self, how):
        self.process.send_signal(how)
        self.process.wait()

    def end(self):
        for process in (self.process, self.mapper):
            process.kill()
            process.wait()

    def connect(self):
        return pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", self.port, heartbeat=0))


def fill_and_look_at_one(server):
    """Each message is confirmed; the first one of each queue is taken, and comes back as its connection ends."""
    connection = server.connect()
    channel = connection.channel()
    channel.confirm_delivery()
    for queue, arguments in QUEUES.items():
        channel.queue_declare(queue, durable=True, arguments=arguments)
        for number in range(MESSAGES):
            channel.basic_publish("", queue, str(number).encode(), pika.BasicProperties(delivery_mode=2))
    for queue in QUEUES:
        taken, _, body = channel.basic_get(queue)
        if taken.redelivered or body != b"0":
            raise OSError(f"{queue} did not begin with its first message")
    connection.close()
    time.sleep(2)


def marked(server):
    connection = server.connect()
    channel = connection.channel()
    counts = {}
    for queue in QUEUES:
        flags = []
        while len(flags) < MESSAGES:
            delivery, _, _ = channel.basic_get(queue, auto_ack=True)
            if delivery is None:
                break
            flags.append(delivery.redelivered)
        counts[queue] = f"{sum(flags)} of {len(flags)}"
        channel.queue_delete(queue)
    connection.close()
    return counts


def trial():
    server = Server()
    try:
        seen = {}
        for how, name in ((signal.SIGTERM, "after SIGTERM"), (signal.SIGKILL, "after kill -9")):
            fill_and_look_at_one(server)
            server.stop(how)
            server.start()
            seen[name] = marked(server)
        return seen
    finally:
        server.end()


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
RECORDED = {
    "after SIGTERM": {"classic": "1 of 200", "quorum": "1 of 200"},
    "after kill -9": {"classic": "200 of 200", "quorum": "1 of 200"},
}
try:
    print("software:  RabbitMQ 3.10.8 (Debian 3.10.8-1.1+deb12u1), pika 1.2.0")
    print("guess:     200 confirmed messages wait in a durable queue, one of them was given to a consumer that has gone:")
    print("           after a restart of the server, however it ended, that one is marked as redelivered")
    print("behaviour: after kill -9 all 200 of a classic queue are; in a quorum queue it is the one")
    print("seen: messages that are marked")
    seen = trial()
    for when, counts in seen.items():
        print(f"  {when:<14} {counts}")
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
