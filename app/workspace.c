/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static gboolean holds_store(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, DJ_WORKSPACE_STORE, NULL);
    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

char *dj_workspace_find(const char *start)
{
    g_autofree char *folder = g_canonicalize_filename(start, NULL);
    for (;;) {
        if (holds_store(folder))
            return g_steal_pointer(&folder);
        char *parent = g_path_get_dirname(folder);
        gboolean top = strcmp(parent, folder) == 0;
        g_free(folder);
        folder = parent;
        if (top)
            return NULL;
    }
}

static char *locate(const DjApp *app, GError **error)
{
    if (!app->workspace) {
        g_autofree char *here = g_get_current_dir();
        char *folder = dj_workspace_find(here);
        if (!folder)
            g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                        "no workspace here or above: name one with -w DIR, or make one with `duijie init DIR`");
        return folder;
    }
    g_autofree char *folder = g_canonicalize_filename(app->workspace, NULL);
    if (holds_store(folder))
        return g_steal_pointer(&folder);
    g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: %s; make a workspace with `duijie init %s`",
                app->workspace,
                g_file_test(folder, G_FILE_TEST_IS_DIR) ? "not a workspace (it has no " DJ_WORKSPACE_STORE ")"
                                                        : "no such folder",
                app->workspace);
    return NULL;
}

/* Who wrote the lock file: "1234 import". */
static char *lock_holder(int fd)
{
    char text[256];
    gssize n = pread(fd, text, sizeof text - 1, 0);
    text[MAX(n, 0)] = '\0';
    g_strstrip(text);
    return *text ? g_strdup_printf("process %s", text) : g_strdup("another process");
}

char *dj_workspace_lock_holder(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "lock", NULL);
    int fd = g_open(path, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0)
        return NULL; /* there was no job yet */
    char *holder = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK ? lock_holder(fd) : NULL;
    g_close(fd, NULL);
    return holder;
}

static int take_lock(const DjApp *app, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "lock", NULL);
    int fd = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                    "%s: cannot be written: %s: is the folder still there, and may you write to it? (if not, work "
                    "on a copy)",
                    path, g_strerror(errno));
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            g_autofree char *holder = lock_holder(fd);
            g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_BUSY, "%s is busy: %s is at work; try again when it is done",
                        folder, holder);
        } else {
            g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: cannot be locked: %s", path,
                        g_strerror(errno));
        }
        g_close(fd, NULL);
        return -1;
    }
    /* For a person's eyes only; the lock itself is the flock, which ends with the process. */
    g_autofree char *text = g_strdup_printf("%d (duijie %s)\n", (int)getpid(), app->command);
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, strlen(text), 0) != (gssize)strlen(text)) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: cannot be written: %s", path,
                    g_strerror(errno));
        g_close(fd, NULL);
        return -1;
    }
    return fd;
}

DjWorkspace *dj_workspace_open(const DjApp *app, DjWorkspaceMode mode, GError **error)
{
    g_autoptr(DjWorkspace) workspace = g_new0(DjWorkspace, 1);
    workspace->lock = -1;
    workspace->folder = locate(app, error);
    if (!workspace->folder)
        return NULL;
    workspace->name = g_path_get_basename(workspace->folder);
    if (mode == DJ_WORKSPACE_JOB || mode == DJ_WORKSPACE_UPGRADE) {
        workspace->lock = take_lock(app, workspace->folder, error);
        if (workspace->lock < 0)
            return NULL;
    }
    g_autofree char *path = g_build_filename(workspace->folder, DJ_WORKSPACE_STORE, NULL);
    workspace->store = dj_store_open(path,
                                     mode == DJ_WORKSPACE_READ      ? DJ_STORE_READ
                                     : mode == DJ_WORKSPACE_UPGRADE ? DJ_STORE_UPGRADE
                                                                    : DJ_STORE_WRITE,
                                     error);
    return workspace->store ? g_steal_pointer(&workspace) : NULL;
}

void dj_workspace_close(DjWorkspace *workspace)
{
    if (!workspace)
        return;
    if (workspace->store)
        dj_store_close(workspace->store);
    if (workspace->lock >= 0)
        g_close(workspace->lock, NULL);
    g_free(workspace->folder);
    g_free(workspace->name);
    g_free(workspace);
}

gboolean dj_workspace_create(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, 0777) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: cannot be made: %s", folder,
                    g_strerror(errno));
        return FALSE;
    }
    if (holds_store(folder)) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s is a workspace already; nothing was changed", folder);
        return FALSE;
    }
    g_autofree char *path = g_build_filename(folder, DJ_WORKSPACE_STORE, NULL);
    g_autoptr(DjStore) store = dj_store_open(path, DJ_STORE_CREATE, error);
    return store != NULL;
}

gboolean dj_workspace_find_record(const DjWorkspace *workspace, const char *text, DjTable *table, char **key,
                                  GError **error)
{
    gboolean found = FALSE;
    if (!dj_store_find_key(workspace->store, text, table, key, &found, error))
        return FALSE;
    if (!found)
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                    "%s: no record has this id, or an id that begins with it; `duijie query` searches by text", text);
    return found;
}
