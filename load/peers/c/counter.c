// Counts answers and deliveries in a stream of lines.
#define _GNU_SOURCE
#include "pump.h"
#include <stdlib.h>
#include <string.h>

void counter_init(struct counter *c, enum reply_kind kind, long lines_per, const char *not_counted) {
  memset(c, 0, sizeof *c);
  c->kind = kind;
  c->lines_per = lines_per;
  c->not_counted = not_counted;
}

// ERROR, END, -ERR and their like, by their first letter; payloads begin with x or @.
static void refuse_errors(const char *line, size_t size) {
  if (*line == 'E' || *line == '-') {
    die(EXIT_SERVER, "server says: %.*s", (int)(size < 200 ? size : 200), line);
  }
}

static long feed_lines(struct counter *c, const char *bytes, size_t size) {
  const char *at = bytes, *end = bytes + size;
  long lines = c->lines;
  while (at < end) {
    if (!c->inside) {
      refuse_errors(at, end - at);
      c->ignored = strchr(c->not_counted, *at) != NULL;
    }
    const char *newline = memchr(at, '\n', end - at);
    c->inside = !newline;
    if (!newline) break;
    lines += !c->ignored;
    at = newline + 1;
  }
  if (c->kind == REPLY_NONE) return 0;
  c->lines = lines % c->lines_per;
  return lines / c->lines_per;
}

// OK:MSG_ID:<id> is one message, OK:MSG_IDS:<first>:<last> is all from the first to the last.
static long messages_in_confirmation(const char *line) {
  if (!strncmp(line, "OK:MSG_ID:", 10)) return 1;
  char *colon;
  if (strncmp(line, "OK:MSG_IDS:", 11)) die(EXIT_SERVER, "server says: %s", line);
  long first = strtol(line + 11, &colon, 10);
  if (*colon != ':') die(EXIT_SERVER, "no range of one partition: %s", line);
  return strtol(colon + 1, NULL, 10) - first + 1;
}

static long feed_ranges(struct counter *c, const char *bytes, size_t size) {
  long messages = 0;
  const char *at = bytes, *end = bytes + size;
  while (at < end) {
    const char *newline = memchr(at, '\n', end - at);
    size_t n = (newline ? newline : end) - at;
    if (c->part_size + n >= sizeof c->part) die(EXIT_SERVER, "server says: %.*s", (int)(n < 200 ? n : 200), at);
    memcpy(c->part + c->part_size, at, n);
    c->part_size += n;
    if (!newline) break;
    c->part[c->part_size] = 0;
    c->part_size = 0;
    messages += messages_in_confirmation(c->part);
    at = newline + 1;
  }
  return messages;
}

long counter_feed(struct counter *c, const char *bytes, size_t size) {
  return c->kind == REPLY_RANGE ? feed_ranges(c, bytes, size) : feed_lines(c, bytes, size);
}
