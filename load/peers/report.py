"""The table."""

import datetime
import os
import pathlib
import platform
import re
import subprocess

from model import median, ratios

HEADINGS = {
    "rate": "messages/s",
    "reader rate": "reader messages/s",
    "server_cpu_us": "broker CPU µs/message",
    "client_cpu_us": "client CPU µs/message",
}

# The client's own time tells whether it was in the way; it is no result. What was dropped is none for one side often.
WITHOUT_RATIO = {"client_cpu_us", "dropped %"}


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", info)
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1)) // 1048576
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": os.cpu_count(),
        "cpu": model.group(1) if model else "unknown",
        "memory_gib": memory,
        "kernel": platform.release(),
        "java": java[1] if len(java) > 1 else "unknown",
    }


def number(value):
    if value >= 10000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def spread(values, multiply=""):
    """The median, and in brackets the least and the greatest."""
    if not values:
        return "–"
    middle = multiply + number(median(values))
    return middle if len(values) == 1 else f"{middle} ({number(min(values))}–{number(max(values))})"


def table_of(row, result):
    samples = result["samples"]
    shown = [metric for metric in row.metrics if any(metric in run for runs in samples.values() for run in runs)]
    head = ["", "durability", "confirm", "window", "client"] + [HEADINGS.get(metric, metric) for metric in shown]
    lines = [f"### {row.name}: {row.title}", ""]
    lines += ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for side in row.sides:
        cells = [side.name, side.durability, side.confirm, side.window, side.client]
        cells += [spread([run[metric] for run in samples[side.name] if metric in run]) for metric in shown]
        lines.append("| " + " | ".join(cells) + " |")
    for side in (side for side in row.sides[1:] if side.ratio):
        cells = [f"**{row.sides[0].name} ÷ {side.name}**", "", "", "", ""]
        cells += [
            "–" if metric in WITHOUT_RATIO else spread(ratios(row, samples, side, metric), "× ") for metric in shown
        ]
        lines.append("| " + " | ".join(cells) + " |")
    rounds = max(len(runs) for runs in samples.values())
    facts = [f"Message: {row.size}."] if row.size != "–" else []
    facts += [f"{rounds} rounds, sides in turn; median (least–greatest)."]
    counted = {
        name: median([run["count"] for run in runs]) for name, runs in samples.items() if runs and runs[0]["count"]
    }
    if counted:
        facts.append("Messages a run: " + ", ".join(f"{name} {count:,.0f}" for name, count in counted.items()) + ".")
    facts += [f"{result['versions'][key]}: {settings or 'defaults'}." for key, settings in result["settings"].items()]
    lines += ["", " ".join(facts + ([row.note] if row.note else [])), ""]
    return "\n".join(lines)


def surroundings(facts):
    everywhere = " ".join(f"--set {one}" for one in facts.get("sets", ()))
    return (
        f"{facts['date']}; {facts['cores']} cores ({facts['cpu']}), {facts['memory_gib']} GiB, Linux "
        f"{facts['kernel']}, Java {facts['java']}. Client and brokers share the machine, on loopback; all data is "
        "on one disk. Read the ratios; the absolute figures belong to this machine and this hour."
        + (f" Every Recado runs with `{everywhere}`." if everywhere else "")
    )


def report(rows, results, facts, failures):
    lines = ["# Recado and its peers, measured", "", surroundings(facts), ""]
    lines += [f"{name} failed: {text}\n" for name, text in failures.items()]
    lines += [table_of(row, results[row.name]) for row in rows if row.name in results]
    return "\n".join(lines)
