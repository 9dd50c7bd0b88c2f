#!/usr/bin/env bash
# RabbitMQ and py-amqp (celery): a header that is an integer of -2^31 or below is another number once its message has become
# a dead letter.
# Exit code: 0 as recorded, 1 it behaves otherwise, 3 it could not be tried. About 30 s.
erlang=1:25.2.3+dfsg-1+deb12u4
packages=(rabbitmq-server=3.10.8-1.1+deb12u1 python3-amqp=5.1.1-1 python3-vine=5.0.0+dfsg-3)
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

import amqp
from amqp.exceptions import AMQPError

DIR = sys.argv[1]
USR = DIR + "/unpacked/usr"
SERVER = USR + "/lib/rabbitmq/lib/rabbitmq_server-3.10.8/sbin/rabbitmq-server"
VALUES = (-5, 1 - 2**31, -(2**31), -(2**62), 2**62)


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
        connection = amqp.Connection(f"127.0.0.1:{self.port}", "guest", "guest")
        connection.connect()
        return connection


def header(channel, queue):
    limit = time.monotonic() + 15
    while True:
        message = channel.basic_get(queue)
        if message is not None:
            return message, message.headers["n"]
        if time.monotonic() > limit:
            raise OSError("a message did not come")
        time.sleep(0.05)


def trial():
    """What is read of each header from the queue itself, and from that of its dead letters."""
    server = Server()
    try:
        connection = server.connect()
        channel = connection.channel()
        channel.queue_declare("dead", auto_delete=False)
        letters = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead"}
        channel.queue_declare("work", auto_delete=False, arguments=letters)
        seen = {}
        for value in VALUES:
            channel.basic_publish(amqp.Message("m", application_headers={"n": value}), "", "work")
            message, before = header(channel, "work")
            channel.basic_reject(message.delivery_tag, requeue=False)
            _, after = header(channel, "dead")
            seen[value] = (before, after)
        connection.close()
        return seen
    finally:
        server.end()


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
RECORDED = {value: (value, value if value > -(2**31) else value + 2**64) for value in VALUES}
try:
    print("software:  RabbitMQ 3.10.8 (Debian 3.10.8-1.1+deb12u1), py-amqp 5.1.1 (Debian 5.1.1-1)")
    print("guess:     an integer in a message's headers is the same before and after the message is rejected and comes")
    print("           from the queue of the dead letters")
    print("behaviour: one of -2^31 or below is larger by 2^64: it goes out as L, RabbitMQ writes l where it adds its")
    print("           own headers, which means the same there, and py-amqp reads l without a sign")
    print("seen: the header, from the queue, from that of the dead letters")
    seen = trial()
    for value, (before, after) in seen.items():
        print(f"  {value:>20} {before:>20} {after:>20}")
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
