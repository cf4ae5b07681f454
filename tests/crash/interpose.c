/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into duijie: counts its calls that change regular files, or its large requests for memory, and lets the
 * n-th one end the process or fail.
 *
 *   DUIJIE_CRASH_AT     n, from 1; 0 only counts
 *   DUIJIE_CRASH_MODE   kill: SIGKILL in the middle (half of a write is done, the rest of the calls not begun);
 *                       fail: the call is not done and returns an error, ENOSPC for writes, EIO for the others;
 *                       full: counts the calls that write instead; the n-th and all later ones fail with ENOSPC;
 *                       stop: SIGTERM, and the call is done;
 *                       memory: counts requests for 64 KiB and more instead, and the n-th gets none;
 *                       gone: counts the calls that open DUIJIE_CRASH_GONE or what is below it instead; before the
 *                       n-th it is moved to a name with .gone behind it
 *   DUIJIE_CRASH_COUNT  file that receives the number of calls that were begun
 *
 * stdio writes through calls inside libc that cannot be preloaded; for it fflush and fclose are counted. */
#undef _FORTIFY_SOURCE /* its versions of the calls are defined here too */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long n_calls, at = -1;
static int kills, stops, starves, fills, vanishes, counter = -1;
static const char *gone;

enum { LARGE = 64 * 1024 };

static void set_up(void)
{
    const char *n = getenv("DUIJIE_CRASH_AT"), *mode = getenv("DUIJIE_CRASH_MODE"),
               *file = getenv("DUIJIE_CRASH_COUNT");
    at = n ? atol(n) : 0;
    kills = mode && strcmp(mode, "kill") == 0;
    stops = mode && strcmp(mode, "stop") == 0;
    fills = mode && strcmp(mode, "full") == 0;
    starves = mode && strcmp(mode, "memory") == 0;
    vanishes = mode && strcmp(mode, "gone") == 0;
    gone = getenv("DUIJIE_CRASH_GONE");
    if (file)
        counter = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
}

typedef enum {
    WRITE,  /* that needs room on the disk */
    CHANGE, /* any other change to a file */
    MEMORY,
    OPEN, /* of what is to vanish */
} Kind;

static int is_counted(Kind kind)
{
    if (starves || vanishes)
        return kind == (starves ? MEMORY : OPEN);
    return kind == WRITE || (kind == CHANGE && !fills);
}

/* Is this call the one? */
static int is_due(Kind kind)
{
    char text[24];
    pthread_mutex_lock(&lock);
    if (at < 0)
        set_up();
    if (!is_counted(kind)) {
        pthread_mutex_unlock(&lock);
        return 0;
    }
    n_calls++;
    int due = n_calls == at || (fills && at > 0 && n_calls > at);
    int length = snprintf(text, sizeof text, "%ld", n_calls);
    if (counter >= 0)
        syscall(SYS_pwrite64, counter, text, (size_t)length, 0L);
    pthread_mutex_unlock(&lock);
    if (due && stops) {
        kill(getpid(), SIGTERM);
        return 0;
    }
    return due;
}

static int is_regular(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

static void end_or_fail(int code)
{
    if (kills)
        syscall(SYS_kill, (long)getpid(), (long)SIGKILL);
    errno = code;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (is_regular(fd) && is_due(WRITE)) {
        if (kills)
            syscall(SYS_write, fd, bytes, size / 2);
        end_or_fail(ENOSPC);
        return -1;
    }
    return REAL(write)(fd, bytes, size);
}

static ssize_t write_at(int fd, const void *bytes, size_t size, off_t offset)
{
    if (is_regular(fd) && is_due(WRITE)) {
        if (kills)
            syscall(SYS_pwrite64, fd, bytes, size / 2, offset);
        end_or_fail(ENOSPC);
        return -1;
    }
    return syscall(SYS_pwrite64, fd, bytes, size, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    return write_at(fd, bytes, size, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    return write_at(fd, bytes, size, offset);
}

#define ON_FD(name)                                                                                                    \
    int name(int fd)                                                                                                   \
    {                                                                                                                  \
        if (is_regular(fd) && is_due(CHANGE)) {                                                                        \
            end_or_fail(EIO);                                                                                          \
            return -1;                                                                                                 \
        }                                                                                                              \
        return REAL(name)(fd);                                                                                         \
    }
ON_FD(fsync)
ON_FD(fdatasync)

int ftruncate64(int fd, off64_t size)
{
    if (is_due(CHANGE)) {
        end_or_fail(EIO);
        return -1;
    }
    return (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate(int fd, off_t size)
{
    return ftruncate64(fd, size);
}

int rename(const char *from, const char *to)
{
    if (is_due(CHANGE)) {
        end_or_fail(EIO);
        return -1;
    }
    return REAL(rename)(from, to);
}

int unlink(const char *path)
{
    if (is_due(CHANGE)) {
        end_or_fail(EIO);
        return -1;
    }
    return REAL(unlink)(path);
}

int fflush(FILE *file)
{
    if (file && is_regular(fileno(file)) && is_due(WRITE)) {
        end_or_fail(ENOSPC);
        return EOF;
    }
    return REAL(fflush)(file);
}

int fclose(FILE *file)
{
    if (is_regular(fileno(file)) && is_due(WRITE)) {
        if (!kills)
            REAL(fclose)(file);
        end_or_fail(ENOSPC);
        return EOF;
    }
    return REAL(fclose)(file);
}

/* ---- opening; the compiler's checks have names of their own for it ---- */

static void let_vanish(const char *path)
{
    char to[4096];
    pthread_mutex_lock(&lock);
    if (at < 0)
        set_up();
    pthread_mutex_unlock(&lock);
    const size_t length = gone ? strlen(gone) : 0;
    if (!vanishes || strncmp(path, gone, length) != 0 || (path[length] && path[length] != '/') || !is_due(OPEN))
        return;
    snprintf(to, sizeof to, "%s.gone", gone);
    syscall(SYS_rename, gone, to);
}

static int open_at(int folder, const char *path, int flags, mode_t mode)
{
    let_vanish(path);
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

static mode_t mode_of(int flags, va_list args)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

#define OPENS(name)                                                                                                    \
    int name(const char *path, int flags, ...)                                                                         \
    {                                                                                                                  \
        va_list args;                                                                                                  \
        va_start(args, flags);                                                                                         \
        const mode_t mode = mode_of(flags, args);                                                                      \
        va_end(args);                                                                                                  \
        return open_at(AT_FDCWD, path, flags, mode);                                                                   \
    }
OPENS(open)
OPENS(open64)

int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags);
int __open64_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

#define OPENS_STREAM(name)                                                                                             \
    FILE *name(const char *path, const char *how)                                                                      \
    {                                                                                                                  \
        let_vanish(path);                                                                                              \
        return REAL(name)(path, how);                                                                                  \
    }
OPENS_STREAM(fopen)
OPENS_STREAM(fopen64)

DIR *opendir(const char *path)
{
    let_vanish(path);
    DIR *folder = REAL(opendir)(path);
    return folder;
}

/* ---- memory; glibc's own names, because dlsym asks for memory itself ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static int runs_dry(size_t size)
{
    if (size < LARGE || !is_due(MEMORY))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return runs_dry(size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return runs_dry(n * size) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return runs_dry(size) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return runs_dry(size) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *block = runs_dry(size) ? NULL : __libc_memalign(alignment, size);
    if (!block)
        return ENOMEM;
    *out = block;
    return 0;
}
