"""Tests of --beside: the statistics, what its rows run and in which order, the table. Nothing is compiled, started or
timed. Run: python3 -m unittest load/peers/test_beside.py"""

import contextlib
import importlib.machinery
import importlib.util
import io
import itertools
import json
import math
import pathlib
import random
import re
import statistics
import sys
import tempfile
import types
import unittest
import unittest.mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import beside
import beside_table
import model
import verdict
from brokers import Broker, Recado
from model import Row, Side


def compare():
    loader = importlib.machinery.SourceFileLoader("compare", str(HERE / "compare"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("compare", loader))
    loader.exec_module(module)
    return module


COMPARE = compare()
JARS = {beside.THIS: pathlib.Path("this.jar"), beside.OTHER: pathlib.Path("other.jar")}


def quiet(_):
    pass


# ---- statistics


def exact_interval(ratios):
    """For an odd number n of ratios, without resampling: a resample's median is at most the kth smallest ratio if more
    than half of its n draws are among the k smallest, which is a binomial tail."""
    n = len(ratios)

    def at_most(k):
        return sum(math.comb(n, i) * (k / n) ** i * (1 - k / n) ** (n - i) for i in range(n // 2 + 1, n + 1))

    k = next(k for k in range(1, n + 1) if at_most(k) > 0.05)
    return sorted(ratios)[k - 1], sorted(ratios)[n - k]


def every_resample(ratios):
    """The interval from all n ** n resamples, for small n."""
    medians = sorted(statistics.median(sample) for sample in itertools.product(ratios, repeat=len(ratios)))
    outside = len(medians) * 5 // 100
    return medians[outside], medians[-1 - outside]


def noisy(seed, middle, deviation, count=15):
    chance = random.Random(seed)
    return [middle * math.exp(chance.gauss(0, deviation)) for _ in range(count)]


def told(kind, ratios):
    return kind.verdict(*verdict.interval(ratios))


class StatisticsTest(unittest.TestCase):
    def test_the_interval_is_the_exact_one_for_odd_numbers_of_rounds(self):
        for count in (5, 7, 9, 13, 15, 21):  # of 11, 5.1 % of medians are at the 3rd: too close for resampling
            ratios = noisy(count, 1, 0.1, count)
            self.assertEqual(exact_interval(ratios), verdict.interval(ratios), count)

    def test_of_15_rounds_it_goes_from_the_5th_to_the_11th(self):
        self.assertEqual((5, 11), verdict.interval(random.Random(1).sample(range(1, 16), 15)))

    def test_the_interval_is_that_of_every_resample(self):
        for count in (3, 4, 5):
            ratios = noisy(count, 1, 0.1, count)
            self.assertEqual(every_resample(ratios), verdict.interval(ratios), count)

    def test_it_holds_the_true_median_in_about_nine_of_ten_cases(self):
        found = [verdict.interval(noisy(seed, 1, 0.1)) for seed in range(40)]
        self.assertTrue(32 <= sum(low <= 1 <= high for low, high in found) <= 39)

    def test_the_same_samples_give_the_same_interval(self):
        ratios = tuple(noisy(3, 1, 0.1))
        self.assertEqual(verdict.interval_of.__wrapped__(ratios), verdict.interval_of.__wrapped__(ratios))

    def test_identical_sides_have_not_lost(self):
        for kind in (verdict.RATE, verdict.CPU, verdict.LATENCY, verdict.MEMORY):
            self.assertEqual((1, 1), verdict.interval([1.0] * 15))
            self.assertEqual(verdict.NOT_LOST, told(kind, [1.0] * 15))

    def test_ten_percent_slower_has_lost(self):
        for seed in range(5):
            self.assertEqual(verdict.LOST, told(verdict.RATE, noisy(seed, 0.9, 0.03)))
            self.assertEqual(verdict.LOST, told(verdict.CPU, noisy(seed, 1.1, 0.03)))
            self.assertEqual(verdict.LOST, told(verdict.LATENCY, noisy(seed, 1.25, 0.05)))
            self.assertEqual(verdict.NOT_LOST, told(verdict.LATENCY, noisy(seed, 1.1, 0.03)))

    def test_ten_percent_faster_has_gained(self):
        for seed in range(5):
            self.assertEqual(verdict.GAINED, told(verdict.RATE, noisy(seed, 1.12, 0.03)))
            self.assertEqual(verdict.GAINED, told(verdict.CPU, noisy(seed, 0.9, 0.03)))

    def test_noise_alone_seldom_loses(self):
        for deviation, most in ((0.02, 0), (0.1, 3), (0.3, 3)):  # beyond either end of 90 % is 1 in 20
            lost = [told(verdict.RATE, noisy(seed, 1, deviation)) == verdict.LOST for seed in range(30)]
            self.assertLessEqual(sum(lost), most, deviation)

    def test_a_stalled_round_or_two_change_nothing(self):
        ratios = [1.0, 1.01, 0.99] * 5
        ratios[3], ratios[9] = 0.05, 0.1
        self.assertEqual(verdict.NOT_LOST, told(verdict.RATE, ratios))

    def test_what_one_has_lost_the_other_has_gained(self):
        swapped = {verdict.LOST: verdict.GAINED, verdict.GAINED: verdict.LOST, verdict.NOT_LOST: verdict.NOT_LOST}
        for kind, seed in itertools.product((verdict.RATE, verdict.CPU, verdict.LATENCY), range(0, 20, 4)):
            ratios = noisy(seed, 0.8 + seed * 0.02, 0.03)
            self.assertEqual(swapped[told(kind, ratios)], told(kind, [1 / ratio for ratio in ratios]))

    def test_the_bounds(self):
        for kind, low, high, wanted in (
            (verdict.RATE, 0.90, 0.969, verdict.LOST),
            (verdict.RATE, 0.90, 0.97, verdict.NOT_LOST),
            (verdict.RATE, 0.98, 1.2, verdict.NOT_LOST),
            (verdict.RATE, 1.04, 1.2, verdict.GAINED),
            (verdict.CPU, 1.031, 1.2, verdict.LOST),
            (verdict.CPU, 1.03, 1.2, verdict.NOT_LOST),
            (verdict.CPU, 0.8, 0.96, verdict.GAINED),
            (verdict.LATENCY, 1.151, 3, verdict.LOST),
            (verdict.LATENCY, 1.15, 3, verdict.NOT_LOST),
            (verdict.LATENCY, 0.5, 0.86, verdict.GAINED),
            (verdict.MEMORY, 1.16, 1.2, verdict.LOST),
        ):
            self.assertEqual(wanted, kind.verdict(low, high), (kind, low, high))

    def test_the_wider_the_interval_the_greater_the_loss_it_shows(self):
        self.assertAlmostEqual(0.97, verdict.RATE.loss_shown_from(1.2, 1.2, 1.2))
        self.assertAlmostEqual(0.776, verdict.RATE.loss_shown_from(1, 0.7, 1.25))
        self.assertAlmostEqual(1.2875, verdict.CPU.loss_shown_from(1, 0.8, 1.1))
        for kind, ratios in ((verdict.RATE, noisy(1, 1, 0.1)), (verdict.LATENCY, noisy(2, 1, 0.1))):
            seen = kind.loss_shown_from(statistics.median(ratios), *verdict.interval(ratios))
            to = seen / statistics.median(ratios)  # moves the median of the ratios there
            more, less = (0.999, 1.001) if kind.bound < 1 else (1.001, 0.999)
            self.assertEqual(verdict.LOST, told(kind, [to * more * ratio for ratio in ratios]))
            self.assertEqual(verdict.NOT_LOST, told(kind, [to * less * ratio for ratio in ratios]))

    def test_every_figure_of_every_row_has_a_kind_or_is_known_to_have_none(self):
        kinds = {metric: verdict.kind_of(metric) for row in COMPARE.all_rows() for metric in row.metrics}
        self.assertEqual(verdict.NOT_JUDGED, {metric for metric, kind in kinds.items() if kind is None})
        self.assertEqual(verdict.LATENCY, kinds["ready ms"])
        self.assertEqual(verdict.MEMORY, kinds["idle RSS MiB"])
        with self.assertRaisesRegex(ValueError, "nothing says what 'speed' is"):
            verdict.kind_of("speed")


# ---- what is run


class Idle(Recado):
    """Never started for real; tells what happened."""

    def start(self):
        self.happened.append(f"start {self.jar.stem}")

    def stop(self):
        self.happened.append(f"stop {self.jar.stem}")

    def version(self):
        return "Recado of " + self.jar.name

    def remove(self):
        pass


class Peer(Broker):
    pass


def row_of(happened, work, second=False):
    idle = type("Idle", (Idle,), {"happened": happened})
    sides = [Side("Recado", "recado", work, warm_up=(1000,)), Side("peer", "peer", work, warm_up=(1000,))]
    if second:
        sides.append(Side("Recado again", "recado", work))
    return Row("r", "work", "1 B", sides, {"recado": lambda d: idle(d / "deep"), "peer": Peer}, ("rate",))


class RowsTest(unittest.TestCase):
    def setUp(self):
        self.happened = []

    def work(self, run):
        fresh = "" if "seen" in run.context else " fresh"
        run.context["seen"] = True
        self.happened.append(f"{run.key} {run.broker.jar.stem} {run.count}{fresh}")
        return {"rate": 5000 if run.broker.jar.stem == "this" else 7000}

    def measure(self, row, rounds, starts=1):
        return model.measure(beside.beside(row, JARS), rounds, 1, pathlib.Path("/nowhere"), starts, quiet)

    def test_the_builds_swap_places_run_the_same_count_and_share_nothing(self):
        result = self.measure(row_of(self.happened, self.work), 3)
        self.assertEqual(
            [
                *("start this", "start other"),
                *("w0-0 this 1000 fresh", "w0-1 other 1000 fresh"),
                *("r0-0 this 6000", "r0-1 other 6000"),
                *("r1-1 other 6000", "r1-0 this 6000"),
                *("r2-0 this 6000", "r2-1 other 6000"),
                *("stop this", "stop other"),
            ],
            self.happened,
        )
        self.assertEqual({"Recado, this", "Recado, other"}, set(result["samples"]))
        self.assertEqual(
            {"recado, this": "Recado of this.jar", "recado, other": "Recado of other.jar"}, result["versions"]
        )

    def test_the_two_of_a_pair_are_neighbours_in_time(self):
        self.measure(row_of(self.happened, self.work, second=True), 2)
        runs = [line.split()[:2] for line in self.happened if line.startswith("r")]
        self.assertEqual(
            ["this", "other", "this", "other", "other", "this", "other", "this"], [jar for _, jar in runs]
        )
        self.assertEqual(["r0-0", "r0-1", "r0-2", "r0-3", "r1-3", "r1-2", "r1-1", "r1-0"], [key for key, _ in runs])

    def test_brokers_start_anew_and_the_rounds_go_on(self):
        result = self.measure(row_of(self.happened, self.work), 5, starts=2)
        first, second = " ".join(line.split()[0] for line in self.happened).split("stop stop")[:2]
        self.assertEqual("start start w0-0 w0-1 r0-0 r0-1 r1-1 r1-0", first.strip())
        self.assertEqual("start start w0-0 w0-1 r2-0 r2-1 r3-1 r3-0 r4-0 r4-1", second.strip())
        self.assertEqual([5, 5], [len(runs) for runs in result["samples"].values()])
        self.assertIn("w0-0 this 1000 fresh", self.happened[len(self.happened) // 2 :])

    def test_more_starts_than_rounds_are_as_many_as_rounds(self):
        self.measure(row_of(self.happened, self.work), 2, starts=9)
        self.assertEqual(2, self.happened.count("start this"))

    def test_a_failure_names_the_build(self):
        def work(run):
            if run.broker.jar.stem == "other" and not run.is_warm_up:
                raise RuntimeError("no listener zmtp-pull")
            return self.work(run)

        with self.assertRaisesRegex(RuntimeError, "^Recado, other, run r0-1: RuntimeError: no listener zmtp-pull$"):
            self.measure(row_of(self.happened, work), 2)
        self.assertEqual(["stop this", "stop other"], self.happened[-2:])

    def test_brokers_have_directories_of_their_own(self):
        row = beside.beside(row_of(self.happened, self.work), JARS)
        brokers = [make(pathlib.Path("/data")) for make in row.brokers.values()]
        self.assertEqual(["/data/this/deep/Idle", "/data/other/deep/Idle"], [str(one.directory) for one in brokers])

    def test_every_row_can_be_run_without_peers(self):
        known = COMPARE.all_rows()
        found = beside.rows(known, JARS)
        self.assertEqual([row.name for row in known], [row.name for row in found])
        for row in found:
            brokers = {key: make(pathlib.Path()) for key, make in row.brokers.items()}
            self.assertEqual([], [one for one in brokers.values() if not isinstance(one, Recado)])
            self.assertEqual(set(brokers), {side.broker for side in row.sides} - {None})
            for build, sides in ((beside.THIS, row.sides[::2]), (beside.OTHER, row.sides[1::2])):
                for side in sides:
                    self.assertEqual(JARS[build], side.jar)
                    self.assertTrue(side.name.endswith(", " + build))
                    self.assertEqual(JARS[build], brokers[side.broker].jar if side.broker else side.jar)
            self.assertEqual([s.pace for s in row.sides[::2]], [s.pace for s in row.sides[1::2]])

    def test_settings_go_to_the_brokers_of_their_build_alone(self):
        sets = {beside.OTHER: ["node.event-loops=1"]}
        known = {row.name: row for row in beside.rows(COMPARE.all_rows(), JARS, sets)}
        brokers = {key: make(pathlib.Path()) for key, make in known["zmq-push-durable-16"].brokers.items()}
        memory = "--set zmtp.pipeline.durability=memory"
        wanted = {
            "durable, this": "",
            "durable, other": "--set node.event-loops=1",
            "memory, this": memory,
            "memory, other": memory + " --set node.event-loops=1",
        }
        self.assertEqual(wanted, {key: broker.settings for key, broker in brokers.items()})
        self.assertEqual(("node.event-loops=1",), brokers["durable, other"].sets)
        self.assertEqual([(), ("node.event-loops=1",)], [side.sets for side in known["start"].sides])

    def test_by_default_it_runs_the_rows_of_the_pages(self):
        pages = (HERE.parent.parent / "src/site/markdown").glob("performance*.md")
        heading = re.compile(r"^### ([a-z0-9-]+)(?: on io_uring)?(?: \([0-9-]+\))?: ", re.M)  # a later run bears its date
        shown = set(heading.findall("\n".join(page.read_text() for page in pages))) - beside.ONE_BUILD
        every = {row.name for row in COMPARE.all_rows()}
        self.assertEqual(shown, every - beside.LEFT_OUT)
        options = types.SimpleNamespace(rows=[], beside="other.jar", long=True)
        self.assertEqual(shown, {row.name for row in COMPARE.chosen(options, beside.rows(COMPARE.all_rows(), JARS))})

    def test_what_starts_a_recado_of_its_own_starts_the_one_of_its_side(self):
        started, given = [], []

        class Started(Idle):
            happened = started

            def __init__(self, directory, flags=(), settings=(), jar=None):
                super().__init__(directory, flags, settings, jar)
                given.append(tuple(settings))

            def ready_ms(self):
                return 1

        known = beside.rows(COMPARE.all_rows(), JARS, {beside.THIS: ["a=b"]})
        row = next(row for row in known if row.name == "start")
        solo = sys.modules["solo"]
        with unittest.mock.patch.object(solo, "Recado", Started):
            model.measure(row, 2, 1, pathlib.Path("/nowhere"), say=quiet)
        self.assertEqual(["this", "other", "other", "this"], [line.split()[1] for line in started[::2]])
        self.assertEqual([("a=b",), (), (), ("a=b",)], given)


# ---- the table


def recado_row(*metrics):
    side = Side("Recado", "recado", None)
    return beside.beside(Row("r", "work", "1 B", [side], {"recado": Recado}, metrics), JARS)


def result_of(**series):
    """`rate=([…], […])`: this build's samples and the other's."""
    samples = {}
    for index, build in enumerate(JARS):
        runs = zip(*(values[index] for values in series.values()))
        samples[f"Recado, {build}"] = [dict(zip(series, run)) for run in runs]
    return {"samples": samples, "seconds": 60}


def facts(**more):
    build = {"file": "recado.jar", "version": "1", "commit": "c0ffee", "sha256": "a" * 64}
    about = {
        "this": build,
        "other": build | {"sha256": "b" * 64},
        "rounds": 15,
        "seconds": 1,
        "starts": 3,
        "load": 0.1,
    }
    machine = {"date": "today", "cores": 2, "cpu": "x", "memory_gib": 1, "kernel": "6", "java": "17"}
    return machine | {"beside": about | more}


def ended(rows, results, failures=None):
    comparison = COMPARE.Comparison(rows, facts(), results, failures)
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        code = comparison.end()
    return code, output.getvalue(), errors.getvalue()


class TableTest(unittest.TestCase):
    def test_a_row_that_lost(self):
        result = result_of(rate=([90] * 15, [100] * 15), server_cpu_us=([1.0] * 15, [1.0] * 15))
        code, table, errors = ended([recado_row("rate", "server_cpu_us")], {"r": result})
        self.assertEqual(1, code)
        self.assertIn("| r | Recado | messages/s | 90 | 100 | × 0.900 (0.900–0.900) | × 0.97 | **lost** |", table)
        self.assertIn(
            "| r | Recado | broker CPU µs/message | 1 | 1 | × 1.000 (1.000–1.000) | × 1.03 | not lost |", table
        )
        self.assertEqual("lost: r (Recado: messages/s × 0.900 (0.900–0.900))\n", errors)
        self.assertIn("- **Lost, 1 of 1 rows measured:** r (Recado: messages/s", table)

    def test_rows_that_stand(self):
        result = result_of(rate=([120] * 15, [100] * 15), client_cpu_us=([0] * 15, [3] * 15))
        code, table, errors = ended([recado_row("rate", "client_cpu_us")], {"r": result})
        self.assertEqual((0, ""), (code, errors))
        self.assertIn("| r | Recado | messages/s | 120 | 100 | × 1.200 (1.200–1.200) | × 0.97 | gained |", table)
        self.assertIn("| r | Recado | client CPU µs/message | 0 | 3 | – | – | – |", table)
        self.assertIn("- **Lost: none** of 1 rows measured.", table)
        self.assertIn("- Gained: r (Recado: messages/s × 1.200 (1.200–1.200)).", table)

    def test_ratios_are_taken_round_by_round(self):
        machine_slows = [100 / (1 + turn) for turn in range(15)]
        result = result_of(rate=([0.9 * value for value in machine_slows], machine_slows))
        (one,) = beside_table.columns(recado_row("rate"), result)
        self.assertEqual(verdict.LOST, one.verdict)
        self.assertAlmostEqual(0.9, one.ratio)

    def test_a_row_that_failed(self):
        code, table, errors = ended([recado_row("rate")], {}, {"r": "Recado, other: no listener"})
        self.assertEqual((1, "failed: r: Recado, other: no listener\n"), (code, errors))
        self.assertIn("- Failed: r: Recado, other: no listener", table)

    def test_one_row_that_fails_does_not_cost_the_next(self):
        def work(run):
            raise RuntimeError(f"{run.directory}/x is missing")

        rows = [
            beside.beside(Row(n, "", "", [Side("R", None, work, starts_recado=True)], {}, ()), JARS) for n in "ab"
        ]
        comparison = COMPARE.Comparison(rows, facts())
        with contextlib.redirect_stderr(io.StringIO()):
            for row in rows:
                comparison.measure(row, types.SimpleNamespace(rounds=1, seconds=1, starts=1), pathlib.Path("/data"))
        wanted = "RuntimeError: R, this, run r0-0: RuntimeError: {}/x is missing"
        self.assertEqual({name: wanted.format(name) for name in "ab"}, comparison.failures)

    def test_an_interrupted_run_says_what_is_missing(self):
        self.assertIn("- Not measured: r.", ended([recado_row("rate")], {})[1])

    def test_a_figure_of_0_or_none_has_no_ratio(self):
        row = recado_row("rate", "server_cpu_us")
        result = result_of(rate=([1] * 5, [1] * 5), server_cpu_us=([1] * 5, [1, 1, 0, 1, 1]))
        with self.assertRaisesRegex(ValueError, "^Recado, other: server_cpu_us is 0 in round 3$"):
            beside_table.columns(row, result)
        del result["samples"]["Recado, this"][1]["server_cpu_us"]
        with self.assertRaisesRegex(ValueError, "^Recado, this: server_cpu_us is missing in round 2$"):
            beside_table.columns(row, result)

    def test_too_few_rounds_have_no_verdict(self):
        result = result_of(rate=([1] * 4, [2] * 4))
        code, table, _ = ended([recado_row("rate")], {"r": result})
        self.assertEqual(0, code)
        self.assertIn("- No verdict on fewer than 5 rounds: r.", table)

    def test_the_table_tells_the_builds_and_the_pace(self):
        table = ended([recado_row("rate")], {"r": result_of(rate=([1] * 15, [1] * 15))})[1]
        self.assertIn("| this | recado.jar | 1 | c0ffee | `aaaaaaaaaaaaaaaa…` |", table)
        self.assertIn("15 rounds of runs of about 1 s", table)
        self.assertNotIn("same file", table)
        self.assertNotIn("runs with", table)

    def test_the_table_tells_the_settings(self):
        def table(**sets):
            told = facts()
            for build, one in sets.items():
                told["beside"][build] = facts()["beside"]["this"] | {"sets": one}
            return COMPARE.Comparison([recado_row("rate")], told).table()

        text = table(this=["node.io=epoll"], other=[])
        self.assertIn(" This runs with `--set node.io=epoll`. Other runs with `defaults`.", text)
        self.assertIn("**Both are the same file**: what differs here is the settings, and chance.", text)
        self.assertIn("what differs here is chance.", table(this=["a=b"], other=["a=b"]))

    def test_settings_of_the_other_need_another(self):
        with unittest.mock.patch.object(sys, "argv", ["compare", "--beside-set", "a=b"]):
            errors = io.StringIO()
            with contextlib.redirect_stderr(errors), self.assertRaises(SystemExit):
                COMPARE.options()
        self.assertIn("--beside-set needs --beside", errors.getvalue())

    def test_the_file_of_samples_gives_the_same_table(self):
        row = next(row for row in beside.rows(COMPARE.all_rows(), JARS) if row.name == "start")
        runs = [{"ready ms": 400.5 + turn, "ready line ms": 380 + turn % 3, "count": 0} for turn in range(15)]
        results = {"start": {"samples": {side.name: runs for side in row.sides}, "seconds": 9}}
        comparison = COMPARE.Comparison([row], facts(), results, {})
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory) / "samples.json"
            comparison.write(types.SimpleNamespace(out=None, json=str(file)))
            self.assertEqual(comparison.table(), COMPARE.read(file).table())
            self.assertEqual(15, len(json.loads(file.read_text())["rows"]["start"]["samples"]["Recado, this"]))


class BuildsTest(unittest.TestCase):
    def test_a_name_tells_the_commit(self):
        self.assertEqual("c2e80f8, says its name", beside.commit_of(pathlib.Path("/nowhere/recado-c2e80f8.jar")))
        self.assertEqual("unknown", beside.commit_of(pathlib.Path("/nowhere/recado-1.0.jar")))

    def test_a_missing_jar_is_told(self):
        with tempfile.TemporaryDirectory() as directory:
            with self.assertRaisesRegex(beside.NoBuild, "nowhere/recado.jar is missing"):
                beside.builds({beside.OTHER: pathlib.Path("/nowhere/recado.jar")}, pathlib.Path(directory))


if __name__ == "__main__":
    unittest.main()
