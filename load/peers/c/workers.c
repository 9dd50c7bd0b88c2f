// Mode workers: publishers run free, each subscriber is a worker that takes messages and finishes them one by one.
//   recado            MSG:<sid>:<id>:<attempt>:<bytes>, payload  ->  ACK:<sid>:<id>; at the end PING, awaiting PONG
//   recado-confirmed  the same                                   ->  ACK!:<sid>:<id>, awaiting ACKED:<sid>:<id>
//   beanstalkd        RESERVED <id> <bytes>, payload             ->  delete <id> and the next reserve, awaiting DELETED
// Acknowledgements of one received chunk leave in one write, for every dialect.
#define _GNU_SOURCE
#include "pump.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { CHUNK_BYTES = 1 << 18, HEADER_MAX = 256 };

static const struct options *o;
static long taken, finished, reserves_left, redelivered, pongs;
static bool confirmed, beanstalkd; // the dialect

struct worker {
  int fd;
  struct publisher *publisher; // set where this is not a worker but a publisher's answers
  char in[CHUNK_BYTES];
  size_t in_size;
  size_t payload_left; // bytes of the payload under way, with its line end
  char out[CHUNK_BYTES * 2];
  size_t out_size;
};

static void say(struct worker *w, const char *format, const char *id) {
  w->out_size += snprintf(w->out + w->out_size, sizeof w->out - w->out_size, format, id);
  if (w->out_size > sizeof w->out - HEADER_MAX * 2) {
    send_all(w->fd, w->out, w->out_size);
    w->out_size = 0;
  }
}

// Exactly as many reserves as messages are asked for: with none too many, no delete waits behind one that blocks.
static void reserve(struct worker *w) {
  if (reserves_left-- > 0) say(w, "reserve\r\n", "");
}

static void on_beanstalkd(struct worker *w, char *line) {
  char id[32];
  size_t bytes;
  if (!strcmp(line, "DELETED")) {
    finished++;
  } else if (!strcmp(line, "DEADLINE_SOON")) {
    say(w, "reserve\r\n", "");
  } else if (sscanf(line, "RESERVED %31s %zu", id, &bytes) == 2) {
    w->payload_left = bytes + 2;
    taken++;
    say(w, "delete %s\r\n", id);
    reserve(w);
  } else {
    die(EXIT_SERVER, "server says: %s", line);
  }
}

// MSG:<sid>:<id>:<attempt>:<bytes>; the text from <sid> to <id> is what the acknowledgement repeats.
static void on_recado(struct worker *w, char *line) {
  if (!strncmp(line, "ACKED:", 6)) {
    finished++;
  } else if (!strcmp(line, "PONG")) {
    pongs++;
  } else if (!strncmp(line, "MSG:", 4)) {
    char *id = strchr(line + 4, ':'), *attempt = id ? strchr(id + 1, ':') : NULL, *bytes = strrchr(line, ':');
    if (!attempt || bytes <= attempt) die(EXIT_SERVER, "no delivery: %s", line);
    w->payload_left = strtoul(bytes + 1, NULL, 10) + 1;
    *attempt = 0;
    say(w, confirmed ? "ACK!:%s\n" : "ACK:%s\n", line + 4);
    if (strtol(attempt + 1, NULL, 10) > 1) redelivered++;
    else taken++;
    if (!confirmed) finished = taken;
  } else {
    die(EXIT_SERVER, "server says: %s", line);
  }
}

static void parse(struct worker *w) {
  char *at = w->in, *end = w->in + w->in_size;
  while (at < end) {
    if (w->payload_left) {
      size_t n = w->payload_left < (size_t)(end - at) ? w->payload_left : (size_t)(end - at);
      w->payload_left -= n;
      at += n;
      continue;
    }
    char *newline = memchr(at, '\n', end - at);
    if (!newline) break;
    *newline = 0;
    if (newline > at && newline[-1] == '\r') newline[-1] = 0;
    beanstalkd ? on_beanstalkd(w, at) : on_recado(w, at);
    at = newline + 1;
  }
  w->in_size = end - at;
  if (w->in_size > HEADER_MAX) die(EXIT_SERVER, "a line of more than %d bytes", HEADER_MAX);
  memmove(w->in, at, w->in_size);
}

static void serve(struct worker *w) {
  ssize_t n = recv(w->fd, w->in + w->in_size, CHUNK_BYTES - w->in_size, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) die(EXIT_SERVER, "the server closed a connection");
  if (w->publisher) {
    counter_feed(&w->publisher->answers, w->in, n); // ends the run if one is an error
    return;
  }
  w->in_size += n;
  parse(w);
  if (w->out_size) send_all(w->fd, w->out, w->out_size);
  w->out_size = 0;
}

static struct worker *watch(int poll, int fd, struct publisher *publisher) {
  struct worker *w = calloc(1, sizeof *w);
  w->fd = fd;
  w->publisher = publisher;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = w};
  epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
  return w;
}

static void poll_once(int poll) {
  struct epoll_event events[64];
  int n = epoll_wait(poll, events, 64, -1);
  for (int i = 0; i < n; i++) serve(events[i].data.ptr);
}

void run_workers(const struct options *options) {
  o = options;
  beanstalkd = !strcmp(o->dialect, "beanstalkd");
  confirmed = !strcmp(o->dialect, "recado-confirmed");
  if (!beanstalkd && !confirmed && strcmp(o->dialect, "recado")) die(EXIT_USAGE, "unknown dialect %s", o->dialect);
  if (o->subscribers < 1 || o->subscribers > SUBSCRIBERS_MAX) die(EXIT_USAGE, "workers needs 1 to %d", SUBSCRIBERS_MAX);
  reserves_left = o->count;
  int poll = epoll_create1(0);
  struct worker **workers = calloc(o->subscribers, sizeof *workers);
  for (long i = 0; i < o->subscribers; i++) {
    int fd = dial(o);
    greet(fd, o->sub_hello, o->sub_ready, i);
    workers[i] = watch(poll, fd, NULL);
  }
  struct publisher *publishers = publishers_connect(o);
  for (long i = 0; i < o->publishers; i++) watch(poll, publishers[i].fd, &publishers[i]);

  struct meter meter = meter_start(o->pid);
  for (long i = 0; beanstalkd && i < o->subscribers * o->depth; i++) reserve(workers[i % o->subscribers]);
  for (long i = 0; i < o->subscribers; i++) send_all(workers[i]->fd, workers[i]->out, workers[i]->out_size);
  for (long i = 0; i < o->subscribers; i++) workers[i]->out_size = 0;
  publishers_start(publishers, o);
  while (finished < o->count) poll_once(poll);
  if (!beanstalkd && !confirmed) {
    for (long i = 0; i < o->subscribers; i++) send_all(workers[i]->fd, "PING\n", 5);
    while (pongs < o->subscribers) poll_once(poll);
  }
  meter_stop(meter, o->count);
  printf(", \"redelivered\": %ld}\n", redelivered);
}
