#!/usr/bin/env bash
# NATS JetStream: a stream that sources two others drops a message of one whose Nats-Msg-Id the other has used too,
# and reports no lag.
# Exit code: 0 as recorded, 1 it behaves otherwise, 3 it could not be tried. About 25 s, most of it waiting.
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
import base64
import json
import signal
import socket
import subprocess
import sys
import time

DIR = sys.argv[1]
NATS = DIR + "/unpacked/usr/sbin/nats-server"
WINDOW_S = 2
SENT = {"NORTH": ("north 1", "north 2"), "SOUTH": ("south 1", "south 2")}


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
        self.socket.sendall(b'CONNECT {"verbose":false,"headers":true}\r\nSUB answer 1\r\n')

    def ask(self, subject, body, headers=""):
        head = f"NATS/1.0\r\n{headers}\r\n\r\n".encode()
        frame = f"HPUB {subject} answer {len(head)} {len(head) + len(body)}\r\n".encode()
        self.socket.sendall(frame + head + body + b"\r\n")
        while True:
            words = self.input.readline().split()
            if not words or words[0] == b"-ERR":
                raise OSError(f"{subject} was answered with {words}")
            if words[0] == b"PING":
                self.socket.sendall(b"PONG\r\n")
            if words[0] == b"MSG":
                answer = json.loads(self.input.read(int(words[-1]) + 2))
                return answer

    def api(self, call, **request):
        answer = self.ask(f"$JS.API.{call}", json.dumps(request).encode() if request else b"")
        if "error" in answer:
            raise OSError(f"{call}: {answer['error']}")
        return answer

    def publish(self, stream, text, message_id):
        answer = self.ask(stream, text.encode(), f"Nats-Msg-Id: {message_id}")
        if "error" in answer or answer.get("duplicate"):
            raise OSError(f"{text!r} was not stored: {answer}")

    def create(self, name, **config):
        self.api(f"STREAM.CREATE.{name}", name=name, storage="file", **config)

    def texts(self, stream):
        state = self.api(f"STREAM.INFO.{stream}")["state"]
        found = []
        for seq in range(state["first_seq"], state["last_seq"] + 1) if state["messages"] else ():
            data = self.api(f"STREAM.MSG.GET.{stream}", seq=seq)["message"]["data"]
            found.append(base64.b64decode(data).decode())
        return found

    def lags(self, stream):
        return {source["name"]: source["lag"] for source in self.api(f"STREAM.INFO.{stream}")["sources"]}

    def holds(self, stream, count, within_s=15):
        """Waits for the stream to hold so many messages and for its sources to say that nothing is left."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if len(self.texts(stream)) >= count and set(self.lags(stream).values()) == {0}:
                return
            time.sleep(0.1)


def report(when, client):
    texts, lags = sorted(client.texts("ALL")), client.lags("ALL")
    print(f"  {when:<39} {len(texts)} messages {texts}, lag {lags}")
    return texts, lags


def trial():
    port = free_port()
    command = [NATS, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", DIR + "/data"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        client = Client(port)
        for stream, texts in SENT.items():
            client.create(stream, subjects=[stream])
            client.publish(stream, texts[0], "1")
        client.create("ALL", sources=[{"name": stream} for stream in SENT], duplicate_window=WINDOW_S * 10**9)
        client.holds("ALL", 1)
        time.sleep(2 * WINDOW_S)
        seen = [report("one message in each, window long over", client)]
        for stream, texts in SENT.items():
            client.publish(stream, texts[1], f"{stream}-2")
        client.holds("ALL", 3)
        seen.append(report("one more in each, with ids of its own", client))
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        client = Client(port)
        client.holds("ALL", 4)
        seen.append(report("server restarted, 15 s later", client))
        for stream in SENT:
            print(f"  {stream} itself holds {client.texts(stream)}")
        return seen
    finally:
        server.kill()
        server.wait()


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
RECORDED = [1, 3, 3]
try:
    version = subprocess.run([NATS, "-v"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"software:  {version} (Debian 2.9.10-1+b3)")
    print("guess:     a Nats-Msg-Id is an id within the stream it was published to; a stream that sources two others")
    print("           holds the messages of both, though each has one with the id 1")
    print("behaviour: the second message with the id 1 is dropped, the lag of its source says 0, and it does not come")
    print("           after the duplicate window or a restart either")
    print(f"seen, in the stream ALL with the sources NORTH and SOUTH and a duplicate window of {WINDOW_S} s:")
    seen = trial()
except (OSError, subprocess.SubprocessError) as e:
    print(f"NOT TRIED: {e}")
    sys.exit(3)
if [len(texts) for texts, _ in seen] != RECORDED or any(set(lags.values()) != {0} for _, lags in seen):
    print(f"CHANGED: recorded was {RECORDED} messages and no lag")
    sys.exit(1)
print("AS RECORDED")
PYTHON
trial=$!
wait "$trial"
code=$?
trial=
[ "$code" -ne 124 ] || not_tried "the trial did not end within 110 s; the machine may be busy"
exit "$code"
