"""An application of celery: python3 -m celery -A jobs ... with its broker in the environment."""

import os

from celery import Celery

app = Celery("jobs", broker=os.environ["BROKER"], backend="rpc://")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=2,
)


def write_down(ledger, line):
    with open(ledger, "a", encoding="utf-8") as done:
        done.write("%s\n" % line)


@app.task
def record(ledger, number):
    """Writes down a number, which only then is acknowledged."""
    write_down(ledger, number)


@app.task(bind=True, max_retries=3)
def stubborn(self, ledger, number):
    """Fails twice and works then."""
    if self.request.retries < 2:
        raise self.retry(countdown=0.1)
    write_down(ledger, number)


@app.task
def double(number):
    return 2 * number
