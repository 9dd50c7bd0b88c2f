"""Tests of the rows over AMQP 0-9-1: what PerfTest prints, what is made of it; amqp-sessions against a small server. No
broker is started. Run: python3 -m unittest load/peers/test_amqp.py"""

import os
import pathlib
import subprocess
import sys
import types
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import amqp
import beside
import model
import perftest
import rabbitmq
import report
import tools
from brokers import Recado
from test_pump import Server

PLAIN = (
    "id: test-154350-952, time 2.007 s, sent: 22659 msg/s, received: 13385 msg/s, "
    "min/median/75th/95th/99th consumer latency: 13014/194512/278664/464186/511278 µs"
)
CONFIRMED = (
    "id: test-154432-996, time 10.000 s, sent: 2000 msg/s, confirmed: 1998 msg/s, nacked: 0 msg/s, received: 2001 "
    "msg/s, min/median/75th/95th/99th consumer latency: 104/257/381/1756/8553 µs, confirm latency: 275/518/753/2198/"
    "10757 µs"
)


def line(at_s, received, server_s=0.0, client_s=0.0, **latencies):
    named = {name.replace("_", " "): value for name, value in latencies.items()}
    return perftest.Line(at_s, {"received": received}, named, server_s, client_s)


class ParseTest(unittest.TestCase):
    def test_rates_and_latencies(self):
        told = perftest.parse(PLAIN)
        self.assertEqual((2.007, {"sent": 22659, "received": 13385}), (told.at_s, told.rates))
        self.assertEqual(
            {"min": 13014, "p50": 194512, "p75": 278664, "p95": 464186, "p99": 511278},
            {name.removeprefix("consumer "): value for name, value in told.latencies.items()},
        )

    def test_confirms(self):
        told = perftest.parse(CONFIRMED)
        self.assertEqual({"sent": 2000, "confirmed": 1998, "nacked": 0, "received": 2001}, told.rates)
        self.assertEqual((8553, 518), (told.latencies["consumer p99"], told.latencies["confirm p50"]))

    def test_milliseconds_and_a_decimal_comma(self):
        told = perftest.parse(CONFIRMED.replace("µs", "ms").replace("10.000", "10,000"))
        self.assertEqual((10.0, 8_553_000), (told.at_s, told.latencies["consumer p99"]))

    def test_other_lines_are_passed_over(self):
        for text in (
            "id: test-154350-952, starting consumer #0, channel #0",
            "test stopped (Reached time limit)",
            "id: test-154350-952, sending rate avg: 36407 msg/s",
            "id: test-154432-996, consumer latency min/median/75th/95th/99th 99/286/552/11149/21295 µs",
            "",
        ):
            self.assertIsNone(perftest.parse(text), text)


class WindowTest(unittest.TestCase):
    def test_it_begins_with_the_line_at_the_skip(self):
        lines = [line(second + 0.003, 10) for second in range(1, 9)]
        self.assertEqual([5.003, 6.003, 7.003, 8.003], [one.at_s for one in perftest.window(lines, 5)])

    def test_a_line_that_is_a_little_early_counts(self):
        self.assertEqual(2, len(perftest.window([line(9.998, 1), line(20.001, 1)], 10)))

    def test_too_few_lines_are_told(self):
        with self.assertRaisesRegex(RuntimeError, "^PerfTest has 3 lines, not two from 3 s on$"):
            perftest.metrics_of([line(1, 1), line(2, 1), line(3, 1)], 3)

    def test_rate_and_processor_time_are_of_the_window_only(self):
        lines = [line(1, 1, 9, 9), line(2, 999, 10, 20), line(3, 1000, 10.5, 21), line(5, 4000, 11.8, 22.8)]
        metrics = perftest.metrics_of(lines, 2)
        self.assertAlmostEqual((1000 + 2 * 4000) / 3, metrics["rate"])
        self.assertAlmostEqual(1.8e6 / 9000, metrics["server_cpu_us"])
        self.assertAlmostEqual(2.8e6 / 9000, metrics["client_cpu_us"])

    def test_latencies_are_told_of_one_interval_only(self):
        latencies = {"consumer_p50": 7, "consumer_p99": 70, "confirm_p99": 90}
        one = perftest.metrics_of([line(10, 5), line(20, 5, **latencies)], 10)
        self.assertEqual((7, 70, 90), (one["deliver p50"], one["deliver p99"], one["answer p99"]))
        two = perftest.metrics_of([line(10, 5), line(20, 5, **latencies), line(30, 5, **latencies)], 10)
        self.assertNotIn("deliver p99", two)

    def test_nothing_delivered_is_an_error(self):
        with self.assertRaisesRegex(RuntimeError, "^nothing was received in 10 s$"):
            perftest.metrics_of([line(10, 5), line(20, 0)], 10)


