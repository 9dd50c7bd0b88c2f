// Mode req-rep: one request at a time, echoed by one worker on a thread. What comes back must be what was asked.
#include "zmq_pump.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { WARM_UP_NS = 500000000 };

static void *echo(void *socket) {
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (;;) {
    if (zmq_msg_recv(&message, socket, 0) < 0 || zmq_msg_send(&message, socket, 0) < 0) {
      if (errno != EINTR) die(EXIT_SERVER, "worker: %s", zmq_strerror(errno));
    }
  }
}

static void await_answer(void *socket, zmq_msg_t *answer, const void *question, size_t size, uint64_t number) {
  while (zmq_msg_recv(answer, socket, 0) < 0) {
    if (errno != EINTR) die(EXIT_SERVER, "receive: %s", zmq_strerror(errno));
    if (out_of_time()) die(EXIT_TIME, "out of time: no answer to request %llu", (unsigned long long)number);
  }
  if (zmq_msg_size(answer) != size || memcmp(zmq_msg_data(answer), question, size)) {
    die(EXIT_SERVER, "another answer than the echo of request %llu", (unsigned long long)number);
  }
}

void run_round_trips(const struct plan *p) {
  void *asking = NULL, *working = NULL;
  void *worker = connect_socket(&working, ZMQ_REP, p->from), *asker = connect_socket(&asking, ZMQ_REQ, p->to);
  pthread_t thread;
  if (pthread_create(&thread, NULL, echo, worker)) die(EXIT_USAGE, "no thread");
  struct histogram *round = calloc(1, sizeof *round);
  void *question = payload(p);
  zmq_msg_t answer;
  zmq_msg_init(&answer);
  int64_t warm_ns = now_ns() + WARM_UP_NS, end_ns = 0;
  struct meter meter = {0};
  for (uint64_t number = 0;; number++) {
    int64_t sent_ns = now_ns();
    if (!end_ns && sent_ns >= warm_ns) {
      meter = meter_start(p->pid);
      end_ns = sent_ns + p->seconds * 1000000000;
    }
    if (end_ns && sent_ns >= end_ns) break;
    send_message(asker, p, question, KIND_DATA, number);
    await_answer(asker, &answer, question, p->size, number);
    if (end_ns) histogram_add(round, now_ns() - sent_ns, 1);
  }
  if (!round->total) die(EXIT_SERVER, "no round trip was recorded");
  meter_stop(meter, (long)round->total);
  fputs(", ", stdout);
  histogram_print("round_us", round);
  puts("}");
}
