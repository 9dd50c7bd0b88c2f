"""Tests of the rows of many at once, and of those about Recado alone: what they ask and how they read the answers.
Nothing is compiled, started or timed. Run: python3 -m unittest load/peers/test_many.py"""

import contextlib
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import many
import model
import report
import rows
import solo
from brokers import Recado


class Told(Recado):
    """Says it runs; `answers` are those of commands by their beginning."""

    def __init__(self, ready="recado ready in 9 ms: text 127.0.0.1:1", **answers):
        super().__init__(pathlib.Path("/nowhere"))
        self.text, self.answers, self.asked = ready, answers, []

    def text_of_output(self):
        return f"another line\n{self.text}\n"

    def ask(self, text, end, limit_s=60):
        self.asked.append(text)
        return next((answer for name, answer in self.answers.items() if text.startswith(name)), "OK:DONE\n")


def run(broker, count=1000, key="r0-0", **context):
    return model.Run(broker, key, count, 1, pathlib.Path("/nowhere"), context)


@contextlib.contextmanager
def pumped(module, **metrics):
    """No pump runs in the block; answers the options that one would have got."""
    found = types.SimpleNamespace()

    def pump(mode, broker, **options):
        found.mode, found.options = mode, options
        return {"rate": 50_000.0} | metrics

    with unittest.mock.patch.object(module, "pump", pump):
        yield found


class TransportTest(unittest.TestCase):
    def test_the_ready_line_tells_it(self):
        self.assertEqual("io_uring", many.transport_of(Told("recado ready in 9 ms on io_uring: text 127.0.0.1:1")))
        self.assertIsNone(many.transport_of(Told("recado ready in 9 ms: text 127.0.0.1:1")))

    def test_a_fall_back_fails_the_row(self):
        broker = Told("recado ready in 9 ms on epoll: text 127.0.0.1:1")
        with self.assertRaisesRegex(RuntimeError, "^node.io=io_uring was asked for, but the broker runs on epoll$"):
            many.publish_on(run(broker), "io_uring")
        with self.assertRaisesRegex(RuntimeError, "but the broker does not say what it runs on$"):
            many.publish_on(run(Told()), "epoll")

    def test_a_build_without_the_setting_says_so(self):
        with tempfile.TemporaryDirectory() as directory:
            broker = Recado(directory, settings=("node.io=epoll",), jar=pathlib.Path("old.jar"))
            text = "unknown setting node.io: did you mean node.id?"
            command = ["sh", "-c", f"echo '{text}' >&2; exit 2"]
            with unittest.mock.patch.object(broker, "command", lambda: command):
                with self.assertRaisesRegex(RuntimeError, "^old.jar does not know the setting node.io$"):
                    broker.start()

    def test_both_sides_are_of_one_build_and_one_pace(self):
        for connections, row in zip((200, 1_000), many.rows()[2:]):
            made = {key: make(pathlib.Path("/data")) for key, make in row.brokers.items()}
            self.assertEqual(["--set node.io=io_uring", "--set node.io=epoll"], [one.settings for one in made.values()])
            self.assertEqual([f"io-{connections}", {"io"}], [row.name, {side.pace for side in row.sides}])
            with pumped(rows) as found:
                broker = Told("recado ready in 9 ms on epoll: x", **{"TOPIC:DESCRIBE": end_at(1000)})
                row.sides[1].work(run(broker))
            self.assertEqual(("window", connections), (found.mode, found.options["publishers"]))


def end_at(count):
    return '{"partition-figures":[{"end":%d}],"backlog":0}\n.\n' % count


