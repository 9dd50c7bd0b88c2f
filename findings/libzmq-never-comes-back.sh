#!/usr/bin/env bash
# libzmq: a socket whose handshake was refused by the other end's authentication never connects again, whatever its
# reconnect interval; one whose handshake was cut off without a word goes on trying.
# Exit code: 0 as recorded, 1 it behaves otherwise, 3 it could not be tried. About 20 s.
packages=(
    libzmq5=4.3.4-6 python3-zmq=24.0.1-4+b1 libnorm1=1.5.9+dfsg-2 libpgm-5.3-0=5.3.128~dfsg-2
    libsodium23=1.0.18-1+deb12u1
)
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

for tool in apt-get dpkg /usr/bin/python3 timeout; do
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
export LD_LIBRARY_PATH="$dir/unpacked/usr/lib/$(uname -m)-linux-gnu"
export PYTHONPATH="$dir/unpacked/usr/lib/python3/dist-packages"

timeout 100 /usr/bin/python3 - <<'PYTHON' &
import os
import socket
import sys
import threading
import time

try:
    import zmq
except ImportError as problem:
    print("NOT TRIED: pyzmq does not load:", problem)
    sys.exit(3)
from zmq.utils.monitor import recv_monitor_message

WATCHED_S = 5
NAMES = {value: name[6:] for name, value in vars(zmq).items() if name.startswith("EVENT_") and isinstance(value, int)}

print("version: libzmq %s, pyzmq %s (Debian 4.3.4-6, 24.0.1-4+b1)" % (zmq.zmq_version(), zmq.__version__))
print("guess: a PUSH socket that the other end's authentication refuses tries again by itself, as it does when a")
print("       connection is cut off: so what the operator mends there takes effect without touching the client")

context = zmq.Context()
lets_in = threading.Event()
asked = []


def authenticate(door):
    """ZAP, https://rfc.zeromq.org/spec/27/: whoever asks is refused until lets_in."""
    while True:
        version, request = door.recv_multipart()[:2]
        asked.append(time.monotonic())
        status = (b"200", b"OK") if lets_in.is_set() else (b"400", b"wrong")
        door.send_multipart([version, request, *status, b"", b""])


door = context.socket(zmq.REP)
door.bind("inproc://zeromq.zap.01")
threading.Thread(target=authenticate, args=(door,), daemon=True).start()
server = context.socket(zmq.PULL)
server.plain_server = True
server.zap_domain = b"door"
port = server.bind_to_random_port("tcp://127.0.0.1")


def client(at):
    push = zmq.Context.instance().socket(zmq.PUSH)
    push.linger = 0
    push.sndtimeo = 1000
    push.reconnect_ivl = 100
    push.plain_username = b"ana"
    push.plain_password = b"secret"
    monitor = push.get_monitor_socket()
    push.connect("tcp://127.0.0.1:%d" % at)
    return push, monitor


def events(monitor, seconds):
    seen = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if monitor.poll(100):
            seen.append(NAMES[recv_monitor_message(monitor)["event"]])
    return seen


# Beside it a listener that takes each connection and cuts it off without a word.
cutter = socket.create_server(("127.0.0.1", 0))
cut = []


def cut_off():
    while True:
        connection, _ = cutter.accept()
        cut.append(1)
        connection.close()


threading.Thread(target=cut_off, daemon=True).start()
tries, of_tries = client(cutter.getsockname()[1])
refused, of_refused = client(port)
first = events(of_refused, WATCHED_S)
print("seen: cut off, it has connected %d times in %d s" % (len(cut), WATCHED_S))
print("seen: refused, it has asked to come in %d time(s) in %d s, its monitor: %s" % (len(asked), WATCHED_S, first))
lets_in.set()
later = events(of_refused, WATCHED_S)
try:
    refused.send(b"from the first")
    sent = True
except zmq.Again:
    sent = False
print("seen: %d s after everybody is let in its monitor: %s; a send %s" % (WATCHED_S, later, "goes" if sent else "waits"))
anew, _ = client(port)
anew.send(b"from a new one")
came = []
while server.poll(3000):
    came.append(server.recv().decode())
print("seen: a new socket with the same password is let in; what came of the two:", came)
as_recorded = (
    len(cut) >= 3
    and len(asked) == 2
    and "HANDSHAKE_FAILED_AUTH" in first
    and "CONNECT_RETRIED" not in first
    and later == []
    and came == ["from a new one"]
)
if as_recorded:
    print("behaviour: refused once, the socket never connects again and what it sends arrives nowhere; only its monitor")
    print("           tells, once")
print("AS RECORDED" if as_recorded else "OTHERWISE")
sys.stdout.flush()
os._exit(0 if as_recorded else 1)
PYTHON
trial=$!
wait "$trial"
code=$?
trial=
if [ "$code" = 124 ]; then
    echo "OTHERWISE: not done in time"
    exit 1
fi
exit "$code"
