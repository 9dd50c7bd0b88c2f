"""This build beside another JAR: every row's Recado sides, each in both builds; nothing else takes part."""

import dataclasses
import hashlib
import pathlib
import re
import shutil
import subprocess

from brokers import HERE, Recado

ROOT = HERE.parent.parent
THIS, OTHER = "this", "other"
ROUNDS = 15
SECONDS = 1
STARTS = 3

# Free-running publishers get the rate that dropping leaves: two such rows are enough.
FREE_RUNNING = {f"zmq-pub-{readers}-{size}" for readers in (1, 10) for size in (16, 1024)}
ONE_BUILD = {"io-200", "io-1000"}  # both sides are one build's, with two settings
# Rows that the pages have no table of yet.
NO_TABLE = set()
LEFT_OUT = {"kafka-consume-1024", *ONE_BUILD, *FREE_RUNNING, *NO_TABLE}

NOWHERE = pathlib.Path()  # a broker that is only looked at


# ---- the rows


def rows(known, jars, sets=None):
    """Of each row with a Recado side, a row of pairs; `jars` are paths by build, `sets` its --set options."""
    return [beside(row, jars, sets or {}) for row in known if recado_sides(row)]


def recado_sides(row):
    return [side for side in row.sides if side.starts_recado or side.broker in recado_brokers(row)]


def recado_brokers(row):
    return {key: make for key, make in row.brokers.items() if isinstance(make(NOWHERE), Recado)}


def beside(row, jars, sets=None):
    """Both builds of a side stand next to each other, run the same number of messages, and swap places every round."""
    sets = sets or {}
    sides = [
        dataclasses.replace(
            side,
            name=named(side.name, build),
            broker=side.broker and named(side.broker, build),
            jar=jar,
            sets=tuple(sets.get(build, ())),
            pace=side.name,
        )
        for side in recado_sides(row)
        for build, jar in jars.items()
    ]
    brokers = {
        named(key, build): of_build(make, build, jar, sets.get(build, ()))
        for key, make in recado_brokers(row).items()
        for build, jar in jars.items()
    }
    return dataclasses.replace(row, sides=sides, brokers=brokers, reverses=True)


def named(name, build):
    return f"{name}, {build}"


def of_build(make, build, jar, sets):
    def made(directory):
        broker = make(directory / build)
        broker.jar = jar
        broker.sets += tuple(sets)
        return broker

    return made


# ---- the builds


class NoBuild(Exception):
    """A JAR that is none; the text says what to do."""


def builds(jars, directory):
    """Copies of both JARs, so that nothing built meanwhile gets into the run, and what the table says of them."""
    copies = {build: directory / f"{build}.jar" for build in jars}
    for build, jar in jars.items():
        if not jar.is_file():
            raise NoBuild(f"{jar} is missing" + (": mvn -q -DskipTests package" if build == THIS else ""))
        shutil.copy(jar, copies[build])
    return copies, {build: facts_of(jar, copies[build]) for build, jar in jars.items()}


def facts_of(jar, copy):
    told = subprocess.run(["java", "-jar", str(copy), "--version"], capture_output=True, text=True, timeout=60)
    if told.returncode or not told.stdout.startswith("recado "):
        raise NoBuild(f"{jar} is no Recado: --version says {(told.stdout + told.stderr).strip()[:200]!r}")
    return {
        "file": jar.name,
        "version": told.stdout.split()[1],
        "commit": commit_of(jar),
        "sha256": hashlib.sha256(copy.read_bytes()).hexdigest(),
    }


def commit_of(jar):
    """A JAR does not hold its commit. Its name may (recado-c2e80f8.jar); what this tree built is of the tree's."""
    in_name = re.search(r"-([0-9a-f]{7,40})\.jar$", jar.name)
    if in_name:
        return in_name.group(1) + ", says its name"
    if jar.resolve() != (ROOT / "target" / "recado.jar").resolve():
        return "unknown"
    sources = [ROOT / "pom.xml", *(ROOT / "src" / "main").rglob("*.*")]
    if any(source.stat().st_mtime > jar.stat().st_mtime for source in sources):
        return "unknown, older than the sources beside it"
    changes = git("status", "--porcelain", "--", "pom.xml", "src/main")
    return git("rev-parse", "--short=12", "HEAD") + (" with changes" if changes else "")


def git(*arguments):
    result = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True)
    return "unknown" if result.returncode else result.stdout.strip()
