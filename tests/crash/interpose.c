/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into duijie: counts its calls that change regular files and lets the n-th one end the process or fail.
 *
 *   DUIJIE_CRASH_AT     n, from 1; 0 only counts
 *   DUIJIE_CRASH_MODE   kill: SIGKILL in the middle (half of a write is done, the rest of the calls not begun);
 *                       fail: the call is not done and returns an error, ENOSPC for writes, EIO for the others;
 *                       stop: SIGTERM, and the call is done
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
static int kills, stops, counter = -1;

static void set_up(void)
{
    const char *n = getenv("DUIJIE_CRASH_AT"), *mode = getenv("DUIJIE_CRASH_MODE"),
               *file = getenv("DUIJIE_CRASH_COUNT");
    at = n ? atol(n) : 0;
    kills = mode && strcmp(mode, "kill") == 0;
    stops = mode && strcmp(mode, "stop") == 0;
    if (file)
        counter = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
}

/* Is this call the one? */
static int is_due(void)
{
    char text[24];
    pthread_mutex_lock(&lock);
    if (at < 0)
        set_up();
    int due = ++n_calls == at;
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
    if (is_regular(fd) && is_due()) {
        if (kills)
            syscall(SYS_write, fd, bytes, size / 2);
        end_or_fail(ENOSPC);
        return -1;
    }
    return REAL(write)(fd, bytes, size);
}

static ssize_t write_at(int fd, const void *bytes, size_t size, off_t offset)
{
    if (is_regular(fd) && is_due()) {
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
        if (is_regular(fd) && is_due()) {                                                                              \
            end_or_fail(EIO);                                                                                          \
            return -1;                                                                                                 \
        }                                                                                                              \
        return REAL(name)(fd);                                                                                         \
    }
ON_FD(fsync)
ON_FD(fdatasync)

int ftruncate64(int fd, off64_t size)
{
    if (is_due()) {
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
    if (is_due()) {
        end_or_fail(EIO);
        return -1;
    }
    return REAL(rename)(from, to);
}

int unlink(const char *path)
{
    if (is_due()) {
        end_or_fail(EIO);
        return -1;
    }
    return REAL(unlink)(path);
}

int fflush(FILE *file)
{
    if (file && is_regular(fileno(file)) && is_due()) {
        end_or_fail(ENOSPC);
        return EOF;
    }
    return REAL(fflush)(file);
}

int fclose(FILE *file)
{
    if (is_regular(fileno(file)) && is_due()) {
        if (!kills)
            REAL(fclose)(file);
        end_or_fail(ENOSPC);
        return EOF;
    }
    return REAL(fclose)(file);
}
