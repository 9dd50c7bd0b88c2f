"""The C tools: built when their source is newer, run with a bound on time, answered as a dict."""

import json
import pathlib
import resource
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE / "target"
FLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-pthread"]
PUMP = "main text net counter histogram meter publish flow window paced workers".split()
PROBE = "fsync_probe text net histogram".split()
AMQP_SESSIONS = "amqp_sessions text net histogram meter".split()
ZMQ_PUMP = "zmq_pump zmq_flow zmq_round text net histogram meter".split()


class ToolError(Exception):
    """A tool ended with an error; the text is what it said."""


def has_libzmq():
    return not subprocess.run(["gcc", "-E", "-include", "zmq.h", "-xc", "/dev/null"], capture_output=True).returncode


def build():
    """Without libzmq3-dev all but zmq-pump: the rows that need it say so, the others are measured."""
    TARGET.mkdir(exist_ok=True)
    newest = max(source.stat().st_mtime for source in (HERE / "c").iterdir())
    programs = [("pump", PUMP, ()), ("fsync-probe", PROBE, ()), ("amqp-sessions", AMQP_SESSIONS, ())]
    if has_libzmq():
        programs.append(("zmq-pump", ZMQ_PUMP, ("-lzmq",)))
    for name, units, libraries in programs:
        program = TARGET / name
        if not program.exists() or program.stat().st_mtime < newest:
            sources = [str(HERE / "c" / f"{unit}.c") for unit in units]
            subprocess.run(["gcc", *FLAGS, "-o", str(program), *sources, *libraries], check=True)


def raise_file_limit():
    """As high as it goes, for this process and the brokers that it starts: some rows have thousands of connections."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def run_tool(command, limit_s):
    result = subprocess.run(command, capture_output=True, text=True, timeout=limit_s + 10)
    if result.returncode:
        tool = " ".join([pathlib.Path(command[0]).name, command[1]])
        raise ToolError(f"{tool} ended with {result.returncode}: {result.stderr.strip()[:500]}")
    return json.loads(result.stdout)


def pump_command(mode, broker, limit_s, options):
    """Options are pump's, with _ for -; True stands for an option without a value."""
    command = [
        str(TARGET / "pump"),
        mode,
        "--port",
        str(broker.port),
        "--pid",
        str(broker.pid),
        "--limit",
        str(limit_s),
    ]
    for name, value in options.items():
        command.append("--" + name.replace("_", "-"))
        if value is not True:
            command.append(str(value))
    return command


def pump(mode, broker, limit_s=60, **options):
    return flat(run_tool(pump_command(mode, broker, limit_s, options), limit_s))


def fsync_probe(directory, size=4096, seconds=2, rate=0):
    command = [
        str(TARGET / "fsync-probe"),
        str(pathlib.Path(directory) / "probe"),
        str(size),
        str(seconds),
        str(rate),
    ]
    return flat(run_tool(command, seconds + 20))


def flat(result):
    """{"answer_us": {"p99": 1}} becomes {"answer p99": 1}."""
    metrics = {}
    for name, value in result.items():
        if isinstance(value, dict):
            metrics.update({f"{name.removesuffix('_us')} {key}": number for key, number in value.items()})
        else:
            metrics[name] = value
    return metrics
