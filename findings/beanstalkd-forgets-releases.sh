#!/usr/bin/env bash
# beanstalkd with a binlog (-b, -f0): what a worker's release and a time-out did to a job is not in the binlog.
# Exit code: 0 as recorded, 1 it behaves otherwise, 3 it could not be tried. About 10 s.
packages=(beanstalkd=1.12-2+b1)
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
import signal
import socket
import subprocess
import sys
import time

DIR = sys.argv[1]
BEANSTALKD = DIR + "/unpacked/usr/bin/beanstalkd"
SHOWN = ("pri", "reserves", "timeouts", "releases")


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

    def ask(self, line, *, body=None, expect):
        self.socket.sendall(line.encode() + b"\r\n" + (b"" if body is None else body + b"\r\n"))
        answer = self.input.readline().decode().strip()
        if not answer.startswith(expect):
            raise OSError(f"{line!r} was answered with {answer!r}")
        if answer.split()[0] in ("RESERVED", "OK"):
            return self.input.read(int(answer.split()[-1]) + 2).decode()
        return answer

    def job(self, number):
        lines = self.ask(f"stats-job {number}", expect="OK").splitlines()
        fields = dict(line.split(": ", 1) for line in lines if ": " in line)
        return {name: int(fields[name]) for name in SHOWN}, fields["state"]

    def is_ready_again(self, number):
        until = time.monotonic() + 20
        while self.job(number)[1] != "ready":
            if time.monotonic() > until:
                raise OSError(f"job {number} is not ready again after 20 s")
            time.sleep(0.05)


def trial(how):
    port, data = free_port(), f"{DIR}/{how.name}"
    subprocess.run(["mkdir", data], check=True)
    command = [BEANSTALKD, "-l", "127.0.0.1", "-p", str(port), "-b", data, "-f0"]
    server = subprocess.Popen(command)
    try:
        client = Client(port)
        for ttr in (60, 60, 1):
            client.ask(f"put 100 0 {ttr} 3", body=b"job", expect="INSERTED")
        for last_delay, number in ((0, 1), (1, 2)):
            for delay in (0, 0, last_delay):
                client.ask(f"reserve-job {number}", expect="RESERVED")
                client.ask(f"release {number} 5 {delay}", expect="RELEASED")
        for _ in range(2):
            client.ask("reserve-job 3", expect="RESERVED")
            client.is_ready_again(3)
        client.is_ready_again(2)
        before = [client.job(number)[0] for number in (1, 2, 3)]
        server.send_signal(how)
        server.wait(20)
        server = subprocess.Popen(command)
        client = Client(port)
        after = [client.job(number)[0] for number in (1, 2, 3)]
    finally:
        server.kill()
        server.wait()
    names = ("1: released 3 times, priority 5, delays 0 0 0", "2: released 3 times, priority 5, delays 0 0 1",
             "3: ran over its time to run twice")
    print(f"seen with {how.name}, started again on the same binlog:")
    for name, old, new in zip(names, before, after):
        print(f"  job {name}\n    before {old}\n    after  {new}")
    return before, after


def job(*values):
    return dict(zip(SHOWN, values))


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
BEFORE = [job(5, 3, 0, 3), job(5, 3, 0, 3), job(100, 2, 2, 0)]
AFTER = [job(100, 0, 0, 0), job(5, 3, 0, 3), job(100, 0, 0, 0)]
try:
    version = subprocess.run([BEANSTALKD, "-v"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"software:  {version} (Debian 1.12-2+b1)")
    print("guess:     -f0 syncs every change, so a job's priority and its counts of reserves, time-outs and releases")
    print("           are after a restart what stats-job said before it")
    print("behaviour: they are what they were when the job was put, unless its last release had a delay:")
    print("           a release without one is answered RELEASED and not written, a time-out is not written either")
    results = [trial(how) for how in (signal.SIGKILL, signal.SIGTERM)]
except (OSError, subprocess.SubprocessError) as e:
    print(f"NOT TRIED: {e}")
    sys.exit(3)
if results != [(BEFORE, AFTER)] * 2:
    print(f"CHANGED: recorded was before {BEFORE} and after {AFTER}")
    sys.exit(1)
print("AS RECORDED")
PYTHON
trial=$!
wait "$trial"
code=$?
trial=
[ "$code" -ne 124 ] || not_tried "the trial did not end within 110 s; the machine may be busy"
exit "$code"