class PublishTest(unittest.TestCase):
    def test_volume(self):
        metrics = rows.with_megabytes({"rate": 1000.0}, 262_144)
        self.assertEqual(262.144, metrics["MB/s"])
        shown = {row.name: "MB/s" in row.metrics for row in rows.rows()}
        self.assertEqual((True, True, False), (shown["publish-262144"], shown["publish-16384"], shown["publish"]))

    def test_a_thousand_connections(self):
        row = next(row for row in rows.rows() if row.name == "publish-1000")
        with pumped(rows) as found:
            row.sides[0].work(run(Told(**{"TOPIC:DESCRIBE": end_at(1000)})))
        self.assertEqual(("window", 1000, 300), (found.mode, found.options["publishers"], found.options["limit_s"]))

    def test_settings_for_every_recado(self):
        with unittest.mock.patch.object(Recado, "extra", ("a=b",)):
            self.assertEqual("-Xmx9m --set c=d --set a=b", Recado("/x", ("-Xmx9m",), ("c=d",)).settings)
        facts = {"date": "", "cores": 2, "cpu": "", "memory_gib": 1, "kernel": "", "java": ""}
        self.assertIn("Every Recado runs with `--set a=b`.", report.surroundings(facts | {"sets": ["a=b"]}))
        self.assertNotIn("runs with", report.surroundings(facts))


class GroupsTest(unittest.TestCase):
    def broker(self, backlog=0, groups=many.GROUPS):
        group = '{"group":"g","backlog":%d}\n' % backlog
        return Told(**{"TOPIC:DESCRIBE": end_at(1000), "GROUP:LIST": group * groups + ".\n"})

    def test_every_group_takes_every_message(self):
        with pumped(many) as found:
            metrics = many.recado_groups(run(self.broker()))
        self.assertEqual((100, True, 100), (found.options["subscribers"], found.options["each"], metrics["copies"]))
        self.assertIn(":g{c}:1000:first", found.options["sub_hello"])
        row = many.rows()[0]
        self.assertEqual(1000, model.count_for(row, metrics, seconds=1))

    def test_what_is_left_unfinished_fails(self):
        with pumped(many), unittest.mock.patch.object(many, "SETTLE_S", 0):
            with self.assertRaisesRegex(RuntimeError, "unfinished holds 300 messages instead of 0"):
                many.recado_groups(run(self.broker(backlog=3)))
            with self.assertRaisesRegex(RuntimeError, "groups holds 99 messages instead of 100"):
                many.recado_groups(run(self.broker(groups=99)))

    def test_consumers_of_jetstream_acknowledge_each(self):
        asked = {}

        def request(subject, body=None):
            asked[subject] = body
            return {"state": {"messages": 1000}, "num_pending": 0, "num_ack_pending": 0}

        with pumped(many) as found:
            many.jetstream_consumers(run(types.SimpleNamespace(request=request)))
        created = {subject: body for subject, body in asked.items() if "DURABLE" in subject}
        self.assertEqual(100, len(created))
        config = created["$JS.API.CONSUMER.DURABLE.CREATE.fr0-0.c42"]["config"]
        self.assertEqual(("push-fr0-0-c42", "explicit"), (config["deliver_subject"], config["ack_policy"]))
        self.assertIn("SUB push-fr0-0-c{c} 1", found.options["sub_hello"])
        self.assertEqual(("nats", True), (found.options["dialect"], found.options["each"]))


class RequestTest(unittest.TestCase):
    def test_times_are_round_trips(self):
        broker = Told(**{"TOPIC:DESCRIBE": end_at(1000)})
        with pumped(many, **{"answer p50": 7.0, "answer count": 9}) as found:
            metrics = many.recado_requests(run(broker))
        self.assertEqual({"rate": 50_000.0, "round p50": 7.0, "round count": 9}, metrics)
        self.assertEqual(("request", 100), (found.mode, found.options["publishers"]))
        self.assertEqual("TOPIC:CREATE:rr0-0:kind=queue&durability=memory\n", broker.asked[0])

    def test_each_client_of_nats_has_an_inbox(self):
        with pumped(many) as found:
            many.nats_requests(run(None))
        self.assertIn("SUB _INBOX.rr0-0.{c} 1", found.options["hello"])
        self.assertTrue(found.options["frame"].startswith("PUB rr0-0 _INBOX.rr0-0.{c} 128"))


