// Mode workers: publishers run free, each subscriber is a worker that takes messages and finishes them one by one.
// They share the messages, or every one takes all of them (--each).
//   recado            MSG:<sid>:<id>:<attempt>:<bytes>, payload  ->  ACK:<sid>:<id>; at the end PING, awaiting PONG
//   recado-confirmed  the same                                   ->  ACK!:<sid>:<id>, awaiting ACKED:<sid>:<id>
//   beanstalkd        RESERVED <id> <bytes>, payload             ->  delete <id> and the next reserve, awaiting DELETED
//   nats              MSG <subject> <sid> <reply> <bytes>, …     ->  PUB <reply> 4, +ACK; at the end as recado
// Mode request: the workers are responders on a thread of their own.
//   recado            MSG as above                               ->  REPLY:<sid>:<id>:<bytes>, payload
//   nats              MSG as above                               ->  PUB <reply> <bytes>, payload
// What answers one received chunk leaves in one write, for every dialect.
#define _GNU_SOURCE
#include "pump.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { CHUNK_BYTES = 1 << 18, HEADER_MAX = 256, REPLY_MAX = 1 << 16 };

static const struct options *o;
static long taken, finished, reserves_left, redelivered, pongs;
static bool confirmed, beanstalkd, nats; // the dialect
static struct text reply;                // what a responder sends; with no bytes this is no responder

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
  if (w->out_size > sizeof w->out - HEADER_MAX * 2 - REPLY_MAX) {
    send_all(w->fd, w->out, w->out_size);
    w->out_size = 0;
  }
}

// The header of a reply, whose format takes the address and the size, then its payload and the end of a line.
static void say_reply(struct worker *w, const char *format, const char *address, const char *end) {
  char header[HEADER_MAX];
  int n = snprintf(header, sizeof header, format, address, reply.size);
  if (n >= HEADER_MAX) die(EXIT_SERVER, "an address of %zu bytes", strlen(address));
  memcpy(w->out + w->out_size, header, n);
  memcpy(w->out + w->out_size + n, reply.bytes, reply.size);
  w->out_size += n + reply.size;
  say(w, "%s", end);
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
    if (reply.size) say_reply(w, "REPLY:%s:%zu\n", line + 4, "\n");
    else say(w, confirmed ? "ACK!:%s\n" : "ACK:%s\n", line + 4);
    if (strtol(attempt + 1, NULL, 10) > 1) redelivered++;
    else taken++;
    if (!confirmed) finished = taken;
  } else {
    die(EXIT_SERVER, "server says: %s", line);
  }
}

// The address of an acknowledgement of JetStream is $JS.ACK.<stream>.<consumer>.<delivery>. and more.
static long delivery_of(const char *address) {
  for (int dots = 0; dots < 4 && (address = strchr(address, '.')); dots++) address++;
  return address ? strtol(address, NULL, 10) : 1;
}

static void on_nats(struct worker *w, char *line) {
  char address[HEADER_MAX];
  size_t bytes;
  if (!strcmp(line, "PONG")) {
    pongs++;
  } else if (!strcmp(line, "PING")) {
    say(w, "PONG\r\n", "");
  } else if (sscanf(line, "MSG %*s %*s %255s %zu", address, &bytes) == 2) {
    w->payload_left = bytes + 2;
    if (reply.size) say_reply(w, "PUB %s %zu\r\n", address, "\r\n");
    else say(w, "PUB %s 4\r\n+ACK\r\n", address);
    if (!reply.size && delivery_of(address) > 1) redelivered++;
    else finished = ++taken;
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
    beanstalkd ? on_beanstalkd(w, at) : nats ? on_nats(w, at) : on_recado(w, at);
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

static void set_dialect(const struct options *options) {
  o = options;
  beanstalkd = !strcmp(o->dialect, "beanstalkd");
  confirmed = !strcmp(o->dialect, "recado-confirmed");
  nats = !strcmp(o->dialect, "nats");
  if (!beanstalkd && !confirmed && !nats && strcmp(o->dialect, "recado")) {
    die(EXIT_USAGE, "unknown dialect %s", o->dialect);
  }
  if (o->subscribers < 1 || o->subscribers > SUBSCRIBERS_MAX) {
    die(EXIT_USAGE, "%s needs 1 to %d subscribers", o->mode, SUBSCRIBERS_MAX);
  }
}

static struct worker **workers_connect(int poll) {
  struct worker **workers = calloc(o->subscribers, sizeof *workers);
  for (long i = 0; i < o->subscribers; i++) {
    int fd = dial(o);
    greet(fd, o->sub_hello, o->sub_ready, i);
    workers[i] = watch(poll, fd, NULL);
  }
  return workers;
}

// What a worker said before has been read by the broker once it has answered this.
static void await_all_read(struct worker **workers, int poll) {
  const char *ping = nats ? "PING\r\n" : "PING\n";
  for (long i = 0; i < o->subscribers; i++) send_all(workers[i]->fd, ping, strlen(ping));
  while (pongs < o->subscribers) poll_once(poll);
}

void run_workers(const struct options *options) {
  set_dialect(options);
  long deliveries = o->each ? o->count * o->subscribers : o->count;
  reserves_left = deliveries;
  int poll = epoll_create1(0);
  struct worker **workers = workers_connect(poll);
  struct publisher *publishers = publishers_connect(o);
  for (long i = 0; i < o->publishers; i++) watch(poll, publishers[i].fd, &publishers[i]);

  struct meter meter = meter_start(o->pid);
  for (long i = 0; beanstalkd && i < o->subscribers * o->depth; i++) reserve(workers[i % o->subscribers]);
  for (long i = 0; i < o->subscribers; i++) send_all(workers[i]->fd, workers[i]->out, workers[i]->out_size);
  for (long i = 0; i < o->subscribers; i++) workers[i]->out_size = 0;
  publishers_start(publishers, o);
  while (finished < deliveries) poll_once(poll);
  if (!beanstalkd && !confirmed) await_all_read(workers, poll);
  meter_stop(meter, deliveries);
  printf(", \"redelivered\": %ld}\n", redelivered);
}

static void *respond(void *poll) {
  for (;;) poll_once(*(int *)poll);
  return NULL;
}

void run_requests(const struct options *options) {
  static int poll;
  set_dialect(options);
  reply = expand(o->reply, 0, 0);
  if (!reply.size || reply.size > REPLY_MAX || beanstalkd || confirmed) {
    die(EXIT_USAGE, "request needs a --reply of 1 to %d bytes and the dialect recado or nats", REPLY_MAX);
  }
  poll = epoll_create1(0);
  workers_connect(poll);
  pthread_t thread;
  if (pthread_create(&thread, NULL, respond, &poll)) die(EXIT_USAGE, "no thread");
  pthread_detach(thread);
  run_window(o);
}
