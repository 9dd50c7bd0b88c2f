"""Tests of zmq-pump through libzmq's proxy and through a small broker of this file, and of the arithmetic."""

import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import model
import report
import tools
import zeromq
from test_pump import Server

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)


def ready(socket_type):
    body = b"\x05READY\x0bSocket-Type" + len(socket_type).to_bytes(4, "big") + socket_type
    return b"\x04" + bytes([len(body)]) + body


def frames(connection):
    """(flags, body) of the frames of a connection, from its first command on; bodies up to 255 bytes."""
    with connection.makefile("rb") as file:
        file.read(len(GREETING))
        while head := file.read(2):
            yield head[0], file.read(head[1])


class Pipeline:
    """A pipeline for one PUSH and one PULL; `pass_on(bodies)` yields what the PULL gets of what the PUSH sent."""

    pid = 0

    def __init__(self, pass_on):
        self.pass_on = pass_on
        self.reader = None
        self.has_reader = threading.Event()
        self.front, self.back = Server(self.from_push), Server(self.to_pull)
        self.listeners = {"zmtp-pull": self.front.port, "zmtp-push": self.back.port}

    def to_pull(self, connection):
        connection.sendall(GREETING)
        for flags, _ in frames(connection):
            if flags & 4 and not self.reader:
                connection.sendall(ready(b"PUSH"))
                self.reader = connection
                self.has_reader.set()

    def from_push(self, connection):
        connection.sendall(GREETING)
        incoming = frames(connection)
        next(incoming)
        connection.sendall(ready(b"PULL"))
        self.has_reader.wait(10)
        for body in self.pass_on(body for _, body in incoming):
            self.reader.sendall(bytes([0, len(body)]) + body)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.front.listener.close()
        self.back.listener.close()


def number_of(body):
    return int.from_bytes(body[8:16], "little") if body.startswith(b"d") else None


@unittest.skipUnless(tools.has_libzmq(), "libzmq3-dev is not installed")
class ZmqPumpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tools.build()

    def proxy(self, mode):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        broker = zeromq.ZmqProxy(pathlib.Path(directory.name), mode).start()
        self.addCleanup(broker.stop)
        return broker

    def test_the_proxy_tells_its_ends_and_its_version(self):
        broker = self.proxy("req-rep")
        self.assertEqual({"zmtp-router", "zmtp-dealer"}, set(broker.listeners))
        self.assertRegex(broker.version(), r"^libzmq \d+\.\d+\.\d+$")

    def test_push_pull_counts_every_message_run_after_run(self):
        broker = self.proxy("push-pull")
        for size in (16, 1024):
            metrics = zeromq.zmq_pump("push-pull", broker, count=20_000, size=size)
            self.assertEqual((20_000, 0, 0), (metrics["messages"], metrics["dropped"], metrics["stale"]))

    def test_pub_sub_tells_what_was_dropped(self):
        broker = self.proxy("pub-sub")
        metrics = zeromq.zmq_pump("pub-sub", broker, count=50_000, subscribers=3)
        self.assertEqual(150_000, metrics["messages"] + metrics["dropped"])

    def test_pub_sub_waits_for_the_slowest(self):
        metrics = zeromq.zmq_pump("pub-sub", self.proxy("pub-sub"), count=20_000, subscribers=3, ahead=100)
        self.assertLess(metrics["dropped"], 600)

    def test_req_rep_records_round_trips(self):
        metrics = zeromq.zmq_pump("req-rep", self.proxy("req-rep"), seconds=1)
        self.assertEqual(metrics["messages"], metrics["round count"])
        self.assertGreater(metrics["messages"], 0)
        self.assertLessEqual(metrics["round p50"], metrics["round p99"])

    def test_a_pipeline_that_passes_all_on(self):
        with Pipeline(lambda bodies: bodies) as broker:
            self.assertEqual(500, zeromq.zmq_pump("push-pull", broker, count=500)["messages"])

    def test_a_message_lost_fails_a_pipeline(self):
        with Pipeline(lambda bodies: (body for body in bodies if number_of(body) != 7)) as broker:
            with self.assertRaisesRegex(tools.ToolError, "ended with 3: message 8 came where 7 was due"):
                zeromq.zmq_pump("push-pull", broker, count=500)

    def test_a_message_repeated_fails_a_pipeline(self):
        def twice(bodies):
            for body in bodies:
                yield from [body] * (2 if number_of(body) == 7 else 1)

        with Pipeline(twice) as broker:
            with self.assertRaisesRegex(tools.ToolError, "ended with 3: message 7 came where 8 was due"):
                zeromq.zmq_pump("push-pull", broker, count=500)

    def test_messages_of_another_run_do_not_count(self):
        def with_an_old_one(bodies):
            yield b"d" + bytes(127)
            yield from bodies

        with Pipeline(with_an_old_one) as broker:
            metrics = zeromq.zmq_pump("push-pull", broker, count=500)
        self.assertEqual((500, 1), (metrics["messages"], metrics["stale"]))

    def test_the_end_lost_runs_out_of_time(self):
        with Pipeline(lambda bodies: (body for body in bodies if number_of(body) != 499)) as broker:
            with self.assertRaisesRegex(tools.ToolError, "ended with 4: out of time: 499 messages came of 500"):
                zeromq.zmq_pump("push-pull", broker, limit_s=1, count=500)

    def test_nobody_listens(self):
        for mode in zeromq.LISTENERS:
            command = [str(tools.TARGET / "zmq-pump"), mode, "--to=1", "--from=1", "--limit=1"]
            result = subprocess.run(command, capture_output=True, text=True, timeout=20)
            self.assertEqual(4, result.returncode, mode)
            self.assertIn("out of time", result.stderr)

    def test_wrong_usage(self):
        for arguments in (["push-pull"], ["proxy"], ["proxy", "pair"], ["x", "--to=1", "--from=1"], ["--size=8"]):
            result = subprocess.run([str(tools.TARGET / "zmq-pump"), *arguments], capture_output=True, timeout=20)
            self.assertEqual(2, result.returncode, arguments)

    def test_options_of_the_pump(self):
        with Pipeline(lambda bodies: bodies) as broker:
            command = zeromq.zmq_pump_command("push-pull", broker, 60, {"count": 5})
        ports = broker.listeners
        wanted = [f"--to={ports['zmtp-pull']}", f"--from={ports['zmtp-push']}", "--pid=0", "--limit=60", "--count=5"]
        self.assertEqual(["push-pull", *wanted], command[1:])


