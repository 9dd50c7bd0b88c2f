// Free-running publishers.
#include "pump.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_BYTES = 1 << 16, THREADS_MAX = 64 };

struct publisher *publishers_connect(const struct options *o) {
  struct publisher *all = calloc(o->publishers, sizeof *all);
  for (long i = 0; i < o->publishers; i++) {
    struct publisher *p = &all[i];
    p->o = o;
    p->index = i;
    p->count = o->count / o->publishers + (i < o->count % o->publishers);
    p->fd = dial(o);
    counter_init(&p->answers, o->replies, o->reply_lines, "P"); // NATS asks PING now and then
    greet(p->fd, o->hello, o->ready, i);
  }
  return all;
}

// Sends its share in blocks of about 64 KiB; TCP holds it back when the broker does.
static void *publish(void *argument) {
  struct publisher *p = argument;
  struct text one = expand(p->o->frame, p->index, 0);
  long per_batch = BATCH_BYTES / (long)one.size + 1;
  // A batch holds every variant equally often, so that batches in a row keep the round robin.
  per_batch = (per_batch + p->o->variants - 1) / p->o->variants * p->o->variants;
  struct text batch = expand_batch(p->o, p->index, per_batch);
  size_t *ends = malloc(sizeof(size_t) * (per_batch + 1));
  ends[0] = 0;
  for (long i = 0; i < per_batch; i++) {
    struct text frame = expand(p->o->frame, p->index, i % p->o->variants);
    ends[i + 1] = ends[i] + frame.size;
    free(frame.bytes);
  }
  for (long sent = 0, n; sent < p->count; sent += n) {
    n = p->count - sent < per_batch ? p->count - sent : per_batch;
    for (size_t from = 0; from < ends[n]; from += BATCH_BYTES) {
      send_all(p->fd, batch.bytes + from, ends[n] - from < BATCH_BYTES ? ends[n] - from : BATCH_BYTES);
    }
  }
  free(ends);
  free(batch.bytes);
  free(one.bytes);
  return NULL;
}

void publishers_start(struct publisher *all, const struct options *o) {
  if (o->publishers > THREADS_MAX) die(EXIT_USAGE, "at most %d free-running publishers", THREADS_MAX);
  for (long i = 0; i < o->publishers; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, publish, &all[i])) die(EXIT_USAGE, "no thread");
    pthread_detach(thread);
  }
}
