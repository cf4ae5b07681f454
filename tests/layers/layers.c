/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks the #include lines against the ladder of folders and the walls around outside libraries.
 *
 *   layers ROOT              the tree must be clean
 *   layers ROOT --planted    a tree made for this test must give exactly the violations that its files announce: a line
 *                            with an include that breaks a rule ends in "VIOLATION"
 *
 * Rules
 *   - engine < indexer < config < app: a file includes its own folder and what stands below
 *   - engine has floors: 0 model; 1 text semantic kernel store search, which do not see each other; 2 match plan, which
 *     do not either; 3 report
 *   - datasets, bench and tests may include anything; nothing includes them
 *   - an outside library is included by the folder that owns it, and by nobody else; what no list names is refused
 *   - engine/kernel uses neither GLib nor jansson */
#include <glib.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *folder;
    int floor;
} Place;

/* Same floor, other folder: not visible. */
static const Place places[] = {
    {"engine/model", 0},  {"engine/text", 1},   {"engine/semantic", 1}, {"engine/kernel", 1},
    {"engine/store", 1},  {"engine/search", 1}, {"engine/match", 2},    {"engine/plan", 2},
    {"engine/report", 3}, {"indexer", 4},       {"config", 5},          {"app", 6},
};

/* Headers by their beginning; NULL = everybody. */
static const struct {
    const char *header, *folder;
} libraries[] = {
    {"unicode/", "engine/text"},     {"sqlite3.h", "engine/store"},
    {"xxhash.h", "engine/store"},    {"xapian.h", "engine/search"},
    {"cblas.h", "engine/semantic"},  {"lapacke.h", "engine/semantic"},
    {"openblas", "engine/semantic"}, {"lemon/", "engine/plan"},
    {"glpk.h", "engine/plan"},       {"z3", "engine/plan"},
    {"xlsxwriter", "engine/report"}, {"zip.h", "indexer"},
    {"expat.h", "indexer"},          {"yaml.h", "config"},
    {"microhttpd.h", "app"},
};

static const char *const c_library[] = {
    "assert.h",    "cmath",         "cpuid.h",    "cstdint",     "cstring",   "ctype.h",   "errno.h",   "fcntl.h",
    "float.h",     "immintrin.h",   "inttypes.h", "limits.h",    "math.h",    "memory",    "malloc.h",  "poll.h",
    "pthread.h",   "signal.h",      "stdarg.h",   "stdatomic.h", "stdbool.h", "stddef.h",  "stdint.h",  "stdio.h",
    "stdlib.h",    "string",        "string.h",   "time.h",      "unistd.h",  "algorithm", "exception", "functional",
    "limits",      "map",           "new",        "numeric",     "stdexcept", "utility",   "deque",     "vector",
    "string_view", "unordered_map", NULL};

typedef struct {
    const char *root;
    gboolean planted;
    guint n_files, n_includes, n_violations, n_announced, n_wrong;
} Check;

static const Place *place_of(const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        gsize n = strlen(places[i].folder);
        if (strncmp(path, places[i].folder, n) == 0 && path[n] == '/')
            return &places[i];
    }
    return NULL;
}

/* NULL when the include is allowed, else why not. */
static const char *judge_own(const Place *here, const char *header)
{
    if (!strchr(header, '/'))
        return "own headers are included from the root of the tree";
    const Place *there = place_of(header);
    if (!there)
        return "only the folders of the ladder may be included";
    if (there == here || there->floor < here->floor)
        return NULL;
    return there->floor == here->floor ? "neighbours on a floor do not see each other" : "it stands higher";
}

static const char *judge_outside(const Place *here, const char *header)
{
    if (g_strv_contains(c_library, header) || g_str_has_prefix(header, "sys/"))
        return NULL;
    if (strcmp(header, "glib.h") == 0 || strcmp(header, "glib-unix.h") == 0 || g_str_has_prefix(header, "glib/") ||
        g_str_has_prefix(header, "gio/") || strcmp(header, "jansson.h") == 0)
        return strcmp(here->folder, "engine/kernel") == 0 ? "the kernel uses plain C alone" : NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(libraries); i++)
        if (g_str_has_prefix(header, libraries[i].header))
            return strcmp(here->folder, libraries[i].folder) == 0 ? NULL : "another folder owns this library";
    return "a library that no folder owns; add it to the list with its owner";
}

static void check_line(Check *check, const char *path, guint number, const char *line)
{
    const char *p = line;
    while (g_ascii_isspace(*p))
        p++;
    if (*p != '#')
        return;
    p++;
    while (g_ascii_isspace(*p))
        p++;
    if (!g_str_has_prefix(p, "include"))
        return;
    const char *open = strpbrk(p, "<\"");
    const char *end = open ? strchr(open + 1, *open == '<' ? '>' : '"') : NULL;
    if (!end)
        return; /* #include of a macro */
    g_autofree char *header = g_strndup(open + 1, (gsize)(end - open - 1));
    const Place *here = place_of(path);
    const char *why = *open == '<' ? judge_outside(here, header) : judge_own(here, header);
    gboolean announced = g_str_has_suffix(line, "VIOLATION");
    check->n_includes++;
    check->n_violations += why != NULL;
    check->n_announced += announced;
    if (check->planted ? (why != NULL) != announced : why != NULL) {
        check->n_wrong++;
        printf("%s:%u: includes %s: %s\n", path, number, header, why ? why : "not noticed");
    }
}

static void check_file(Check *check, const char *path)
{
    g_autofree char *full = g_build_filename(check->root, path, NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(full, &text, NULL, NULL)) {
        printf("%s: cannot be read\n", path);
        check->n_wrong++;
        return;
    }
    check->n_files++;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++)
        check_line(check, path, i + 1, lines[i]);
}

static gboolean is_source(const char *name)
{
    static const char *const suffixes[] = {".c", ".h", ".cc", ".def"};
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (g_str_has_suffix(name, suffixes[i]))
            return TRUE;
    return FALSE;
}

static void check_folder(Check *check, const char *folder)
{
    g_autofree char *full = g_build_filename(check->root, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(full, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_strdup_printf("%s/%s", folder, name);
        g_autofree char *inner = g_build_filename(check->root, path, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR))
            check_folder(check, path);
        else if (is_source(name) && place_of(path))
            check_file(check, path);
        else if (is_source(name)) {
            printf("%s: stands in no folder of the ladder\n", path);
            check->n_wrong++;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: layers ROOT [--planted]\n");
        return 2;
    }
    Check check = {.root = argv[1], .planted = argc > 2};
    static const char *const tops[] = {"engine", "indexer", "config", "app"};
    for (gsize i = 0; i < G_N_ELEMENTS(tops); i++)
        check_folder(&check, tops[i]);
    printf("%u files, %u includes, %u violations\n", check.n_files, check.n_includes, check.n_violations);
    if (check.n_includes == 0 || (check.planted && check.n_announced == 0)) {
        printf("nothing was checked\n");
        return 1;
    }
    return check.n_wrong == 0 ? 0 : 1;
}
