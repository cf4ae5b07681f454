/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives one fuzz target without libFuzzer, with any compiler: every file of the folders that are named, then N damaged
 * copies of each (bits flipped, bytes set, cut, repeated, spliced with another file), which ones being a function of
 * the file alone. Prints one line of counts.
 *
 * Exit 1 when an input took more than a second of processor time, when a folder had no files or when no saved input was
 * accepted; a crash ends the program with the input left in last-input for a second look. */
#include "tests/fuzz/target.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#pragma weak LLVMFuzzerInitialize

enum { MOST_SECONDS = 1 };

static guint64 state;

static guint32 below(guint32 n) /* xorshift64* */
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (guint32)((state * G_GUINT64_CONSTANT(2685821657736338717)) >> 32) % n;
}

static void damage(GByteArray *bytes, const GByteArray *other)
{
    for (guint32 n = 1 + below(4); n > 0; n--) {
        if (bytes->len == 0)
            return;
        guint32 at = below(bytes->len), run = 1 + below(MIN(bytes->len - at, 64));
        switch (below(6)) {
        case 0:
            bytes->data[at] ^= (guint8)(1 << below(8));
            break;
        case 1:
            bytes->data[at] = (guint8)below(256);
            break;
        case 2: /* borders of integers */
            memset(bytes->data + at, below(2) ? 0xff : 0, MIN(run, 8));
            break;
        case 3:
            g_byte_array_remove_range(bytes, at, run);
            break;
        case 4: { /* doubled */
            g_autofree guint8 *copy = g_memdup2(bytes->data + at, run);
            g_byte_array_append(bytes, copy, run);
            break;
        }
        default:
            if (below(4) == 0)
                g_byte_array_set_size(bytes, at);
            else if (other->len > 0)
                memcpy(bytes->data + at, other->data + below(other->len - MIN(run, other->len) + 1),
                       MIN(run, other->len));
        }
    }
}

static double slowest;

/* An exact copy on the heap, so that reading one byte too far is seen by sanitizers. */
static void run(const guint8 *data, gsize size)
{
    g_autofree guint8 *copy = g_malloc(size + (size == 0));
    memcpy(copy, data, size);
    FILE *last = fopen("last-input", "wb");
    if (last) {
        fwrite(copy, 1, size, last);
        fclose(last);
    }
    clock_t begin = clock();
    LLVMFuzzerTestOneInput(copy, size);
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    slowest = MAX(slowest, seconds);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static gboolean collect(const char *folder, GPtrArray *files)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(names, by_name);
    for (guint i = 0; i < names->len; i++) {
        char *bytes;
        gsize size;
        if (!g_file_get_contents(names->pdata[i], &bytes, &size, NULL))
            return FALSE;
        g_ptr_array_add(files, g_byte_array_new_take((guint8 *)bytes, size));
    }
    return names->len > 0;
}

int main(int argc, char **argv)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    if (argc < 4) {
        fprintf(stderr, "use: %s NAME COPIES FOLDER...\n", argv[0]);
        return 2;
    }
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    guint64 copies = g_ascii_strtoull(argv[2], NULL, 10);
    for (int i = 3; i < argc; i++)
        if (!collect(argv[i], files)) {
            fprintf(stderr, "%s: %s: no inputs\n", argv[1], argv[i]);
            return 1;
        }
    for (guint i = 0; i < files->len; i++) {
        const GByteArray *file = files->pdata[i];
        run(file->data, file->len);
    }
    unsigned long accepted = fuzz_accepted;
    for (guint i = 0; i < files->len; i++) {
        const GByteArray *file = files->pdata[i];
        state = 88172645463325252u + i;
        for (guint64 n = 0; n < copies; n++) {
            g_autoptr(GByteArray) bytes = g_byte_array_append(g_byte_array_new(), file->data, file->len);
            damage(bytes, files->pdata[below(files->len)]);
            run(bytes->data, bytes->len);
        }
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%-10s %6u saved %6lu accepted %9" G_GUINT64_FORMAT " run %6.3f s slowest %5ld MiB\n", argv[1], files->len,
           accepted, files->len * (1 + copies), slowest, usage.ru_maxrss / 1024);
    g_unlink("last-input");
    if (slowest > MOST_SECONDS)
        fprintf(stderr, "%s: an input took more than %d s\n", argv[1], MOST_SECONDS);
    if (accepted == 0)
        fprintf(stderr, "%s: no saved input was accepted\n", argv[1]);
    return slowest > MOST_SECONDS || accepted == 0;
}
