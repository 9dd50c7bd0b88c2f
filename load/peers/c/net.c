// Sockets and clocks.
#define _GNU_SOURCE
#include "pump.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { GREETING_MAX = 1 << 16 };

int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void sleep_until(int64_t ns) {
  struct timespec t = {ns / 1000000000, ns % 1000000000};
  prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0); // else Linux adds up to 50 µs
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {}
}

int dial(const struct options *o) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)o->port)};
  if (inet_pton(AF_INET, o->host, &address.sin_addr) != 1) die(EXIT_USAGE, "no IPv4 address: %s", o->host);
  int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address)) {
    die(EXIT_USAGE, "cannot connect to %s:%d: %s", o->host, o->port, strerror(errno));
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

void send_all(int fd, const char *bytes, size_t size) {
  while (size) {
    ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) die(EXIT_SERVER, "send: %s", strerror(errno));
    bytes += n;
    size -= n;
  }
}

void greet(int fd, const char *hello, const char *ready, long connection) {
  struct text greeting = expand(hello, connection, 0), end = expand(ready, connection, 0);
  send_all(fd, greeting.bytes, greeting.size);
  char *answer = malloc(GREETING_MAX);
  size_t size = 0;
  while (end.size && !(size >= end.size && !memcmp(answer + size - end.size, end.bytes, end.size))) {
    ssize_t n = size < GREETING_MAX ? recv(fd, answer + size, GREETING_MAX - size, 0) : 0;
    if (n <= 0) die(EXIT_SERVER, "no \"%s\" in answer to the greeting: %.*s", ready, (int)size, answer);
    size += n;
  }
  free(answer);
  free(greeting.bytes);
  free(end.bytes);
}

double server_cpu_s(int pid) {
  // In nanoseconds, where /proc/PID/stat counts in hundredths of a second.
  clockid_t clock;
  struct timespec used;
  if (!pid || clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &used)) return 0;
  return (double)used.tv_sec + used.tv_nsec / 1e9;
}

double client_cpu_s(void) {
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  return use.ru_utime.tv_sec + use.ru_stime.tv_sec + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

void raise_file_limit(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}
