// Mode paced: an open loop. Messages have intended times at an even rate; what is late is sent at once, and every
// latency counts from the intended time, so that a stalled broker cannot hide by slowing the client down.
#define _GNU_SOURCE
#include "pump.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static int64_t start_ns;
static double interval_ns;

static int64_t intended_ns(long message) { return start_ns + (int64_t)((double)message * interval_ns); }

static void *publish(void *argument) {
  struct publisher *p = argument;
  struct text frame = expand(p->o->frame, p->index, 0);
  for (long i = 0; i < p->count; i++) {
    if (now_ns() < intended_ns(i)) sleep_until(intended_ns(i));
    if (frame.stamp >= 0) write_stamp(frame.bytes + frame.stamp, intended_ns(i));
    send_all(p->fd, frame.bytes, frame.size);
  }
  free(frame.bytes);
  return NULL;
}

// A subscriber's bytes: lines that begin with '@' carry their intended time. Keeps the unfinished line.
struct stamps {
  char *bytes;
  size_t size;
};

static long read_stamps(struct stamps *s, struct histogram *latency, int64_t record_from) {
  long found = 0;
  int64_t now = now_ns();
  char *at = s->bytes, *end = s->bytes + s->size, *newline;
  for (; (newline = memchr(at, '\n', end - at)); at = newline + 1) {
    if (*at == 'E' || *at == '-') die(EXIT_SERVER, "server says: %.*s", (int)(newline - at), at);
    if (*at != '@') continue;
    int64_t stamp = strtoll(at + 1, NULL, 10);
    if (stamp >= record_from) histogram_add(latency, now - stamp, 1);
    found++;
  }
  s->size = end - at;
  memmove(s->bytes, at, s->size);
  return found;
}

static ssize_t receive(int fd, char *bytes, size_t size) {
  ssize_t n = recv(fd, bytes, size, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (n <= 0) die(EXIT_SERVER, "the server closed a connection");
  return n;
}

void run_paced(const struct options *o) {
  if (o->publishers != 1 || o->subscribers > 1) die(EXIT_USAGE, "paced takes one publisher and at most one subscriber");
  int poll = epoll_create1(0), subscriber = -1;
  char *buffer = malloc(RECV_BYTES);
  struct stamps stamps = {malloc(RECV_BYTES), 0};
  struct histogram *answer = calloc(1, sizeof *answer), *delivery = calloc(1, sizeof *delivery);
  struct epoll_event event = {.events = EPOLLIN};
  if (o->subscribers) {
    event.data.fd = subscriber = dial(o);
    greet(subscriber, o->sub_hello, o->sub_ready, 0);
    epoll_ctl(poll, EPOLL_CTL_ADD, subscriber, &event);
  }
  struct publisher *publisher = publishers_connect(o);
  event.data.fd = publisher->fd;
  epoll_ctl(poll, EPOLL_CTL_ADD, publisher->fd, &event);
  long answers = o->replies == REPLY_NONE ? 0 : o->count, deliveries = o->subscribers * o->count;
  long answered = 0, delivered = 0;

  struct meter meter = meter_start(o->pid);
  interval_ns = 1e9 / o->rate;
  start_ns = meter.start_ns + 10000000;
  pthread_t thread;
  pthread_create(&thread, NULL, publish, publisher);
  while (answered < answers || delivered < deliveries) {
    struct epoll_event ready;
    if (epoll_wait(poll, &ready, 1, -1) < 1) continue;
    if (ready.data.fd == subscriber) {
      stamps.size += receive(subscriber, stamps.bytes + stamps.size, RECV_BYTES - stamps.size);
      delivered += read_stamps(&stamps, delivery, intended_ns(o->skip));
    } else {
      long n = counter_feed(&publisher->answers, buffer, receive(publisher->fd, buffer, RECV_BYTES));
      for (int64_t now = now_ns(); n > 0; n--, answered++) {
        if (answered >= o->skip) histogram_add(answer, now - intended_ns(answered), 1);
      }
    }
  }
  meter_stop(meter, o->count);
  fputs(", ", stdout);
  histogram_print("answer_us", answer);
  fputs(", ", stdout);
  histogram_print("deliver_us", delivery);
  puts("}");
}
