/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into duijie: counts its calls that change regular files, or its large requests for memory, and lets the
 * n-th one end the process or fail.
 *
 *   DUIJIE_CRASH_AT     n, from 1; 0 only counts
 *   DUIJIE_CRASH_MODE   kill: SIGKILL in the middle (half of a write is done, the rest of the calls not begun);
 *                       fail: the call is not done and returns an error, ENOSPC for writes, EIO for the others;
 *                       full: counts the calls that write instead; the n-th and all later ones fail with ENOSPC;
 *                       stop: SIGTERM, and the call is done;
 *                       memory: counts requests for 64 KiB and more instead, and the n-th gets none
 *   DUIJIE_CRASH_COUNT  file that receives the number of calls that were begun
 *
 * stdio writes through calls inside libc that cannot be preloaded; for it fflush and fclose are counted. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long n_calls, at = -1;
static int kills, stops, starves, fills, counter = -1;

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
    if (file)
        counter = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
}

typedef enum {
    WRITE,  /* that needs room on the disk */
    CHANGE, /* any other change to a file */
    MEMORY,
} Kind;

/* Is this call the one? */
static int is_due(Kind kind)
{
    char text[24];
    pthread_mutex_lock(&lock);
    if (at < 0)
        set_up();
    if (starves ? kind != MEMORY : fills ? kind != WRITE : kind == MEMORY) {
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
