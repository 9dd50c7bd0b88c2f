"""What the table of --beside says, from samples alone: the same samples give the same table."""

import dataclasses
import itertools

import verdict
from beside import OTHER, THIS
from model import median, paired
from report import HEADINGS, number, surroundings

RULE = (
    "A ratio is this build over the other, round by round; in brackets is the 90 % interval of its median (percentile "
    f"bootstrap, {verdict.RESAMPLES:,} resamples). A row has **lost** where the whole interval is below "
    f"{verdict.RATE.bound} for a rate, above {verdict.CPU.bound} for broker CPU, above {verdict.LATENCY.bound} for a "
    f"latency (a start too), above {verdict.MEMORY.bound} for memory; it has gained where the other build would have "
    "lost; what a row is not judged by shows –. *Loss seen from*: the ratio at which so wide an interval would have lost; "
    "a smaller loss passes."
)


@dataclasses.dataclass
class Column:
    """One figure of one side, in both builds."""

    side: str
    metric: str
    medians: tuple  # of this and of the other
    ratio: float
    interval: tuple
    verdict: str

    @property
    def kind(self):
        return verdict.kind_of(self.metric)

    def text_of_ratio(self):
        low, high = self.interval
        return f"× {self.ratio:.3f} ({low:.3f}–{high:.3f})"


def columns(row, result):
    """What the row shows. A judged figure that a run lacks, or that is 0, is an error: it has no ratio."""
    found = []
    for this, other in zip(row.sides[::2], row.sides[1::2]):
        runs = [result["samples"][side.name] for side in (this, other)]
        for metric in row.metrics:
            if any(metric in run for run in runs[0] + runs[1]):
                found.append(column(this.pace, metric, *runs))
    return found


def column(side, metric, these, others):
    kind = verdict.kind_of(metric)
    medians = tuple(median([run[metric] for run in runs if metric in run]) for runs in (these, others))
    if kind is None:
        return Column(side, metric, medians, 0, (0, 0), verdict.NONE)
    for turn, pair in enumerate(itertools.zip_longest(these, others, fillvalue={})):
        for build, run in zip((THIS, OTHER), pair):
            if not run.get(metric, 0) > 0:
                raise ValueError(f"{side}, {build}: {metric} is {run.get(metric, 'missing')} in round {turn + 1}")
    ratios = paired(these, others, metric)
    low, high = verdict.interval(ratios)
    enough = len(ratios) >= verdict.ROUNDS_MIN
    return Column(
        side, metric, medians, median(ratios), (low, high), kind.verdict(low, high) if enough else verdict.NONE
    )


def with_verdict(wanted, rows, results):
    """By row, what it shows with that verdict."""
    found = {}
    for row in rows:
        told = (
            [one for one in columns(row, results[row.name]) if one.verdict == wanted] if row.name in results else []
        )
        if told:
            found[row.name] = told
    return found


def lines_of(by_row):
    return [
        f"{row} ({', '.join(f'{one.side}: {heading(one)} {one.text_of_ratio()}' for one in told)})"
        for row, told in by_row.items()
    ]


def heading(one):
    return HEADINGS.get(one.metric, one.metric)


def table_of(row, result):
    lines = []
    for one in columns(row, result):
        cells = [row.name, one.side, heading(one), *(number(value) for value in one.medians)]
        if one.kind:
            cells += [one.text_of_ratio(), f"× {one.kind.loss_shown_from(one.ratio, *one.interval):.2f}"]
        else:
            cells += [verdict.NONE, verdict.NONE]
        cells.append(one.verdict)
        lines.append("| " + " | ".join(cells) + " |")
    return lines


# ---- the whole


def report(rows, results, facts, failures):
    told = facts["beside"]
    lines = ["# Recado beside an earlier build", "", surroundings(facts), ""]
    lines += ["| build | file | version | commit | SHA-256 |", "|---|---|---|---|---|"]
    for build in (THIS, OTHER):
        one = told[build]
        lines.append(f"| {build} | {one['file']} | {one['version']} | {one['commit']} | `{one['sha256'][:16]}…` |")
    lines += ["", pace_of(rows, results, told), "", RULE, ""]
    lines += summary(rows, results, failures)
    lines += ["", "| row | side | median of | this | other | this ÷ other | loss seen from | |", "|" + "---|" * 8]
    for row in rows:
        if row.name in results:
            lines += table_of(row, results[row.name])
    return "\n".join(lines) + "\n"


def pace_of(rows, results, told):
    once = " (long ones once)" if any(row.long for row in rows) else ""
    text = (
        f"{told['rounds']} rounds of runs of about {told['seconds']:g} s; the two builds in turn, first the one and "
        f"first the other; starts a row: {told['starts']}{once}."
    )
    fewer = [
        f"{row.name} {n}" for row in rows if row.name in results and (n := rounds(results[row.name])) < told["rounds"]
    ]
    if fewer:
        text += f" Fewer rounds: {', '.join(fewer)}."
    sets = {build: " ".join(f"--set {one}" for one in told[build].get("sets", ())) for build in (THIS, OTHER)}
    if any(sets.values()):
        text += "".join(f" {build.capitalize()} runs with `{sets[build] or 'defaults'}`." for build in sets)
    if told[THIS]["sha256"] == told[OTHER]["sha256"]:
        text += " **Both are the same file**: what differs here is " + (
            "the settings, and chance." if sets[THIS] != sets[OTHER] else "chance."
        )
    minutes = sum(results[row.name]["seconds"] for row in rows if row.name in results) / 60
    return text + f" Took {minutes:.0f} min. One minute average of the load before: {told['load']:.2f}."


def rounds(result):
    return max(len(runs) for runs in result["samples"].values())


def summary(rows, results, failures):
    """What a reader looks for first; the row's names are all there, whatever became of them."""
    lost, gained = (with_verdict(wanted, rows, results) for wanted in (verdict.LOST, verdict.GAINED))
    missing = [row.name for row in rows if row.name not in results and row.name not in failures]
    few = [row.name for row in rows if row.name in results and rounds(results[row.name]) < verdict.ROUNDS_MIN]
    measured = f"{len(results)} rows measured"
    if lost:
        lines = [f"- **Lost, {len(lost)} of {measured}:** {'; '.join(lines_of(lost))}."]
    else:
        lines = [f"- **Lost: none** of {measured}."]
    lines += [f"- Failed: {name}: {text}" for name, text in failures.items()]
    lines += [f"- No verdict on fewer than {verdict.ROUNDS_MIN} rounds: {', '.join(few)}."] if few else []
    lines += [f"- Not measured: {', '.join(missing)}."] if missing else []
    lines += [f"- Gained: {'; '.join(lines_of(gained))}."] if gained else []
    return lines


def outcome(rows, results, failures):
    """A line for each row that has lost or failed; none means that this build stands."""
    return [f"lost: {line}" for line in lines_of(with_verdict(verdict.LOST, rows, results))] + [
        f"failed: {name}: {text}" for name, text in failures.items()
    ]
