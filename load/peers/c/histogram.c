// Latencies in buckets whose width is at most 1/64 of their value, so that a percentile is right to 1.6 %.
#include "pump.h"
#include <stdio.h>

static int bucket_of(uint64_t ns) {
  if (ns < (1u << SUB_BITS)) return (int)ns;
  int shift = 63 - __builtin_clzll(ns) - SUB_BITS;
  return ((shift + 1) << SUB_BITS) + (int)((ns >> shift) - (1u << SUB_BITS));
}

static int64_t upper_end(int bucket) {
  if (bucket < (1 << SUB_BITS)) return bucket;
  int shift = (bucket >> SUB_BITS) - 1;
  return (int64_t)(((uint64_t)(bucket & ((1 << SUB_BITS) - 1)) + (1u << SUB_BITS) + 1) << shift) - 1;
}

void histogram_add(struct histogram *h, int64_t ns, uint64_t times) {
  if (ns < 0) ns = 0;
  h->counts[bucket_of((uint64_t)ns)] += times;
  h->total += times;
  if (ns > h->max) h->max = ns;
}

int64_t histogram_at(const struct histogram *h, double quantile) {
  uint64_t rank = (uint64_t)(quantile * (double)h->total + 0.5), seen = 0;
  if (rank < 1) rank = 1;
  for (int i = 0; i < BUCKETS; i++) {
    seen += h->counts[i];
    if (seen >= rank) return upper_end(i) < h->max ? upper_end(i) : h->max;
  }
  return h->max;
}

void histogram_print(const char *name, const struct histogram *h) {
  printf("\"%s\": {\"count\": %llu, \"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, \"p99.9\": %.1f, \"max\": %.1f}", name,
      (unsigned long long)h->total, histogram_at(h, 0.5) / 1e3, histogram_at(h, 0.9) / 1e3, histogram_at(h, 0.99) / 1e3,
      histogram_at(h, 0.999) / 1e3, h->max / 1e3);
}
