"""Calls tasks of jobs.py: python3 caller.py COMMAND [ARGUMENT...], with its broker in the environment."""

import sys
import time

from celery import group
from kombu.exceptions import OperationalError

import jobs

PATIENCE_S = 60


def call(ledger, told, task, first, count, countdown):
    """Calls a task for each number and writes down which calls were confirmed."""
    number = int(first)
    while number < int(first) + int(count):
        try:
            getattr(jobs, task).apply_async((ledger, number), countdown=float(countdown) or None, retry=False)
            jobs.write_down(told, number)
            number += 1
        except (OSError, OperationalError) as e:
            print(type(e).__name__, e, flush=True)
            time.sleep(0.1)


def request(count):
    """Asks for results, which come by a queue of this caller."""
    answers = group(jobs.double.s(number) for number in range(int(count)))().get(timeout=PATIENCE_S)
    print(len(answers), "answers, sum", sum(answers))


def ping():
    """Asks all workers whether they are there, until one answers."""
    end = time.monotonic() + PATIENCE_S
    answer = None
    while not answer and time.monotonic() < end:
        answer = jobs.app.control.inspect(timeout=2).ping()
    print(answer)


{"call": call, "request": request, "ping": ping}[sys.argv[1]](*sys.argv[2:])
