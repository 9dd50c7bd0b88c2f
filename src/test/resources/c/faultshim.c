/*
 * Lets file calls below one directory fail, by LD_PRELOAD.
 *
 * FAULT_DIR is the directory (absolute, as /proc/self/fd shows it), FAULT_FILE the control file. It holds one line,
 * which may be replaced (by a rename) while the process runs and is looked at before each call:
 *
 *     CALL ERROR [SKIP [COUNT [PART]]]
 *
 *     CALL   open create write sync truncate rename unlink mkdir space, or a list of them joined by commas, or any;
 *            create is an open that may make the file: only that can find no space
 *     ERROR  EIO ENOSPC EMFILE EROFS EDQUOT, or short (half is written), or a number of milliseconds (it is slow)
 *     SKIP   how many calls of these kinds pass first
 *     COUNT  how many then are struck; 0 for all
 *     PART   only paths that hold this text are struck
 *
 * An empty or missing file strikes nothing. How often it struck since the line was read is appended to FAULT_FILE.log,
 * one line a strike. Reading is never struck, and with ENOSPC a call of kind write may first write a part of it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { PASS = 0, SHORT = -1 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char current[256];
static long seen, struck;

static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

/* Raw calls, so that the shim never meets itself. */
static long slurp(const char *file, char *into, size_t size) {
    long fd = syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) return -1;
    long n = syscall(SYS_read, fd, into, size - 1);
    syscall(SYS_close, fd);
    into[n < 0 ? 0 : n] = 0;
    return n;
}

static void tell(const char *control, const char *call, const char *error, const char *path) {
    char file[PATH_MAX + 8], line[PATH_MAX + 128];
    snprintf(file, sizeof file, "%s.log", control);
    long fd = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) return;
    int n = snprintf(line, sizeof line, "%s %s %s\n", call, error, path);
    syscall(SYS_write, fd, line, n);
    syscall(SYS_close, fd);
}

static int number_of(const char *error) {
    static const struct { const char *name; int number; } known[] = {
        {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EMFILE", EMFILE}, {"EROFS", EROFS}, {"EDQUOT", EDQUOT}, {"short", SHORT}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!strcmp(error, known[i].name)) return known[i].number;
    }
    struct timespec pause = {atol(error) / 1000, atol(error) % 1000 * 1000000};
    nanosleep(&pause, NULL);
    return PASS;
}

static int lists(const char *calls, const char *call) {
    size_t length = strlen(call);
    for (const char *at = calls; (at = strstr(at, call)); at += length) {
        if ((at == calls || at[-1] == ',') && (!at[length] || at[length] == ',')) return 1;
    }
    return !strcmp(calls, "any");
}

/* What shall become of a call on a path below the directory: PASS, SHORT or an errno. */
static int verdict(const char *call, const char *path) {
    const char *directory = getenv("FAULT_DIR"), *control = getenv("FAULT_FILE");
    if (!directory || !control || strncmp(path, directory, strlen(directory))) return PASS;
    char line[256], calls[64] = "", error[16] = "", part[64] = "";
    long skip = 0, count = 0;
    if (slurp(control, line, sizeof line) <= 0) return PASS;
    if (sscanf(line, "%63s %15s %ld %ld %63s", calls, error, &skip, &count, part) < 2) return PASS;
    if (!lists(calls, call) || (*part && !strstr(path, part))) return PASS;
    pthread_mutex_lock(&lock);
    if (strcmp(line, current)) {
        strcpy(current, line);
        seen = struck = 0;
    }
    int strikes = seen++ >= skip && (!count || struck < count);
    struck += strikes;
    pthread_mutex_unlock(&lock);
    if (!strikes) return PASS;
    tell(control, call, error, path);
    return number_of(error);
}

static int verdict_fd(const char *call, int fd) {
    char link[32], path[PATH_MAX];
    if (fd < 0) return PASS;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long n = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (n <= 0 || *path != '/') return PASS;
    path[n] = 0;
    return verdict(call, path);
}

static int failed(int error) {
    errno = error;
    return -1;
}

#define OPEN(name)                                                                                                    \
    int name(const char *path, int flags, ...) {                                                                      \
        static int (*next)(const char *, int, ...);                                                                   \
        if (!next) next = real(#name);                                                                                \
        va_list more;                                                                                                 \
        va_start(more, flags);                                                                                        \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;                                       \
        va_end(more);                                                                                                 \
        int error = *path == '/' ? verdict("open", path) : PASS;                                                      \
        if (!error && *path == '/' && flags & O_CREAT) error = verdict("create", path);                               \
        return error > 0 ? failed(error) : next(path, flags, mode);                                                   \
    }

OPEN(open)
OPEN(open64)

/* Of what is short, half is written, and of what finds no space nothing. */
#define WRITE(name, params, fd, length, whole, half)                                                                  \
    ssize_t name params {                                                                                             \
        static ssize_t(*next) params;                                                                                 \
        if (!next) next = real(#name);                                                                                \
        int error = verdict_fd("write", fd);                                                                          \
        if (error > 0) return failed(error);                                                                          \
        return error == SHORT && (length) > 1 ? next half : next whole;                                               \
    }

WRITE(write, (int fd, const void *from, size_t n), fd, n, (fd, from, n), (fd, from, n / 2))
WRITE(pwrite, (int fd, const void *from, size_t n, off_t at), fd, n, (fd, from, n, at), (fd, from, n / 2, at))
WRITE(pwrite64, (int fd, const void *from, size_t n, off64_t at), fd, n, (fd, from, n, at), (fd, from, n / 2, at))
WRITE(writev, (int fd, const struct iovec *from, int n), fd, n, (fd, from, n), (fd, from, n / 2))
WRITE(pwritev, (int fd, const struct iovec *from, int n, off_t at), fd, n, (fd, from, n, at), (fd, from, n / 2, at))
WRITE(pwritev64, (int fd, const struct iovec *from, int n, off64_t at), fd, n, (fd, from, n, at), (fd, from, n / 2, at))

#define CALL(name, kind, params, judged, arguments)                                                                   \
    int name params {                                                                                                 \
        static int(*next) params;                                                                                     \
        if (!next) next = real(#name);                                                                                \
        int error = judged;                                                                                           \
        return error > 0 ? failed(error) : next arguments;                                                            \
    }

CALL(fsync, "sync", (int fd), verdict_fd("sync", fd), (fd))
CALL(fdatasync, "sync", (int fd), verdict_fd("sync", fd), (fd))
CALL(ftruncate, "truncate", (int fd, off_t size), verdict_fd("truncate", fd), (fd, size))
CALL(ftruncate64, "truncate", (int fd, off64_t size), verdict_fd("truncate", fd), (fd, size))
CALL(rename, "rename", (const char *from, const char *to), verdict("rename", from), (from, to))
CALL(unlink, "unlink", (const char *path), verdict("unlink", path), (path))
CALL(rmdir, "unlink", (const char *path), verdict("unlink", path), (path))
CALL(mkdir, "mkdir", (const char *path, mode_t mode), verdict("mkdir", path), (path, mode))
CALL(statvfs64, "space", (const char *path, struct statvfs64 *into), verdict("space", path), (path, into))
CALL(fstatvfs64, "space", (int fd, struct statvfs64 *into), verdict_fd("space", fd), (fd, into))
