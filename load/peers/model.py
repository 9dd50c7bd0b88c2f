"""What a row is, and how one is measured: its sides in turn, round after round."""

import dataclasses
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
    count_max: int = 20_000_000


@dataclasses.dataclass
class Run:
    """One execution of a side's work."""

    broker: object
    key: str  # unique within the row: names of topics and streams are made from it
    count: int
    seconds: float  # about how long it should take, for work that has no count
    directory: pathlib.Path
    context: dict  # lasts for the row; what one run leaves for the next

    @property
    def is_warm_up(self):
        return self.key.startswith("w")

    def of(self, count):
        return dataclasses.replace(self, count=count)


def check_stored(what, found, expected):
    if found != expected:
        raise RuntimeError(f"{what} holds {found} messages instead of {expected}")


def measure(row, rounds, seconds, directory, say=lambda text: print(text, file=sys.stderr, flush=True)):
    """Runs the sides of the row alternately. Answers the samples by side and what the brokers call themselves."""
    directory = directory / row.name
    brokers = {key: make(directory) for key, make in row.brokers.items()}
    started = time.monotonic()
    try:
        for broker in brokers.values():
            broker.start()
        versions = {key: broker.version() for key, broker in brokers.items()}
        context = {}
        counts = {}
        for number, side in enumerate(row.sides):
            counts[side.name] = calibrate(row, side, number, brokers.get(side.broker), seconds, directory, context)
        samples = {side.name: [] for side in row.sides}
        for turn in range(min(rounds, row.rounds_max)):
            for number, side in enumerate(row.sides):
                run = Run(
                    brokers.get(side.broker), f"r{turn}-{number}", counts[side.name], seconds, directory, context
                )
                metrics = side.work(run)
                samples[side.name].append(metrics | {"count": run.count})
                if run.count:
                    counts[side.name] = count_for(row, metrics, seconds)
                say(
                    f"{row.name} {turn + 1} {side.name}: "
                    + ", ".join(f"{name} {metrics[name]:.6g}" for name in row.metrics if name in metrics)
                )
    finally:
        for broker in brokers.values():
            broker.stop()
            broker.remove()
    return {
        "samples": samples,
        "versions": versions,
        "settings": {key: broker.settings for key, broker in brokers.items()},
        "seconds": round(time.monotonic() - started, 1),
    }


def calibrate(row, side, number, broker, seconds, directory, context):
    """Warms the broker up and answers how many messages take about `seconds`."""
    count = 0
    for step, warm in enumerate(side.warm_up):
        metrics = side.work(Run(broker, f"w{step}-{number}", warm, seconds, directory, context))
        count = count_for(row, metrics, seconds) if warm else 0
    return count


def count_for(row, metrics, seconds):
    """How many messages the next run should have to last `seconds`, if it is as fast as this one was."""
    return max(1000, min(int(metrics["rate"] / metrics.get("copies", 1) * seconds), row.count_max))


def median(values):
    return statistics.median(values)


def ratios(row, samples, side, metric):
    """Round by round, the first side's value over this side's."""
    first = samples[row.sides[0].name]
    pairs = [(a.get(metric), b.get(metric)) for a, b in zip(first, samples[side.name])]
    return [a / b for a, b in pairs if a is not None and b]
