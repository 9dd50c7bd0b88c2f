#!/usr/bin/env bash
# Redis streams: deliveries that a consumer makes by reading its own pending messages are counted on the master only,
# in memory; neither the append-only file nor a replica learns of them.
# Exit code: 0 as recorded, 1 it behaves otherwise, 3 it could not be tried. About 10 s.
packages=(redis-tools=5:7.0.15-1~deb12u10 libjemalloc2=5.3.0-1 liblzf1=3.6-3)
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
for package in "${packages[@]}"; do
    (cd "$dir" && apt-get -q download "$package") >"$dir/log" 2>&1 ||
        not_tried "Debian package $package cannot be had: $(tail -1 "$dir/log")
If apt-get update does not help, the archive has another version by now."
done
for file in "$dir"/*.deb; do
    dpkg -x "$file" "$dir/unpacked" || not_tried "$file cannot be unpacked"
done
# The server is the program redis-check-rdb under another name.
ln -s redis-check-rdb "$dir/unpacked/usr/bin/redis-server" 2>/dev/null
export LD_LIBRARY_PATH="$dir/unpacked/usr/lib/$(uname -m)-linux-gnu"

timeout 110 python3 - "$dir" <<'PYTHON' &
import os
import signal
import socket
import subprocess
import sys
import time

DIR = sys.argv[1]
REDIS = DIR + "/unpacked/usr/bin/redis-server"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, name, *options):
        self.port = free_port()
        self.data = f"{DIR}/{name}"
        os.mkdir(self.data)
        self.command = [REDIS, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", self.data,
                        "--save", "", "--daemonize", "no", *options]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)

    def end(self):
        self.process.kill()
        self.process.wait()

    def client(self):
        until = time.monotonic() + 20
        while True:
            try:
                client = Client(self.port)
                client.ask("PING")
                return client
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        self.input = self.socket.makefile("rb")

    def ask(self, line):
        words = [word.encode() for word in line.split()]
        self.socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words))
        return self.answer()

    def answer(self):
        line = self.input.readline().decode().strip()
        if not line or line[0] == "-":
            raise OSError(line or "connection closed")
        if line[0] == "+":
            return line[1:]
        number = int(line[1:])
        if line[0] == ":":
            return number
        if number < 0:
            return None
        if line[0] == "$":
            return self.input.read(number + 2)[:-2].decode()
        return [self.answer() for _ in range(number)]

    def deliveries(self):
        return {entry: count for entry, _, _, count in self.ask("XPENDING jobs workers - + 10")}


def trial():
    servers = []
    try:
        master = Server("master", "--appendonly", "yes", "--appendfsync", "always")
        servers.append(master)
        copy = Server("replica", "--replicaof", f"127.0.0.1 {master.port}")
        servers.append(copy)
        client, replica = master.client(), copy.client()
        until = time.monotonic() + 30
        while "master_link_status:up" not in replica.ask("INFO replication"):
            if time.monotonic() > until:
                raise OSError("the replica has no link to its master after 30 s")
            time.sleep(0.05)
        client.ask("XGROUP CREATE jobs workers 0 MKSTREAM")
        for entry in ("1-1", "2-1"):
            client.ask(f"XADD jobs {entry} job x")
        client.ask("XREADGROUP GROUP workers reader COUNT 1 STREAMS jobs >")
        client.ask("XREADGROUP GROUP workers claimer COUNT 1 STREAMS jobs >")
        for _ in range(4):
            client.ask("XREADGROUP GROUP workers reader STREAMS jobs 0")
            client.ask("XCLAIM jobs workers claimer 0 2-1")
        seen = {"master": client.deliveries()}
        if client.ask("WAIT 1 20000") != 1:
            raise OSError("the replica did not catch up within 20 s")
        seen["replica, caught up"] = replica.deliveries()
        master.end()
        master.start()
        seen["master after kill -9"] = master.client().deliveries()
        return seen
    finally:
        for server in servers:
            server.end()


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
RECORDED = {
    "master": {"1-1": 5, "2-1": 5},
    "replica, caught up": {"1-1": 1, "2-1": 5},
    "master after kill -9": {"1-1": 1, "2-1": 5},
}
try:
    version = subprocess.run([REDIS, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"software:  {version} (Debian 5:7.0.15-1~deb12u10)")
    print("guess:     with appendfsync always, a pending message has the same delivery count before and after kill -9,")
    print("           and on a replica that has caught up (WAIT answers 1)")
    print("behaviour: only for deliveries by XCLAIM; those by XREADGROUP with the id 0, which XPENDING counts alike,")
    print("           are forgotten by both")
    print("seen: deliveries by XPENDING; 1-1 read once with '>' and 4 times with '0', 2-1 once with '>' and 4 XCLAIMs")
    seen = trial()
    for where, counts in seen.items():
        print(f"  {where:<21} {counts}")
except (OSError, subprocess.SubprocessError) as e:
    print(f"NOT TRIED: {e}")
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
