// Modes push-pull and pub-sub: one sender on a thread, the main thread receives and counts.
// The clock starts once a probe has come through to every receiver, so that connections and subscriptions stand. It
// stops when the last message has come (push-pull), or for each subscriber the end behind it (pub-sub), which is sent
// until it comes, because a broker may drop it as anything else.
#include "zmq_pump.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

enum { TURN_MAX = 256, PAUSE_NS = 1000000, STALL_NS = 5000000 };

static const struct plan *p;
static atomic_bool started, finished;

// With --ahead: how many messages every receiver has, and how many the sender waits for; NOBODY if it does not wait.
#define NOBODY LONG_MAX
static atomic_long slowest, wanted = NOBODY;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;

struct receiver {
  void *socket;
  uint64_t next; // number of the message that comes next, if none is dropped
  bool probed, ended;
};

static long received, stale; // stale: from an earlier run
static bool gapless;         // every message must come, in a pipeline

static struct timespec in_ns(int64_t ns) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t); // what a condition waits by
  ns += t.tv_nsec;
  return (struct timespec){t.tv_sec + ns / 1000000000, ns % 1000000000};
}

// Sleeps rather than spins, because the broker needs the core; woken when half of what it may be ahead is free again.
// If nothing moves, what it waits for was dropped: a probe with the number reached tells the receivers so.
static void wait_for_receivers(void *socket, void *bytes, long sent) {
  if (sent - atomic_load(&slowest) < p->ahead) return;
  long enough = sent - p->ahead / 2;
  atomic_store(&wanted, enough);
  while (atomic_load(&slowest) < enough) {
    struct timespec limit = in_ns(STALL_NS);
    pthread_mutex_lock(&lock);
    int result = atomic_load(&slowest) < enough ? pthread_cond_timedwait(&moved, &lock, &limit) : 0;
    pthread_mutex_unlock(&lock);
    if (result == ETIMEDOUT) send_message(socket, p, bytes, KIND_PROBE, (uint64_t)sent);
  }
}

static void tell_sender(const struct receiver *all) {
  uint64_t least = all[0].next;
  for (long i = 1; i < p->subscribers; i++) least = all[i].next < least ? all[i].next : least;
  atomic_store(&slowest, (long)least);
  if ((long)least < atomic_load(&wanted)) return;
  atomic_store(&wanted, NOBODY);
  pthread_mutex_lock(&lock);
  pthread_cond_signal(&moved);
  pthread_mutex_unlock(&lock);
}

static void *send_all_messages(void *socket) {
  void *bytes = payload(p);
  for (; !atomic_load(&started); sleep_until(now_ns() + PAUSE_NS)) send_message(socket, p, bytes, KIND_PROBE, 0);
  for (long i = 0; i < p->count; i++) {
    if (p->ahead) wait_for_receivers(socket, bytes, i);
    send_message(socket, p, bytes, KIND_DATA, (uint64_t)i);
  }
  for (; !gapless && !atomic_load(&finished); sleep_until(now_ns() + PAUSE_NS)) {
    send_message(socket, p, bytes, KIND_END, 0);
  }
  return NULL;
}

static void on_message(struct receiver *r, const void *bytes, size_t size) {
  struct head head = {0};
  if (size == (size_t)p->size) memcpy(&head, bytes, sizeof head);
  if (head.run != p->run) {
    stale++;
  } else if (head.kind == KIND_DATA) {
    if (gapless ? head.number != r->next : head.number < r->next) {
      die(EXIT_SERVER, "message %llu came where %llu was due", (unsigned long long)head.number,
          (unsigned long long)r->next);
    }
    r->next = head.number + 1;
    received++;
  } else if (head.kind == KIND_PROBE) {
    r->probed = true;
    if (!gapless && head.number > r->next) r->next = head.number;
  } else {
    r->ended = true;
  }
}

// Takes one message; false if there was none.
static bool receive(struct receiver *r, zmq_msg_t *message, int flags) {
  if (out_of_time()) die(EXIT_TIME, "out of time: %ld messages came of %ld", received, p->count * p->subscribers);
  if (zmq_msg_recv(message, r->socket, flags) < 0) {
    if (errno == EAGAIN || errno == EINTR) return false;
    die(EXIT_SERVER, "receive: %s", zmq_strerror(errno));
  }
  if (zmq_msg_more(message)) die(EXIT_SERVER, "a message of more than one frame came");
  on_message(r, zmq_msg_data(message), zmq_msg_size(message));
  return true;
}

// One receiver just waits. Several are asked in turn, and waited for when none of them has anything.
static void receive_some(struct receiver *all, zmq_pollitem_t *polls, zmq_msg_t *message) {
  if (p->subscribers == 1) {
    receive(all, message, 0);
    return;
  }
  bool any = false;
  for (long i = 0; i < p->subscribers; i++) {
    int turn = 0;
    while (turn < TURN_MAX && receive(&all[i], message, ZMQ_DONTWAIT)) turn++;
    any |= turn > 0;
  }
  if (!any) zmq_poll(polls, (int)p->subscribers, -1);
}

static bool all_probed(const struct receiver *all) {
  for (long i = 0; i < p->subscribers; i++) {
    if (!all[i].probed) return false;
  }
  return true;
}

static bool is_over(const struct receiver *all) {
  if (gapless) return received == p->count;
  for (long i = 0; i < p->subscribers; i++) {
    if (!all[i].ended) return false;
  }
  return true;
}

void run_flow_zmq(const struct plan *plan) {
  p = plan;
  gapless = !strcmp(p->mode, "push-pull");
  if (gapless && p->subscribers != 1) die(EXIT_USAGE, "push-pull takes one receiver");
  struct receiver *all = calloc(p->subscribers, sizeof *all);
  zmq_pollitem_t *polls = calloc(p->subscribers, sizeof *polls);
  void *receiving = NULL, *sending = NULL;
  for (long i = 0; i < p->subscribers; i++) {
    all[i].socket = connect_socket(&receiving, gapless ? ZMQ_PULL : ZMQ_SUB, p->from);
    polls[i] = (zmq_pollitem_t){all[i].socket, 0, ZMQ_POLLIN, 0};
  }
  void *sender = connect_socket(&sending, gapless ? ZMQ_PUSH : ZMQ_PUB, p->to);
  zmq_msg_t message;
  zmq_msg_init(&message);
  pthread_t thread;
  if (pthread_create(&thread, NULL, send_all_messages, sender)) die(EXIT_USAGE, "no thread");
  while (!all_probed(all)) receive_some(all, polls, &message);

  struct meter meter = meter_start(p->pid);
  atomic_store(&started, true);
  while (!is_over(all)) {
    receive_some(all, polls, &message);
    if (p->ahead) tell_sender(all);
  }
  if (!received) die(EXIT_SERVER, "all of %ld messages were dropped", p->count);
  meter_stop(meter, received);
  printf(", \"dropped\": %ld, \"stale\": %ld}\n", p->count * p->subscribers - received, stale);
  atomic_store(&finished, true);
}
