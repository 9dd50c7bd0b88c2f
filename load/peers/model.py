"""What a row is, and how one is measured: its sides in turn, round after round."""

import collections
import dataclasses
import functools
import pathlib
import statistics
import sys
import time
import typing


@dataclasses.dataclass
class Side:
    """One thing measured in a row. `work(run)` does it once and answers metrics."""

    name: str
    broker: typing.Optional[str]  # key in Row.brokers; None where no broker takes part
    work: typing.Callable
    durability: str = "–"
    confirm: str = "–"
    window: str = "–"
    client: str = "pump"
    # Warm-up runs of these counts come first; the last one tells how many messages fill a measured run. (0,) is one
    # warm-up run of work that needs no count.
    warm_up: tuple = ()
    ratio: bool = True  # whether the table divides the first side by this one
    starts_recado: bool = False  # with no broker: its work starts a Recado of its own
    jar: typing.Optional[pathlib.Path] = None  # which Recado that is, if not the one of --jar
    sets: tuple = ()  # --set options of that one
    pace: typing.Optional[str] = None  # sides of one pace run equal numbers of messages; None is a pace of its own


@dataclasses.dataclass
class Row:
    name: str
    title: str
    size: str
    sides: list
    brokers: dict  # key to a function that makes a Broker in a directory
    metrics: tuple  # what the table shows, in order
    note: str = ""
    long: bool = False
    rounds_max: int = 99
    starts_max: int = 99
    count_max: int = 20_000_000
    seconds_min: float = 0  # a run takes at least about that long, whatever was asked for
    reverses: bool = False  # every second round runs the sides in reverse, so that drift favours none


@dataclasses.dataclass
class Run:
    """One execution of a side's work."""

    broker: object
    key: str  # unique within the row: names of topics and streams are made from it
    count: int
    seconds: float  # about how long it should take, for work that has no count
    directory: pathlib.Path
    context: dict  # lasts as long as the broker; what one run leaves for the next
    jar: typing.Optional[pathlib.Path] = None  # the Recado to start, if not the one of --jar
    sets: tuple = ()  # the --set options to start it with

    @property
    def is_warm_up(self):
        return self.key.startswith("w")

    def of(self, count):
        return dataclasses.replace(self, count=count)


def check_stored(what, found, expected):
    if found != expected:
        raise RuntimeError(f"{what} holds {found} messages instead of {expected}")


def tell(text):
    print(text, file=sys.stderr, flush=True)


def measure(row, rounds, seconds, directory, starts=1, say=tell):
    """Runs the sides of the row alternately. Answers the samples by side and what the brokers call themselves.
    Brokers are started, on empty directories and with a warm-up, `starts` times in all."""
    turns = range(min(rounds, row.rounds_max))
    starts = max(1, min(starts, row.starts_max, len(turns)))
    seconds = max(seconds, row.seconds_min)
    result = {"samples": {side.name: [] for side in row.sides}, "versions": {}, "settings": {}}
    started = time.monotonic()
    for start in range(starts):
        first, last = (len(turns) * number // starts for number in (start, start + 1))
        measure_turns(row, turns[first:last], seconds, directory / row.name, result, say)
    return result | {"seconds": round(time.monotonic() - started, 1)}


def measure_turns(row, turns, seconds, directory, result, say):
    brokers = {key: make(directory) for key, make in row.brokers.items()}
    contexts = collections.defaultdict(dict)  # by broker: what one has been given, another has not
    result["settings"] = {key: broker.settings for key, broker in brokers.items()}

    def run_of(side, key, count):
        broker, context = brokers.get(side.broker), contexts[side.broker]
        return Run(broker, key, count, seconds, directory, context, side.jar, side.sets)

    try:
        for broker in brokers.values():
            broker.start()
        result["versions"] = {key: broker.version() for key, broker in brokers.items()}
        planned = collections.defaultdict(list)  # by pace: how many messages each of its sides would run next
        for number, side in enumerate(row.sides):
            planned[pace_of(side)].append(calibrate(row, side, functools.partial(run_of, side), number, seconds))
        for turn in turns:
            counts = {pace: int(median(values)) for pace, values in planned.items()}
            planned.clear()
            sides = list(enumerate(row.sides))
            for number, side in reversed(sides) if row.reverses and turn % 2 else sides:
                run = run_of(side, f"r{turn}-{number}", counts[pace_of(side)])
                metrics = work(side, run)
                result["samples"][side.name].append(metrics | {"count": run.count})
                planned[pace_of(side)].append(count_for(row, metrics, seconds) if run.count else 0)
                say(
                    f"{row.name} {turn + 1} {side.name}: "
                    + ", ".join(f"{name} {metrics[name]:.6g}" for name in row.metrics if name in metrics)
                )
    finally:
        for broker in brokers.values():
            broker.stop()
            broker.remove()


def pace_of(side):
    return side.pace or side.name


def work(side, run):
    try:
        return side.work(run)
    except Exception as failure:
        raise RuntimeError(f"{side.name}, run {run.key}: {type(failure).__name__}: {failure}") from failure


def calibrate(row, side, run_of, number, seconds):
    """Warms the broker up and answers how many messages take about `seconds`."""
    count = 0
    for step, warm in enumerate(side.warm_up):
        metrics = work(side, run_of(f"w{step}-{number}", warm))
        count = count_for(row, metrics, seconds) if warm else 0
    return count


def count_for(row, metrics, seconds):
    """How many messages the next run should have to last `seconds`, if it is as fast as this one was."""
    return max(1000, min(int(metrics["rate"] / metrics.get("copies", 1) * seconds), row.count_max))


def median(values):
    return statistics.median(values)


def ratios(row, samples, side, metric):
    """Round by round, the first side's value over this side's."""
    return paired(samples[row.sides[0].name], samples[side.name], metric)


def paired(first, second, metric):
    """Ratios of the runs that were a round together; a run without the metric, or a second one of 0, has none."""
    pairs = [(a.get(metric), b.get(metric)) for a, b in zip(first, second)]
    return [a / b for a, b in pairs if a is not None and b]
