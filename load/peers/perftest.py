"""RabbitMQ's PerfTest, unmodified, and what it prints. Figures are those of a window in which the client is warm: the
lines that it prints every interval tell messages and latencies, and processor time is read when they come."""

import dataclasses
import pathlib
import re
import subprocess
import threading

from brokers import HERE, cpu_s

LIBRARIES = HERE / "target" / "perftest"
LIMIT_BEYOND_S = 90  # a run may take so much longer than it was told, to connect and to end

LINE = re.compile(r"^id: \S+, time ([\d.,]+) s, (.*)$")
RATE = re.compile(r"(sent|returned|confirmed|nacked|received): (\d+) msg/s")
LATENCY = re.compile(r"(consumer|confirm) latency: ((?:\d+/)+\d+) (µs|ms)")
QUANTILES = ("min", "p50", "p75", "p95", "p99")
UNITS = {"µs": 1, "ms": 1000}


@dataclasses.dataclass
class Line:
    """What happened from the line before to this one: messages a second, latencies in µs."""

    at_s: float
    rates: dict
    latencies: dict  # "consumer p99"
    server_s: float = 0  # processor time of the broker up to here
    client_s: float = 0


def parse(text):
    """None for a line about something else."""
    matched = LINE.match(text)
    if not matched:
        return None
    rates = {name: int(value) for name, value in RATE.findall(matched.group(2))}
    latencies = {}
    for name, values, unit in LATENCY.findall(matched.group(2)):
        for quantile, value in zip(QUANTILES, values.split("/")):
            latencies[f"{name} {quantile}"] = int(value) * UNITS[unit]
    return Line(float(matched.group(1).replace(",", ".")), rates, latencies)


def window(lines, skip_s):
    """The lines from the first one on that comes `skip_s` or later; it is where the window begins."""
    first = next((index for index, line in enumerate(lines) if line.at_s >= skip_s - 0.2), len(lines))
    if len(lines) - first < 2:
        raise RuntimeError(f"PerfTest has {len(lines)} lines, not two from {skip_s} s on")
    return lines[first:]


def metrics_of(lines, skip_s, counted="received"):
    """Rate and processor time a message of the window; latencies, which are exact where it has one interval only."""
    start, *rest = window(lines, skip_s)
    seconds, before, messages = rest[-1].at_s - start.at_s, start.at_s, 0
    for line in rest:
        messages += line.rates.get(counted, 0) * (line.at_s - before)
        before = line.at_s
    if messages <= 0:
        raise RuntimeError(f"nothing was {counted} in {seconds:.0f} s")
    metrics = {
        "rate": messages / seconds,
        "server_cpu_us": (rest[-1].server_s - start.server_s) * 1e6 / messages,
        "client_cpu_us": (rest[-1].client_s - start.client_s) * 1e6 / messages,
    }
    if len(rest) == 1:
        names = {"consumer": "deliver", "confirm": "answer"}
        for name, value in rest[0].latencies.items():
            side, quantile = name.split()
            metrics[f"{names[side]} {quantile}"] = value
    return metrics


def command(broker, seconds, interval_s, options):
    if not LIBRARIES.exists():
        raise RuntimeError("PerfTest is not installed: load/peers/install perftest")
    if "amqp" not in broker.listeners:
        raise RuntimeError(f"{type(broker).__name__} has no listener amqp")
    return [
        *("java", "-cp", f"{LIBRARIES}/*", "com.rabbitmq.perf.PerfTest"),
        *("--uri", f"amqp://guest:guest@127.0.0.1:{broker.listeners['amqp']}/%2f"),
        *("--time", str(round(seconds)), "--interval", str(interval_s)),
        *options,
    ]


def lines_of(broker, arguments, limit_s):
    """Runs it to its end. Processor time is read when a line comes, which is when its interval is over."""
    lines, told = [], []
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as client:
        guard = threading.Timer(limit_s, client.kill)
        guard.start()
        try:
            for text in client.stdout:
                told.append(text)
                line = parse(text)
                if line:
                    line.server_s, line.client_s = cpu_s(broker.pid), cpu_s(client.pid)
                    lines.append(line)
            code = client.wait()
        except BaseException:
            client.kill()
            raise
        finally:
            guard.cancel()
    if code or not lines:
        raise RuntimeError(f"PerfTest ended with {code}: {''.join(told)[-600:]}")
    return lines


def perftest(broker, options, seconds, skip_s=5, interval_s=1, counted="received"):
    """A run whose window lasts `seconds`, behind `skip_s` that do not count."""
    whole = skip_s + seconds + 1  # the last line would come when the time is over, and might not
    lines = lines_of(broker, command(broker, whole, interval_s, options), whole + LIMIT_BEYOND_S)
    return metrics_of(lines, skip_s, counted)


def version():
    return "PerfTest " + next(pathlib.Path(LIBRARIES).glob("perf-test-*.jar")).stem.removeprefix("perf-test-")