class ProcessTest(unittest.TestCase):
    def run_script(self, script, limit_s=20):
        broker = types.SimpleNamespace(pid=os.getpid())
        return perftest.lines_of(broker, [sys.executable, "-c", script], limit_s)

    def test_lines_come_with_processor_times(self):
        lines = self.run_script(f"print('starting'); print({PLAIN!r}); print('end')")
        self.assertEqual([2.007], [one.at_s for one in lines])
        self.assertGreater(lines[0].server_s, 0)

    def test_an_end_with_an_error_is_told(self):
        with self.assertRaisesRegex(RuntimeError, "(?s)PerfTest ended with 3: .*no route"):
            self.run_script(f"print({PLAIN!r}); print('no route'); raise SystemExit(3)")

    def test_no_line_is_an_error(self):
        with self.assertRaisesRegex(RuntimeError, "^PerfTest ended with 0: nothing"):
            self.run_script("print('nothing')")

    def test_a_run_that_hangs_is_ended(self):
        with self.assertRaisesRegex(RuntimeError, "^PerfTest ended with -9"):
            self.run_script("import threading; threading.Event().wait()", limit_s=0.3)

    def test_a_broker_without_the_listener_is_told(self):
        broker = types.SimpleNamespace(listeners={})
        with unittest.mock.patch.object(perftest, "LIBRARIES", pathlib.Path("/")):
            with self.assertRaisesRegex(RuntimeError, "^SimpleNamespace has no listener amqp$"):
                perftest.command(broker, 3, 1, [])


# ---- the rows


def run_of(key="r0-0", count=0, **broker):
    return model.Run(types.SimpleNamespace(**broker), key, count, 10, pathlib.Path("/nowhere"), {})


class RowsTest(unittest.TestCase):
    def named(self, name):
        return next(row for row in amqp.rows() if row.name == name)

    def test_both_brokers_do_the_same_work_in_every_row(self):
        for row in amqp.rows():
            self.assertEqual(["Recado", "RabbitMQ"], [side.name for side in row.sides])
            self.assertEqual(1, len({(side.durability, side.confirm, side.window, side.client) for side in row.sides}))

    def test_queues_are_those_of_a_run(self):
        given = []
        with unittest.mock.patch.object(amqp, "perftest", lambda broker, options, *how: given.append((options, how))):
            for side in self.named("amqp-durable").sides:
                side.work(run_of("r3-1"))
        (recado, how), (rabbit, _) = given
        self.assertEqual(recado, rabbit)
        self.assertEqual("dr3-1", recado[recado.index("--queue") + 1])
        self.assertEqual((10, amqp.SKIP_S, 1), how)

    def test_a_latency_is_of_one_interval(self):
        with unittest.mock.patch.object(amqp, "perftest", lambda broker, options, *how: how):
            how = self.named("amqp-latency").sides[0].work(run_of())
        self.assertEqual((amqp.LATENCY_INTERVAL_S,) * 3, how)

    def test_runs_are_as_long_as_the_row_needs(self):
        row = model.Row("r", "", "", [model.Side("s", None, lambda run: {"rate": run.seconds})], {}, (), seconds_min=4)
        for asked, wanted in ((1, 4), (9, 9)):
            result = model.measure(row, 1, asked, pathlib.Path("/nowhere"), say=lambda _: None)
            self.assertEqual(wanted, result["samples"]["s"][0]["rate"])