class ArithmeticTest(unittest.TestCase):
    def test_drops_are_a_share_of_the_deliveries_due(self):
        metrics = zeromq.with_drops({"messages": 15, "dropped": 5}, 10, 2)
        self.assertEqual((1.5, 25), (metrics["copies"], metrics["dropped %"]))

    def test_a_run_that_dropped_plans_the_next_by_what_was_sent(self):
        row = zeromq.rows()[0]
        metrics = zeromq.with_drops({"messages": 150_000, "dropped": 50_000, "rate": 75_000}, 100_000, 2)
        self.assertEqual(100_000, model.count_for(row, metrics, seconds=2))

    def test_a_broker_without_the_listener(self):
        broker = Pipeline(lambda bodies: bodies)
        with broker, self.assertRaisesRegex(RuntimeError, "Pipeline has no listener zmtp-router and no zmtp-dealer"):
            zeromq.zmq_pump_command("req-rep", broker, 60, {})

    def test_without_libzmq_the_rows_say_what_to_install(self):
        with tempfile.TemporaryDirectory() as directory:
            nothing = pathlib.Path(directory) / "zmq-pump"
            with unittest.mock.patch.object(zeromq, "PROGRAM", nothing):
                with self.assertRaisesRegex(RuntimeError, "libzmq3-dev is not installed"):
                    zeromq.ZmqProxy(directory, "push-pull").start()

    def test_rows_have_names_of_their_own_and_a_setting_for_memory(self):
        rows = {row.name: row for row in zeromq.rows()}
        self.assertEqual(len(zeromq.rows()), len(rows))
        recado = rows["zmq-push-16"].brokers["recado"](pathlib.Path("/nowhere"))
        self.assertEqual("--set zmtp.pipeline.durability=memory", recado.settings)
        self.assertNotIn("dropped %", report.table_of(rows["zmq-push-16"], measured(rows["zmq-push-16"])))


def measured(row):
    return {"samples": {side.name: [{"rate": 1, "count": 1}] for side in row.sides}, "versions": {}, "settings": {}}


if __name__ == "__main__":
    unittest.main()