class SoloTest(unittest.TestCase):
    def test_topics_are_confirmed_message_by_message(self):
        found = {side.confirm for side in solo.topics_row().sides}
        with pumped(solo) as options:
            solo.publish_round_robin(run(None, **{"n7-": True}), topics=7)
        self.assertEqual({"CONFIRM:EACH"}, found)
        self.assertEqual("lines:1", options.options["replies"])
        self.assertIn("CONFIRM:EACH", options.options["hello"])

    def test_a_group_for_every_second_topic(self):
        created = []
        broker = types.SimpleNamespace(do_all=created.extend)
        solo.create_topics(broker, "t", 1_500, with_group=2)
        groups = [command for command in created if command.startswith("GROUP")]
        self.assertEqual((2_250, 750), (len(created), len(groups)))
        self.assertEqual("GROUP:CREATE:t1498:g:from=first", groups[-1])

    def test_the_reader_is_told_over_its_passes(self):
        read = [{"messages": 20_000_000, "seconds": 4.0}, {"messages": 4_000_000, "seconds": 2.0}]
        self.assertEqual(4_000_000, solo.rate_of(read))
        row = next(row for row in solo.rows() if row.name == "backlog-publish")
        self.assertEqual(["while it reads", "nobody reads", "nobody publishes"], [side.name for side in row.sides])
        samples = {
            "while it reads": [{"answer p99": 6.0, "reader rate": 10}],
            "nobody reads": [{"answer p99": 3.0}],
            "nobody publishes": [{"reader rate": 40}],
        }
        _, unread, unpublished = row.sides
        self.assertEqual([2.0], model.ratios(row, samples, unread, "answer p99"))
        self.assertEqual([0.25], model.ratios(row, samples, unpublished, "reader rate"))
        self.assertEqual([], model.ratios(row, samples, unpublished, "answer p99"))

    def test_the_heap_of_either_collector(self):
        metaspace = " Metaspace       used 7000K, committed 7100K, reserved 1056768K\n"
        serial = " def new generation   total 9216K, used 100K [0x1, 0x2)\n tenured generation   total 20480K, used 900K\n"
        g1 = " garbage-first heap   total 51200K, used 1024K [0x1, 0x2)\n  region size 1024K\n"
        for text, wanted in ((serial + metaspace, 1000), (g1 + metaspace, 1024)):
            with unittest.mock.patch.object(subprocess, "run", lambda *_, **__: types.SimpleNamespace(stdout=text)):
                self.assertEqual(wanted * 1024, solo.collected_heap(types.SimpleNamespace(pid=1)))

    def test_idle_topics_are_made_once_and_the_broker_starts_again(self):
        broker = Told()
        for name, value in (("ready_ms", 5), ("start", None), ("stop", None)):
            setattr(broker, name, lambda value=value: value)
        broker.process = types.SimpleNamespace(pid=1)
        heaps = iter((1_000, 9_000, 11_000))
        context = {}
        with contextlib.ExitStack() as patches, pumped(solo) as found:
            for name, value in (
                ("collected_heap", lambda _: next(heaps)),
                ("create_topics", unittest.mock.Mock()),
                ("cpu_s", unittest.mock.Mock(side_effect=[1.0, 1.3, 2.0, 2.6])),
                ("rss_bytes", lambda _: 2**20),
                ("time", types.SimpleNamespace(sleep=lambda _: None, monotonic=iter(range(0, 900, 30)).__next__)),
            ):
                patches.enter_context(unittest.mock.patch.object(solo, name, value))
            created = solo.create_topics
            told = [solo.idle(model.Run(broker, "r", 0, 1, None, context), 4, used=True) for _ in range(2)]
        created.assert_called_once_with(broker, "idle-", 4, with_group=2)
        self.assertEqual("PUB:idle-{i}:128\\n{P:128}\\n", found.options["frame"])
        self.assertEqual([2_000, 2_500], [one["heap bytes a topic"] for one in told])
        self.assertEqual([1.0, 2.0], [round(one["idle CPU %"], 6) for one in told])


if __name__ == "__main__":
    unittest.main()
