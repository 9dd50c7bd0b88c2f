// Mode window: a closed loop. Each publisher keeps at most `window` messages unanswered; one thread serves all of them.
// The time from a message's send to its answer is recorded. Answers come in the order of the messages.
#include "pump.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { IN_FLIGHT_BYTES_MAX = 1 << 20 };

struct loop {
  int fd;
  struct counter answers;
  struct text batch; // `window` frames
  size_t frame_size;
  int64_t *sent_ns; // ring of the times of those in flight
  long in_flight, oldest;
};

static struct loop *connect_all(const struct options *o, struct publisher *publishers, int poll) {
  struct loop *loops = calloc(o->publishers, sizeof *loops);
  for (long i = 0; i < o->publishers; i++) {
    struct loop *l = &loops[i];
    l->fd = publishers[i].fd;
    l->answers = publishers[i].answers;
    l->batch = expand_batch(o, i, o->window);
    l->frame_size = l->batch.size / o->window;
    l->sent_ns = calloc(o->window, sizeof(int64_t));
    // What is in flight must fit into the sockets' buffers: sending blocks, and nobody else reads meanwhile.
    if (l->batch.size > IN_FLIGHT_BYTES_MAX) die(EXIT_USAGE, "window of more than 1 MiB");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = l};
    epoll_ctl(poll, EPOLL_CTL_ADD, l->fd, &event);
  }
  return loops;
}

static void fill(struct loop *l, const struct options *o, long *unsent) {
  long n = o->window - l->in_flight < *unsent ? o->window - l->in_flight : *unsent;
  int64_t now = now_ns();
  for (long i = 0; i < n; i++) l->sent_ns[(l->oldest + l->in_flight + i) % o->window] = now;
  l->in_flight += n;
  *unsent -= n;
  if (n) send_all(l->fd, l->batch.bytes, n * l->frame_size);
}

static long drain(struct loop *l, const struct options *o, char *buffer, struct histogram *latency) {
  ssize_t size = recv(l->fd, buffer, RECV_BYTES, MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (size <= 0) die(EXIT_SERVER, "the server closed a publisher");
  long n = counter_feed(&l->answers, buffer, size);
  if (n > l->in_flight) die(EXIT_SERVER, "%ld answers to %ld messages", n, l->in_flight);
  int64_t now = now_ns();
  for (long i = 0; i < n; i++) histogram_add(latency, now - l->sent_ns[(l->oldest + i) % o->window], 1);
  l->oldest = (l->oldest + n) % o->window;
  l->in_flight -= n;
  return n;
}

void run_window(const struct options *o) {
  if (o->replies == REPLY_NONE) die(EXIT_USAGE, "a window needs answers");
  if (o->variants != 1) die(EXIT_USAGE, "a window takes one variant");
  int poll = epoll_create1(0);
  char *buffer = malloc(RECV_BYTES);
  struct histogram *latency = calloc(1, sizeof *latency);
  struct loop *loops = connect_all(o, publishers_connect(o), poll);
  long unsent = o->count, answered = 0;

  struct meter meter = meter_start(o->pid);
  for (long i = 0; i < o->publishers; i++) fill(&loops[i], o, &unsent);
  while (answered < o->count) {
    struct epoll_event events[256];
    int n = epoll_wait(poll, events, 256, -1);
    for (int i = 0; i < n; i++) {
      struct loop *l = events[i].data.ptr;
      answered += drain(l, o, buffer, latency);
      fill(l, o, &unsent);
    }
  }
  meter_stop(meter, o->count);
  fputs(", ", stdout);
  histogram_print("answer_us", latency);
  puts("}");
}