class SustainedTest(unittest.TestCase):
    def measured(self, sustains, p99=2_000):
        """Every rate that was tried, where the broker delivers so many messages a second at most."""
        tried = []

        def perftest(broker, options, seconds, skip_s, interval_s):
            rate = round(1 / float(options[options.index("--publishing-interval") + 1]))
            tried.append(rate)
            return {"rate": min(rate * amqp.QUEUES, sustains), "deliver p99": p99}

        patches = {"perftest": perftest, "tell": lambda _: None, "await_quiet": lambda _: None}
        with unittest.mock.patch.multiple(amqp, **patches):
            sustained = amqp.Sustained()
            sustained.of_rabbitmq(run_of("w0-1"))
            recado, rabbit = sustained.of_recado(run_of()), sustained.of_rabbitmq(run_of("r0-1"))
        self.assertEqual(recado["rate a queue"], rabbit["rate a queue"])
        return tried, rabbit

    def test_the_greatest_rate_that_it_keeps_up_with(self):
        tried, metrics = self.measured(4_100)
        self.assertEqual([10, 8, 5, 4, 4, 4], tried)
        self.assertEqual([10, 8, 5, 4], [step["rate a queue"] for step in metrics["steps"]])
        self.assertEqual(4, metrics["rate a queue"])

    def test_nothing_above_ten(self):
        self.assertEqual([10, 10, 10], self.measured(99_999)[0])

    def test_five_percent_may_be_missing(self):
        self.assertEqual([10, 10, 10], self.measured(9_501)[0])
        self.assertEqual([10, 8, 8, 8], self.measured(9_499)[0])

    def test_a_backlog_is_not_kept_up_with(self):
        self.assertEqual((list(amqp.QUEUE_RATES) + [1, 1]), self.measured(99_999, p99=1_000_001)[0])

    def test_without_rabbitmq_the_rate_is_fixed(self):
        patches = {"perftest": lambda *_: {"rate": 1, "deliver p99": 1}, "await_quiet": lambda _: None}
        with unittest.mock.patch.multiple(amqp, **patches):
            self.assertEqual(amqp.QUEUE_RATE_ALONE, amqp.Sustained().of_recado(run_of())["rate a queue"])

    def test_a_run_waits_until_the_broker_has_ended_its_work(self):
        times = iter([0, 0.9, 0.9, 1.1, 1.1, 1.15])
        waited = []
        patches = {
            "cpu_s": lambda _: next(times),
            "time": types.SimpleNamespace(monotonic=lambda: len(waited), sleep=waited.append),
        }
        with unittest.mock.patch.multiple(amqp, **patches):
            amqp.await_quiet(types.SimpleNamespace(pid=1))
        self.assertEqual(3, len(waited))

    def test_it_does_not_wait_for_ever(self):
        used, waited = iter(range(10_000)), []
        patches = {
            "cpu_s": lambda _: next(used),
            "time": types.SimpleNamespace(monotonic=lambda: len(waited), sleep=waited.append),
        }
        with unittest.mock.patch.multiple(amqp, **patches):
            amqp.await_quiet(types.SimpleNamespace(pid=1))
        self.assertEqual(amqp.QUIET_LIMIT_S, len(waited))

    def test_the_table_shows_no_steps(self):
        row = next(row for row in amqp.rows() if row.name == "amqp-queues")
        metrics = {"rate": 5000.0, "rate a queue": 5, "deliver p99": 9, "count": 0}
        samples = {"Recado": [metrics], "RabbitMQ": [metrics | {"steps": [{"rate": 1}]}]}
        table = report.table_of(row, {"samples": samples, "versions": {}, "settings": {}})
        self.assertIn("| rate a queue |", table)
        self.assertNotIn("{", table)


class IdleTest(unittest.TestCase):
    def test_the_difference_is_shared_by_the_connections(self):
        metrics = amqp.idle_metrics((5 * 2**20, 100 * 2**20), (5 * 2**20 + 7_000_000, 100 * 2**20 + 20_000_000))
        self.assertEqual((20_000, 7_000), (metrics["RSS bytes a connection"], metrics["heap bytes a connection"]))
        self.assertEqual(100, metrics["RSS before MiB"])

    def test_beside_another_build_it_starts_that_one(self):
        row = next(row for row in amqp.rows() if row.name == "amqp-idle")
        jars = {beside.THIS: pathlib.Path("a.jar"), beside.OTHER: pathlib.Path("b.jar")}
        pair = beside.beside(row, jars)
        made = [amqp.own_recado(model.Run(None, "k", 0, 1, pathlib.Path("/d"), {}, one.jar)) for one in pair.sides]
        self.assertEqual(["a.jar", "b.jar"], [str(one.jar) for one in made])


# ---- RabbitMQ


class RabbitMqTest(unittest.TestCase):
    def broker(self):
        broker = rabbitmq.RabbitMq("/data")
        broker.port, broker.node, broker.mapper_port, broker.internal_port = 5, "peer-5@localhost", 6, 7
        return broker

    def test_its_node_is_its_own(self):
        with unittest.mock.patch.dict("os.environ", {"RABBITMQ_NODENAME": "rabbit", "ERL_EPMD_PORT": "1"}):
            environment, command = self.broker().environment(), self.broker().command()
        self.assertEqual(("peer-5@localhost", "6"), (environment["RABBITMQ_NODENAME"], environment["ERL_EPMD_PORT"]))
        self.assertEqual("/data/RabbitMq", environment["HOME"])
        self.assertIn("RABBITMQ_NODENAME=peer-5@localhost", command)
        self.assertEqual(str(rabbitmq.SERVER), command[-1])

    def test_it_says_its_version(self):
        broker = self.broker()
        text = "\n  ##  ##      RabbitMQ 3.10.8\n  Erlang:      25.2.3\n Starting RabbitMQ 3.10.8 on Erlang 25.2.3\n"
        with unittest.mock.patch.object(broker, "text_of_output", lambda: text):
            self.assertEqual("RabbitMQ 3.10.8 on Erlang 25.2.3", broker.version())

    def test_memory_is_asked_behind_a_collection(self):
        broker, asked = self.broker(), []
        with unittest.mock.patch.object(broker, "evaluate", lambda text: asked.append(text) or "123456"):
            self.assertEqual(123456, broker.collected_bytes())
        self.assertIn("garbage_collect", asked[0])


