// Mode flow: publishers run free, subscribers count. One thread reads all sockets.
// It ends once every message was answered (if answers are counted) and delivered (if somebody subscribes), or at a
// SIGTERM: then it tells what was until then.
#include "pump.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static volatile sig_atomic_t ended;

static void on_end(int signal) {
  (void)signal;
  ended = 1;
}

struct source {
  int fd;
  bool subscriber;
  long messages; // answered or delivered so far
  struct counter *counter;
};

static struct source *watch(int poll, int fd, bool subscriber, struct counter *counter) {
  struct source *s = calloc(1, sizeof *s);
  *s = (struct source){fd, subscriber, 0, counter};
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
  epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
  return s;
}

static void subscribers_connect(const struct options *o, int poll, int *subscribers) {
  for (long i = 0; i < o->subscribers; i++) {
    int fd = dial(o);
    greet(fd, o->sub_hello, o->sub_ready, i);
    struct counter *counter = malloc(sizeof *counter);
    counter_init(counter, REPLY_LINES, o->deliver_lines, "PO"); // PING of NATS, OK of Recado
    subscribers[i] = watch(poll, fd, true, counter)->fd;
  }
}

// What makes deliveries begin at once belongs into the measured time, unlike a subscription to what comes later.
static void subscribers_start(const struct options *o, const int *subscribers) {
  for (long i = 0; i < o->subscribers; i++) {
    struct text start = expand(o->start, i, 0);
    send_all(subscribers[i], start.bytes, start.size);
    free(start.bytes);
  }
}

// Messages that this socket can take now, counted; 0 where there is nothing.
static long receive(struct source *s, char *buffer) {
  ssize_t n = recv(s->fd, buffer, RECV_BYTES, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  const char *who = s->subscriber ? "subscriber" : "publisher";
  if (n <= 0) die(EXIT_SERVER, "the server closed a %s after %ld messages", who, s->messages);
  long messages = counter_feed(s->counter, buffer, n);
  s->messages += messages;
  return messages;
}

void run_flow(const struct options *o) {
  int poll = epoll_create1(0);
  char *buffer = malloc(RECV_BYTES);
  int *subscribers = calloc(o->subscribers + 1, sizeof *subscribers);
  subscribers_connect(o, poll, subscribers);
  struct publisher *publishers = publishers_connect(o);
  for (long i = 0; i < o->publishers; i++) watch(poll, publishers[i].fd, false, &publishers[i].answers);
  long answers = o->replies == REPLY_NONE || !o->publishers ? 0 : o->count;
  long deliveries = o->count * (o->shared ? o->subscribers > 0 : o->subscribers), delivered = 0, answered = 0;
  if (!answers && !deliveries) die(EXIT_USAGE, "nothing to wait for: neither answers nor subscribers");

  struct meter meter = meter_start(o->pid);
  signal(SIGTERM, on_end); // before, there is nothing to tell
  subscribers_start(o, subscribers);
  publishers_start(publishers, o);
  while (!ended && (answered < answers || delivered < deliveries)) {
    struct epoll_event events[64];
    int n = epoll_wait(poll, events, 64, -1);
    for (int i = 0; i < n; i++) {
      struct source *s = events[i].data.ptr;
      *(s->subscriber ? &delivered : &answered) += receive(s, buffer);
    }
  }
  if (!ended) delivered = deliveries;
  long done = deliveries ? delivered : ended ? answered : answers;
  if (!done) die(EXIT_TIME, "ended before the first message");
  meter_stop(meter, done);
  puts("}");
  if (answered > answers && answers) die(EXIT_SERVER, "%ld answers to %ld messages", answered, answers);
}
