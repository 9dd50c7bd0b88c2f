"""Whether a build has lost beside another: the bounds, and the interval that is held against them. Nothing is measured
here, and the same samples always give the same verdict."""

import dataclasses
import functools
import random
import statistics

LEVEL = 0.9  # of the interval
RESAMPLES = 10_000
SEED = 9
ROUNDS_MIN = 5  # of fewer rounds not even the least and the greatest ratio enclose the median in 9 of 10 cases

LOST, GAINED, NOT_LOST, NONE = "**lost**", "gained", "not lost", "–"


@dataclasses.dataclass(frozen=True)
class Kind:
    """What a column holds. `bound` is the ratio from which on the one side has lost, if the whole interval is there."""

    name: str
    bound: float

    def verdict(self, low, high):
        """Gained is what the other build has lost, had the ratio been taken the other way round."""
        if self.bound < 1:
            return LOST if high < self.bound else GAINED if low > 1 / self.bound else NOT_LOST
        return LOST if low > self.bound else GAINED if high < 1 / self.bound else NOT_LOST

    def loss_shown_from(self, ratio, low, high):
        """The ratio at which an interval as wide as this one, relative to its median, would just lie past the bound:
        what is nearer to 1 would have passed as not lost."""
        return self.bound * ratio / (high if self.bound < 1 else low)


RATE = Kind("rate", 0.97)
CPU = Kind("broker CPU", 1.03)
LATENCY = Kind("latency", 1.15)
MEMORY = Kind("memory", 1.15)
BY_NAME = {
    "rate": RATE,
    "reader rate": RATE,
    "server_cpu_us": CPU,
    "idle CPU %": CPU,
    "bytes a session": MEMORY,
    "RSS bytes a connection": MEMORY,
    "heap bytes a connection": MEMORY,
    "heap bytes a topic": MEMORY,
}
BY_BEGINNING = {"answer ": LATENCY, "deliver ": LATENCY, "round ": LATENCY, "ready ": LATENCY, "stop ": LATENCY}

# Facts about a run, none of which is better for being more or less, and MB/s, which says again what the rate says.
NOT_JUDGED = {"client_cpu_us", "dropped %", "kept GB", "MB/s", "rate a queue"}


def kind_of(metric):
    """None for what is not judged."""
    if metric in NOT_JUDGED:
        return None
    if metric in BY_NAME:
        return BY_NAME[metric]
    if metric.endswith(" MiB"):
        return MEMORY
    for beginning, kind in BY_BEGINNING.items():
        if metric.startswith(beginning):
            return kind
    raise ValueError(f"nothing says what {metric!r} is: name it in verdict.py")


def interval(ratios):
    """The percentile bootstrap interval of the median: of resamples' medians, what lies between 5 and 95 %."""
    return interval_of(tuple(ratios))


@functools.lru_cache(maxsize=None)  # a table is written after each row
def interval_of(ratios):
    chance = random.Random(SEED)
    medians = sorted(statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    outside = round(RESAMPLES * (1 - LEVEL) / 2)  # on either side
    return medians[outside], medians[-1 - outside]
