"""Tests of the rows of the coffee shop: commands, figures and checks, with programs in place of Java. Run: python3 -m
unittest load/peers/test_coffee.py"""

import pathlib
import subprocess
import sys
import tempfile
import time
import types
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import beside
import coffee
from model import Run

CLIENT = """
import pathlib, sys
session = pathlib.Path(sys.argv[1], "session_1")
session.mkdir(parents=True)
for name in ("q1", "q2_quantity", "q2_profit", "q3", "q4"):
    (session / (name + ".csv")).write_text(name + sys.argv[2])
print("answers in", session, "complete=" + sys.argv[3])
"""


class CommandTest(unittest.TestCase):
    def test_every_node_is_of_the_jar_and_on_the_broker(self):
        nodes = coffee.Nodes(pathlib.Path("d"), pathlib.Path("x.jar"), 5)
        commands = nodes.commands()
        self.assertEqual(11, len(commands))
        self.assertEqual(["aggregator", "q4", "--state", "d/q4"], commands["q4"])
        self.assertEqual("amqp://guest:guest@127.0.0.1:5", nodes.amqp)
        self.assertEqual(["-jar", "x.jar", "coffee", "worker", "s"], coffee.coffee(nodes.jar, "worker", "s")[-5:])


class RunTest(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.directory = pathlib.Path(self.holder.name)
        files = self.directory / "input"
        files.mkdir()
        (files / "transaction_items.csv").write_text("head\na\nb\n")
        (files / "stores.csv").write_text("head\na\n")
        self.sleeper = subprocess.Popen(["sleep", "60"])

    def tearDown(self):
        self.sleeper.kill()
        self.sleeper.wait()
        self.holder.cleanup()

    def session(self, shop, key, text="", complete="true"):
        nodes = types.SimpleNamespace(jar="x", port=1, check=lambda: None, pids=lambda: [self.sleeper.pid])
        broker = types.SimpleNamespace(nodes=nodes, pid=self.sleeper.pid, directory=self.directory)

        def command(_, *arguments):
            results = arguments[arguments.index("--results") + 1] if "--results" in arguments else None
            return Command([sys.executable, "-c", CLIENT, results or str(self.directory / key), text, complete])

        with unittest.mock.patch.object(coffee, "coffee", command):
            return shop.session(Run(broker, key, 0, 0, self.directory, {}))

    def test_rows_are_those_of_the_files(self):
        metrics = self.session(coffee.Shop(100), "r0")
        self.assertEqual(3, metrics["rows"])
        self.assertGreater(metrics["client_cpu_us"], 0)
        self.assertLess(metrics["rate"], 3 / 0.001)

    def test_other_answers_are_told(self):
        shop = coffee.Shop(100)
        self.session(shop, "r0")
        self.session(shop, "r1")
        with self.assertRaisesRegex(RuntimeError, "^the answers differ"):
            self.session(shop, "r2", text="other")

    def test_a_session_that_is_not_complete_is_told(self):
        with self.assertRaisesRegex(RuntimeError, "^the client ended with 0: .*complete=false"):
            self.session(coffee.Shop(100), "r0", complete="false")

    def test_a_client_that_does_not_end_is_told(self):
        with self.assertRaisesRegex(RuntimeError, "^the client has not ended"):
            coffee.wait_for(self.sleeper, time.monotonic())


class Command(list):
    """Takes no more arguments."""

    def __iadd__(self, _):
        return self


class RowTest(unittest.TestCase):
    def test_only_these_rows_are_without_a_table(self):
        self.assertLessEqual(beside.NO_TABLE, {row.name for row in coffee.rows()})

    def test_both_brokers_do_the_same(self):
        for row in coffee.rows():
            self.assertTrue(row.long)
            self.assertEqual(1, len({side.work for side in row.sides}))
            self.assertEqual(["recado", "rabbitmq"], list(row.brokers))


if __name__ == "__main__":
    unittest.main()
