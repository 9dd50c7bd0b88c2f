// fsync-probe FILE BYTES SECONDS [RATE]: appends BYTES and fdatasyncs, again and again, and prints the percentiles in
// µs. With RATE a second it keeps to a plan, and a time counts from when its write was planned.
// The file is made and removed; it is what the disk alone takes for one durable message at a time.
#include "pump.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BYTES_MAX = 1 << 24, FILE_BYTES_MAX = 1 << 28 };

int main(int count, char **arguments) {
  bool enough = count == 4 || count == 5;
  long bytes = enough ? atol(arguments[2]) : 0, seconds = enough ? atol(arguments[3]) : 0;
  double rate = count == 5 ? atof(arguments[4]) : 0;
  if (bytes < 1 || bytes > BYTES_MAX || seconds < 1 || rate < 0) {
    die(EXIT_USAGE, "usage: fsync-probe FILE BYTES SECONDS [RATE]");
  }
  int fd = open(arguments[1], O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (fd < 0) die(EXIT_USAGE, "%s: %s", arguments[1], strerror(errno));
  unlink(arguments[1]); // it lives as long as this process
  char *block = calloc(1, bytes);
  struct histogram *latency = calloc(1, sizeof *latency);
  int64_t start = now_ns(), offset = 0;
  for (long i = 0; now_ns() - start < seconds * 1000000000; i++) {
    int64_t before = rate > 0 ? start + (int64_t)(i * 1e9 / rate) : now_ns();
    if (now_ns() < before) sleep_until(before);
    if (pwrite(fd, block, bytes, offset) != bytes || fdatasync(fd)) die(EXIT_SERVER, "write: %s", strerror(errno));
    histogram_add(latency, now_ns() - before, 1);
    offset = offset + bytes < FILE_BYTES_MAX ? offset + bytes : 0;
  }
  double elapsed = (now_ns() - start) / 1e9;
  printf("{\"seconds\": %.3f, \"rate\": %.1f, ", elapsed, latency->total / elapsed);
  histogram_print("sync_us", latency);
  puts("}");
  return 0;
}