# ---- AMQP itself

METHODS = {  # what a broker answers, by class and method; None: nothing
    (10, 11): (0, b"\x00\x0a\x00\x1e" + bytes(8)),
    (10, 31): None,
    (10, 40): (0, b"\x00\x0a\x00\x29\x00"),
    (20, 10): (1, b"\x00\x14\x00\x0b" + bytes(4)),
    (20, 40): (1, b"\x00\x14\x00\x29"),
    (50, 10): (1, b"\x00\x32\x00\x0b\x01q" + (7).to_bytes(4, "big") + bytes(4)),
    (50, 40): (1, b"\x00\x32\x00\x29" + bytes(4)),
    (10, 50): (0, b"\x00\x0a\x00\x33"),
    (60, 40): None,
}


class AmqpServer(Server):
    """Answers every method as a broker does, without looking at its arguments; notes what came."""

    def __init__(self, answers=None):
        self.came, self.opened = [], 0
        self.answers = METHODS | (answers or {})
        super().__init__(self.talk_amqp)

    def talk_amqp(self, connection):
        with connection.makefile("rb") as file:
            if file.read(8) != rabbitmq.OPENING:
                return
            self.opened += 1
            connection.sendall(rabbitmq.frame(0, b"\x00\x0a\x00\x0a" + bytes(600)))
            while head := file.read(7):
                payload = file.read(int.from_bytes(head[3:], "big") + 1)
                if head[0] != 1:
                    self.came.append((head[0], len(payload) - 1))
                    continue
                method = int.from_bytes(payload[:2], "big"), int.from_bytes(payload[2:4], "big")
                self.came.append(method)
                if self.answers[method]:
                    channel, answer = self.answers[method]
                    connection.sendall(b"\x08\x00\x00\x00\x00\x00\x00\xce" + rabbitmq.frame(channel, answer))


class SessionTest(unittest.TestCase):
    def test_it_declares_asks_and_deletes(self):
        with AmqpServer() as server, rabbitmq.Session(server.port) as session:
            self.assertEqual(7, session.declare("q"))
            session.delete("q")
        self.assertEqual([(10, 11), (10, 31), (10, 40), (20, 10), (50, 10), (50, 40)], server.came)

    def test_a_refusal_is_told(self):
        refusal = {(50, 10): (1, b"\x00\x14\x00\x28\x01\x95")}
        with AmqpServer(refusal) as server, rabbitmq.Session(server.port) as session:
            with self.assertRaisesRegex(RuntimeError, r"^\(20, 40\) instead of \(50, 11\)"):
                session.declare("q")


class AmqpSessionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tools.build()

    def churn(self, server, count, **options):
        command = amqp.sessions_command("churn", server.port, {"count": count, "queue": "q", "limit": 20} | options)
        return tools.flat(tools.run_tool(command, 20))

    def test_every_session_publishes_one_message_and_closes(self):
        with AmqpServer() as server:
            metrics = self.churn(server, 50, at_once=7, size=300)
        self.assertEqual((50, 50, 50), (metrics["messages"], metrics["round count"], server.opened))
        self.assertEqual(50, server.came.count((3, 300)))
        one = [(10, 11), (10, 31), (10, 40), (20, 10), (60, 40), (2, 14), (3, 300), (20, 40), (10, 50)]
        self.assertEqual(sorted(one * 50), sorted(server.came))

    def test_a_refusal_fails_the_run(self):
        with AmqpServer({(10, 40): (0, b"\x00\x0a\x00\x32\x02\x12")}) as server:
            wanted = "ended with 3: step 2: frame 1, method 10.50 instead of 10.41"
            with self.assertRaisesRegex(tools.ToolError, wanted):
                self.churn(server, 1)

    def test_a_server_that_is_silent_costs_no_more_than_the_limit(self):
        with AmqpServer({(20, 10): None}) as server:
            with self.assertRaisesRegex(tools.ToolError, "ended with 4: out of time"):
                self.churn(server, 1, limit=1)

    def test_held_connections_have_their_channels_and_end_with_the_block(self):
        with AmqpServer() as server:
            with amqp.held(server.port, 5):
                self.assertEqual(5, server.opened)
                self.assertEqual(5 * amqp.CHANNELS, server.came.count((20, 10)))

    def test_wrong_usage_is_told(self):
        result = subprocess.run([str(tools.TARGET / "amqp-sessions"), "churn", "--port", "1"], capture_output=True)
        self.assertEqual(2, result.returncode)
        self.assertIn(b"usage: amqp-sessions", result.stderr)


if __name__ == "__main__":
    unittest.main()
