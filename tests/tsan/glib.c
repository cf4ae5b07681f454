/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells ThreadSanitizer what GLib's locks order. GLib is not built with the sanitizer and its locks are futexes, not
 * pthread mutexes, so the sanitizer would see threads that share data without any order. The linker puts these in place
 * of the calls (--wrap, see CMakeLists.txt of this folder). */
#include <glib.h>
#include <sanitizer/tsan_interface.h>

void __real_g_mutex_lock(GMutex *mutex);
void __wrap_g_mutex_lock(GMutex *mutex);
void __wrap_g_mutex_lock(GMutex *mutex)
{
    __real_g_mutex_lock(mutex);
    __tsan_acquire(mutex);
}

void __real_g_mutex_unlock(GMutex *mutex);
void __wrap_g_mutex_unlock(GMutex *mutex);
void __wrap_g_mutex_unlock(GMutex *mutex)
{
    __tsan_release(mutex);
    __real_g_mutex_unlock(mutex);
}

void __real_g_cond_wait(GCond *cond, GMutex *mutex);
void __wrap_g_cond_wait(GCond *cond, GMutex *mutex);
void __wrap_g_cond_wait(GCond *cond, GMutex *mutex)
{
    __tsan_release(mutex);
    __real_g_cond_wait(cond, mutex);
    __tsan_acquire(mutex);
}

gboolean __real_g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 until);
gboolean __wrap_g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 until);
gboolean __wrap_g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 until)
{
    __tsan_release(mutex);
    gboolean woken = __real_g_cond_wait_until(cond, mutex, until);
    __tsan_acquire(mutex);
    return woken;
}

/* The fast path of g_once_init_enter is in our code and acquires; the release is in the library. */
void __real_g_once_init_leave(volatile void *place, gsize result);
void __wrap_g_once_init_leave(volatile void *place, gsize result);
void __wrap_g_once_init_leave(volatile void *place, gsize result)
{
    __tsan_release((void *)place);
    __real_g_once_init_leave(place, result);
}

gboolean __real_g_once_init_enter(volatile void *place);
gboolean __wrap_g_once_init_enter(volatile void *place);
gboolean __wrap_g_once_init_enter(volatile void *place)
{
    gboolean first = __real_g_once_init_enter(place);
    if (!first)
        __tsan_acquire((void *)place);
    return first;
}
