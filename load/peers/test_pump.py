"""Tests of the pump against small servers, and of the arithmetic. Run: python3 -m unittest discover load/peers"""

import json
import re
import signal
import socket
import subprocess
import sys
import pathlib
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import model
import report
import tools


class Server:
    """Serves each connection with `talk(connection)` on a thread; an end of the stream ends the talk."""

    pid = 0

    def __init__(self, talk):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.talk = talk
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection:
                self.talk(connection)
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()


def lines(connection):
    with connection.makefile("rb") as file:
        for line in file:
            yield line.rstrip(b"\n")


def answer_each(connection):
    for count, _ in enumerate(lines(connection)):
        connection.sendall(b"+%d\n" % count)


def answer_ranges(connection):
    """Confirms 1, 2, 3, … messages at a time, in writes that split the lines."""
    first, size, seen = 0, 1, 0
    for _ in lines(connection):
        seen += 1
        if seen == size or first + seen == 1000:
            last = first + seen - 1
            text = b"OK:MSG_ID:%d\n" % first if seen == 1 else b"OK:MSG_IDS:%d:%d\n" % (first, last)
            connection.sendall(text[:7])
            connection.sendall(text[7:])
            first, size, seen = last + 1, size + 1, 0


def queue_of(acknowledgement):
    """A broker with one worker: it hands out each message published, and counts what comes back."""
    workers, finished = [], []

    def talk(connection):
        for line in lines(connection):
            if line == b"SUB":
                workers.append(connection)
                connection.sendall(b"READY\n")
            elif line.startswith(b"PUB"):
                number = line[4:].decode()
                workers[0].sendall(f"MSG:1:{number}:1:3\nM:x\n".encode())
            elif line == b"PING":
                connection.sendall(b"PONG\n")
            elif re.fullmatch(acknowledgement, line):
                finished.append(line)
                if b"!" in line:
                    connection.sendall(b"ACKED:" + line.split(b":", 1)[1] + b"\n")

    return talk, finished


class Peers:
    """Everybody who says SUB gets `deliver(line)` of what anybody publishes; keeps what the subscribers say to it."""

    def __init__(self, deliver):
        self.deliver = deliver
        self.subscribers, self.said = [], []

    def talk(self, connection):
        subscriber = False
        for line in lines(connection):
            line = line.rstrip(b"\r")
            if line == b"SUB":
                subscriber = True
                self.subscribers.append(connection)
                connection.sendall(b"READY\n")
            elif line == b"PING":
                connection.sendall(b"PONG\r\n")
            elif subscriber:
                self.said.append(line)
            elif line.startswith(b"PUB"):
                for one in self.subscribers:
                    one.sendall(self.deliver(line))


class Responders(Peers):
    """Who asks says a number of two digits, which the responder's reply names again."""

    def __init__(self, deliver, answer):
        super().__init__(deliver)
        self.answer, self.askers = answer, {}

    def talk(self, connection):
        incoming = lines(connection)
        for line in incoming:
            line = line.rstrip(b"\r")
            if line == b"SUB":
                self.subscribers.append(connection)
                connection.sendall(b"READY\n")
            elif line.startswith(b"ASK "):  # the number of the connection that asks
                self.askers[line[4:]] = connection
                self.subscribers[0].sendall(self.deliver(line[4:]))
            elif connection in self.subscribers:
                self.said.append((line, next(incoming).rstrip(b"\r")))
                self.askers[re.search(rb"\d\d", line).group(0)].sendall(self.answer)


def sleeps(pid, limit_s=10):
    """Whether the process comes to wait for something."""
    stat, end = pathlib.Path(f"/proc/{pid}/stat"), time.monotonic() + limit_s
    while time.monotonic() < end:
        time.sleep(0.05)
        if stat.read_text().rpartition(")")[2].split()[0] == "S":
            return True
    return False


class PumpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tools.build()

    def test_counts_one_line_per_message(self):
        with Server(answer_each) as server:
            self.assertEqual(
                1000, tools.pump("flow", server, count=1000, replies="lines:1", frame="{P:9}\\n")["messages"]
            )

    def test_counts_ranges(self):
        with Server(answer_ranges) as server:
            self.assertEqual(
                1000, tools.pump("flow", server, count=1000, replies="range", frame="{P:9}\\n")["messages"]
            )

    def test_window_records_every_answer(self):
        with Server(answer_each) as server:
            metrics = tools.pump(
                "window", server, count=1003, publishers=20, window=3, replies="lines:1", frame="x\\n"
            )
        self.assertEqual(1003, metrics["answer count"])
        self.assertLessEqual(metrics["answer p50"], metrics["answer p99"])

    def test_paced_keeps_its_rate_and_reads_its_times(self):
        def echo(connection):
            for line in lines(connection):
                connection.sendall(line + b"\n")

        with Server(echo) as server:
            metrics = tools.pump(
                "paced", server, count=300, rate=1000, skip=100, replies="lines:1", frame="{T:32}\\n"
            )
        self.assertEqual(200, metrics["answer count"])
        self.assertAlmostEqual(0.3, metrics["seconds"], delta=0.15)

    def test_workers_finish_what_they_take(self):
        for dialect, acknowledgement in (("recado", rb"ACK:1:\d"), ("recado-confirmed", rb"ACK!:1:\d")):
            talk, finished = queue_of(acknowledgement)
            with Server(talk) as server:
                tools.pump(
                    "workers",
                    server,
                    count=10,
                    subscribers=1,
                    dialect=dialect,
                    variants=10,
                    frame="PUB {i}\\n",
                    sub_hello="SUB\\n",
                    sub_ready="READY\\n",
                )
            self.assertEqual(10, len(set(finished)), dialect)

    def test_each_worker_finishes_every_message(self):
        def deliver(line):
            number = line[4:]
            return b"MSG:1:%s:1:3\nabc\n" % number

        peers = Peers(deliver)
        with Server(peers.talk) as server:
            options = {"dialect": "recado", "each": True, "subscribers": 3, "variants": 10}
            metrics = tools.pump(
                "workers", server, count=10, frame="PUB {i}\\n", sub_hello="SUB\\n", sub_ready="READY\\n", **options
            )
        self.assertEqual(30, metrics["messages"])
        self.assertEqual(sorted([b"ACK:1:%d" % number for number in range(10)] * 3), sorted(peers.said))

    def test_workers_finish_messages_of_jetstream(self):
        def deliver(line):
            return b"MSG push.s 1 $JS.ACK.s.c.%s.7.7.1.0 3\r\nabc\r\n" % line[4:]

        peers = Peers(deliver)
        with Server(peers.talk) as server:
            options = {"dialect": "nats", "subscribers": 1, "variants": 2}  # a first delivery, then a second one
            metrics = tools.pump(
                "workers",
                server,
                count=1,
                frame="PUB 2\\nPUB 1\\n",
                sub_hello="SUB\\n",
                sub_ready="READY\\n",
                **options,
            )
        self.assertEqual((1, 1), (metrics["messages"], metrics["redelivered"]))
        self.assertEqual([b"PUB $JS.ACK.s.c.2.7.7.1.0 4", b"+ACK", b"PUB $JS.ACK.s.c.1.7.7.1.0 4", b"+ACK"], peers.said)

    def test_requests_are_answered_by_the_responder(self):
        for dialect, request, answer, said in (
            ("recado", b"MSG:1:%s:1::reply-to=n1:3\nabc\n", b"REP:2\nxx\n", b"REPLY:1:%d:2"),
            ("nats", b"MSG q 1 inbox.%s 3\r\nabc\r\n", b"MSG inbox 1 2\r\nxx\r\n", b"PUB inbox.%d 2"),
        ):
            responders = Responders(lambda number: request.replace(b"%s", number), answer)
            with Server(responders.talk) as server:
                metrics = tools.pump(
                    "request",
                    server,
                    count=10,
                    publishers=5,
                    subscribers=1,
                    dialect=dialect,
                    reply="{P:2}",
                    replies="lines:2",
                    frame="ASK 1{c}\\n",
                    sub_hello="SUB\\n",
                    sub_ready="READY\\n",
                )
            self.assertEqual(10, metrics["answer count"], dialect)
            self.assertEqual(10, len(responders.said))
            self.assertEqual({(said % (10 + one), b"xx") for one in range(5)}, set(responders.said), dialect)

    def test_requests_need_a_reply(self):
        with Server(lambda connection: None) as server:
            with self.assertRaisesRegex(tools.ToolError, "ended with 2: request needs a --reply"):
                tools.pump("request", server, subscribers=1, replies="lines:2", frame="x\\n")

    def test_a_reader_that_is_ended_tells_how_far_it_came(self):
        sent = threading.Event()

        def deliver(connection):
            connection.recv(1)  # what it starts with: from then on it takes the signal
            connection.sendall(b"MSG\nabc\n" * 7)
            sent.set()
            connection.recv(1)

        options = {"publishers": 0, "subscribers": 1, "count": 1000, "start": "x"}
        with Server(deliver) as server:
            command = tools.pump_command("flow", server, 20, options)
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            self.assertTrue(sent.wait(10))
            self.assertTrue(sleeps(process.pid))  # so it has read them
            process.send_signal(signal.SIGTERM)
            told = process.communicate(timeout=10)[0]
        self.assertEqual((0, 7), (process.returncode, json.loads(told)["messages"]))

    def test_an_error_of_the_server_fails_the_run(self):
        with Server(lambda connection: connection.sendall(b"ERROR:Disk low\n") or connection.recv(1)) as server:
            with self.assertRaisesRegex(tools.ToolError, "ended with 3: server says: ERROR:Disk low"):
                tools.pump("flow", server, count=1, replies="lines:1", frame="x\\n")

    def test_a_silent_server_runs_out_of_time(self):
        with Server(lambda connection: [None for _ in lines(connection)]) as server:
            with self.assertRaisesRegex(tools.ToolError, "ended with 4"):
                tools.pump("flow", server, limit_s=1, count=1, replies="lines:1", frame="x\\n")

    def test_nobody_listens(self):
        result = subprocess.run(
            [str(tools.TARGET / "pump"), "flow", "--port", "1", "--frame", "x"], capture_output=True
        )
        self.assertEqual(2, result.returncode)


class TableTest(unittest.TestCase):
    def test_ratios_are_taken_round_by_round(self):
        row = model.Row("r", "work", "1 B", [model.Side("A", None, None), model.Side("B", None, None)], {}, ("rate",))
        samples = {
            "A": [{"rate": 10, "count": 5}, {"rate": 90, "count": 7}],
            "B": [{"rate": 20, "count": 0}, {"rate": 30, "count": 0}],
        }
        self.assertEqual([0.5, 3], model.ratios(row, samples, row.sides[1], "rate"))
        table = report.table_of(row, {"samples": samples, "versions": {}, "settings": {}})
        self.assertIn("× 1.75 (0.5–3)", table)
        self.assertIn("Messages a run: A 6.", table)


if __name__ == "__main__":
    unittest.main()
