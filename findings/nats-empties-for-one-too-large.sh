#!/usr/bin/env bash
# JetStream with max_bytes and discard old: one message that is larger than the limit.
# Exit code: 0 as recorded, 1 it behaves otherwise, 3 it could not be tried. About 5 s.
packages=(nats-server=2.9.10-1+b3)
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

timeout 110 python3 - "$dir" <<'PYTHON' &
import json
import signal
import socket
import subprocess
import sys
import time

DIR = sys.argv[1]
NATS = DIR + "/unpacked/usr/sbin/nats-server"
LIMIT_BYTES = 2000
SMALL = 5


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Client:
    def __init__(self, port):
        until = time.monotonic() + 20
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), 20)
                break
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        self.input = self.socket.makefile("rb")
        self.input.readline()
        self.socket.sendall(b'CONNECT {"verbose":false}\r\nSUB answer 1\r\n')

    def ask(self, subject, body):
        self.socket.sendall(f"PUB {subject} answer {len(body)}\r\n".encode() + body + b"\r\n")
        while True:
            words = self.input.readline().split()
            if not words or words[0] == b"-ERR":
                raise OSError(f"{subject} was answered with {words}")
            if words[0] == b"PING":
                self.socket.sendall(b"PONG\r\n")
            if words[0] == b"MSG":
                return json.loads(self.input.read(int(words[-1]) + 2))

    def api(self, call, **request):
        answer = self.ask(f"$JS.API.{call}", json.dumps(request).encode() if request else b"")
        if "error" in answer:
            raise OSError(f"{call}: {answer['error']}")
        return answer

    def messages(self, stream):
        return self.api(f"STREAM.INFO.{stream}")["state"]["messages"]


def trial(client, storage, discard):
    """Five small messages, one that no empty stream of this limit holds, and what there is before and after it."""
    stream = f"{discard}-{storage}"
    client.api(
        f"STREAM.CREATE.{stream}",
        name=stream,
        subjects=[stream],
        storage=storage,
        max_bytes=LIMIT_BYTES,
        discard=discard,
    )
    for number in range(SMALL):
        answer = client.ask(stream, f"{number:100}".encode())
        if "error" in answer:
            raise OSError(f"a small message was not stored: {answer}")
    before = client.messages(stream)
    answer = client.ask(stream, bytes(2 * LIMIT_BYTES))
    told = answer["error"]["description"] if "error" in answer else f"stored with seq {answer['seq']}"
    after = client.messages(stream)
    print(f"  discard {discard}, {storage:<6}  {before} messages; a large one: {told}; then {after} messages")
    return [before, "error" not in answer, after]


def trials():
    port = free_port()
    command = [NATS, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", DIR + "/data"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        client = Client(port)
        return [trial(client, storage, discard) for discard in ("old", "new") for storage in ("file", "memory")]
    finally:
        server.kill()
        server.wait()


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
RECORDED = [[SMALL, True, 0], [SMALL, True, 0], [SMALL, False, SMALL], [SMALL, False, SMALL]]
try:
    version = subprocess.run([NATS, "-v"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"software:  {version} (Debian 2.9.10-1+b3)")
    print("guess:     a message that is larger than a stream's max_bytes is refused whatever the discard policy, since")
    print("           no removal of older ones makes room for it, and these stay")
    print("behaviour: with discard old, the default, it is acknowledged with its number, then all older ones are removed")
    print("           and it is removed itself; with discard new it is refused")
    print(f"seen, with max_bytes {LIMIT_BYTES}, {SMALL} messages of 100 bytes and one of {2 * LIMIT_BYTES}:")
    seen = trials()
except (OSError, subprocess.SubprocessError) as e:
    print(f"NOT TRIED: {e}")
    sys.exit(3)
if seen != RECORDED:
    print(f"CHANGED: recorded was {RECORDED} (messages before, acknowledged, messages after)")
    sys.exit(1)
PYTHON
trial=$!
wait "$trial"
code=$?
trial=
[ "$code" -ne 124 ] || not_tried "the trial did not end within 110 s; the machine may be busy"
exit "$code"
