/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/job.h"

#include "app/web/request.h"
#include "app/workspace.h"
#include "indexer/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PROGRESS_FD   3
#define LONGEST_LINE  512
#define PATIENCE      (20 * G_TIME_SPAN_SECOND) /* for an orderly end; the store is safe either way */
#define EXIT_REJECTED 3

/* The job that runs, or ran last. */
typedef struct {
    guint number; /* 0 = none yet */
    gboolean running, cancelled, stopping;
    char *title, *who;
    char **words;
    char *phase;
    guint64 done, total, ms;
    GThread *thread;
} Running;

struct DjJobs {
    char *folder, *workspace, *program, *config, *day;
    guint kept;
    GMutex mutex; /* of now */
    Running now;
    int wake[2]; /* a pipe: a byte asks the thread of the job to look at cancelled and stopping */
};

static const struct {
    const char *name, *label;
} states[] = {{"running", "进行中"},  {"done", "完成"},        {"rejected", "完成，有退回的行"},
              {"failed", "没有办成"}, {"cancelled", "已取消"}, {"interrupted", "因服务停止而中断"}};

const char *dj_job_state_name(DjJobState state)
{
    return states[state].name;
}

const char *dj_job_state_label(DjJobState state)
{
    return states[state].label;
}

static DjJobState state_parse(const char *name)
{
    for (gsize i = 0; name && i < G_N_ELEMENTS(states); i++)
        if (strcmp(states[i].name, name) == 0)
            return (DjJobState)i;
    return DJ_JOB_INTERRUPTED;
}

void dj_job_free(DjJob *job)
{
    if (!job)
        return;
    g_free(job->kind);
    g_free(job->title);
    g_free(job->about);
    g_free(job->who);
    g_free(job->audience);
    g_free(job->started);
    g_free(job->ended);
    g_free(job->folder);
    g_free(job->phase);
    g_free(job);
}

static char *folder_of(const DjJobs *jobs, guint number)
{
    return g_strdup_printf("%s/%u", jobs->folder, number);
}

/* ---- job.json ---- */

static char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return g_strdup(text ? text : "");
}

static json_t *read_record(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "job.json", NULL), *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? json_loads(text, 0, NULL) : NULL;
}

static gboolean write_record(const char *folder, json_t *record, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "job.json", NULL);
    char *text = json_dumps(record, JSON_INDENT(2));
    gboolean ok = g_file_set_contents(path, text ? text : "{}", -1, error);
    free(text);
    return ok;
}

static char *clock_now(void)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_offset(8 * 3600); /* Shanghai */
    g_autoptr(GDateTime) time = g_date_time_new_now(zone);
    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
}

static void record_end(const DjJobs *jobs, guint number, DjJobState state)
{
    g_autofree char *folder = folder_of(jobs, number), *moment = clock_now();
    json_t *record = read_record(folder);
    if (!record)
        record = json_object();
    json_object_set_new(record, "state", json_string(dj_job_state_name(state)));
    json_object_set_new(record, "ended", json_string(moment));
    write_record(folder, record, NULL); /* a full disk: the job then shows as interrupted */
    json_decref(record);
}

/* ---- folders ---- */

static gint descending(gconstpointer a, gconstpointer b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    return x > y ? -1 : x < y;
}

/* The newest first. */
static GArray *numbers(const DjJobs *jobs)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GDir) dir = g_dir_open(jobs->folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        guint64 number;
        if (g_ascii_string_to_unsigned(name, 10, 1, G_MAXINT, &number, NULL)) {
            guint n = (guint)number;
            g_array_append_val(list, n);
        }
    }
    g_array_sort(list, descending);
    return list;
}

void dj_jobs_discard(DjJobs *jobs, guint number)
{
    g_autofree char *folder = folder_of(jobs, number), *record = g_build_filename(folder, "job.json", NULL);
    g_unlink(record); /* first: without it there is no such job, whatever else is left */
    dj_durable_remove_tree(folder);
}

/* So that the folder of jobs does not grow for ever. */
static void forget_old(DjJobs *jobs, guint ended)
{
    g_autoptr(GArray) all = numbers(jobs);
    for (guint i = jobs->kept; i < all->len; i++)
        if (g_array_index(all, guint, i) != ended) /* newer ones may wait for their files */
            dj_jobs_discard(jobs, g_array_index(all, guint, i));
}

/* ---- the child ---- */

static void die_with_server(gpointer unused)
{
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static GSubprocess *spawn(const DjJobs *jobs, const Running *now, int *progress, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_MERGE);
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autofree char *fd = g_strdup_printf("%d", PROGRESS_FD);
    g_autofree char *folder = folder_of(jobs, now->number), *log = g_build_filename(folder, "log", NULL);
    g_ptr_array_add(words, jobs->program);
    g_ptr_array_add(words, (gpointer) "-w");
    g_ptr_array_add(words, jobs->workspace);
    if (jobs->config) {
        g_ptr_array_add(words, (gpointer) "--config");
        g_ptr_array_add(words, jobs->config);
    }
    if (jobs->day) {
        g_ptr_array_add(words, (gpointer) "--now");
        g_ptr_array_add(words, jobs->day);
    }
    g_ptr_array_add(words, now->words[0]);
    g_ptr_array_add(words, (gpointer) "--progress-fd");
    g_ptr_array_add(words, fd);
    for (char **word = now->words + 1; *word; word++)
        g_ptr_array_add(words, *word);
    g_ptr_array_add(words, NULL);
    int ends[2];
    if (!g_unix_open_pipe(ends, FD_CLOEXEC, error))
        return NULL;
    g_subprocess_launcher_take_fd(launcher, ends[1], PROGRESS_FD);
    g_subprocess_launcher_set_stdout_file_path(launcher, log);
    g_subprocess_launcher_set_child_setup(launcher, die_with_server, NULL, NULL);
    GSubprocess *child = g_subprocess_launcher_spawnv(launcher, (const char *const *)words->pdata, error);
    g_subprocess_launcher_close(launcher);
    if (child)
        *progress = ends[0];
    else
        close(ends[0]);
    return child;
}

/* "PHASE<tab>DONE<tab>TOTAL<tab>MS", see app/progress.h. */
static void take_progress(DjJobs *jobs, const char *line)
{
    g_auto(GStrv) parts = g_strsplit(line, "\t", -1);
    if (g_strv_length(parts) != 4)
        return;
    g_mutex_lock(&jobs->mutex);
    g_free(jobs->now.phase);
    jobs->now.phase = g_strdup(parts[0]);
    jobs->now.done = g_ascii_strtoull(parts[1], NULL, 10);
    jobs->now.total = g_ascii_strtoull(parts[2], NULL, 10);
    jobs->now.ms = g_ascii_strtoull(parts[3], NULL, 10);
    g_mutex_unlock(&jobs->mutex);
}

/* FALSE at the end of what the child says. */
static gboolean read_progress(DjJobs *jobs, int fd, GString *line)
{
    char buffer[LONGEST_LINE];
    gssize n = read(fd, buffer, sizeof buffer);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return TRUE;
    for (gssize i = 0; i < n; i++) {
        if (buffer[i] == '\n') {
            take_progress(jobs, line->str);
            g_string_truncate(line, 0);
        } else if (line->len < LONGEST_LINE) {
            g_string_append_c(line, buffer[i]);
        }
    }
    return n > 0;
}

static gboolean should_end(DjJobs *jobs)
{
    g_mutex_lock(&jobs->mutex);
    gboolean end = jobs->now.cancelled || jobs->now.stopping;
    g_mutex_unlock(&jobs->mutex);
    return end;
}

/* Until the child closes its end, which it does by ending. */
static void follow(DjJobs *jobs, GSubprocess *child, int progress)
{
    g_autoptr(GString) line = g_string_new(NULL);
    gint64 asked = 0;
    for (;;) {
        if (asked == 0 && should_end(jobs)) {
            g_subprocess_send_signal(child, SIGTERM);
            asked = g_get_monotonic_time();
        } else if (asked > 0 && g_get_monotonic_time() - asked > PATIENCE) {
            g_subprocess_force_exit(child);
        }
        struct pollfd fds[2] = {{progress, POLLIN, 0}, {jobs->wake[0], POLLIN, 0}};
        char byte;
        if (poll(fds, 2, asked > 0 ? 1000 : -1) < 0 && errno != EINTR)
            return;
        if (fds[1].revents & POLLIN && read(jobs->wake[0], &byte, 1) < 0 && errno != EAGAIN)
            return;
        if (fds[0].revents && !read_progress(jobs, progress, line))
            return;
    }
}

static DjJobState outcome(DjJobs *jobs, GSubprocess *child)
{
    gboolean exited = g_subprocess_get_if_exited(child);
    int code = exited ? g_subprocess_get_exit_status(child) : -1;
    g_mutex_lock(&jobs->mutex);
    gboolean cancelled = jobs->now.cancelled, stopping = jobs->now.stopping;
    g_mutex_unlock(&jobs->mutex);
    return code == 0               ? DJ_JOB_DONE
           : code == EXIT_REJECTED ? DJ_JOB_REJECTED
           : cancelled             ? DJ_JOB_CANCELLED
           : stopping              ? DJ_JOB_INTERRUPTED
                                   : DJ_JOB_FAILED;
}

static void append_log(const DjJobs *jobs, guint number, const char *text)
{
    g_autofree char *folder = folder_of(jobs, number), *path = g_build_filename(folder, "log", NULL);
    FILE *log = g_fopen(path, "a");
    if (!log)
        return;
    fprintf(log, "%s\n", text);
    fclose(log);
}

static gpointer attend(gpointer data)
{
    DjJobs *jobs = data;
    g_autoptr(GError) error = NULL;
    int progress = -1;
    DjJobState state = DJ_JOB_FAILED;
    g_autoptr(GSubprocess) child = spawn(jobs, &jobs->now, &progress, &error);
    if (child) {
        follow(jobs, child, progress);
        close(progress);
        g_subprocess_wait(child, NULL, NULL);
        if (g_subprocess_get_if_signaled(child)) {
            g_autofree char *text = g_strdup_printf("ended by signal %d", g_subprocess_get_term_sig(child));
            append_log(jobs, jobs->now.number, text);
        }
        state = outcome(jobs, child);
    } else {
        append_log(jobs, jobs->now.number, error->message);
    }
    record_end(jobs, jobs->now.number, state);
    forget_old(jobs, jobs->now.number);
    g_mutex_lock(&jobs->mutex);
    jobs->now.running = FALSE;
    g_mutex_unlock(&jobs->mutex);
    return NULL;
}

/* ---- life ---- */

DjJobs *dj_jobs_new(const char *workspace, const char *program, const char *config, const char *day, guint kept)
{
    DjJobs *jobs = g_new0(DjJobs, 1);
    jobs->workspace = g_strdup(workspace);
    jobs->folder = g_build_filename(workspace, "web", "jobs", NULL);
    jobs->program = g_strdup(program);
    jobs->config = g_strdup(config);
    jobs->day = g_strdup(day);
    jobs->kept = kept;
    jobs->wake[0] = jobs->wake[1] = -1;
    g_mutex_init(&jobs->mutex);
    return jobs;
}

static void now_clear(DjJobs *jobs)
{
    if (jobs->now.thread)
        g_thread_join(jobs->now.thread);
    for (int i = 0; i < 2; i++)
        if (jobs->wake[i] >= 0)
            close(jobs->wake[i]);
    jobs->wake[0] = jobs->wake[1] = -1;
    g_free(jobs->now.title);
    g_free(jobs->now.who);
    g_free(jobs->now.phase);
    g_strfreev(jobs->now.words);
    jobs->now = (Running){0};
}

static void wake(DjJobs *jobs)
{
    if (jobs->now.running && write(jobs->wake[1], "", 1) < 0)
        g_assert(errno == EAGAIN); /* full: it was woken already */
}

void dj_jobs_free(DjJobs *jobs)
{
    if (!jobs)
        return;
    g_mutex_lock(&jobs->mutex);
    jobs->now.stopping = TRUE;
    wake(jobs);
    g_mutex_unlock(&jobs->mutex);
    now_clear(jobs);
    g_mutex_clear(&jobs->mutex);
    g_free(jobs->workspace);
    g_free(jobs->folder);
    g_free(jobs->program);
    g_free(jobs->config);
    g_free(jobs->day);
    g_free(jobs);
}

char *dj_jobs_prepare(DjJobs *jobs, guint *number, GError **error)
{
    g_autoptr(GArray) all = numbers(jobs);
    guint last = all->len > 0 ? g_array_index(all, guint, 0) : 0;
    g_autofree char *folder = NULL;
    int failed = g_mkdir_with_parents(jobs->folder, 0700);
    do { /* another thread may take the number */
        *number = ++last;
        g_free(folder);
        folder = folder_of(jobs, last);
    } while (failed == 0 && (failed = g_mkdir(folder, 0700)) != 0 && errno == EEXIST && !(failed = 0));
    g_autofree char *in = g_build_filename(folder, "in", NULL), *out = g_build_filename(folder, "out", NULL);
    if (failed != 0 || g_mkdir(in, 0700) != 0 || g_mkdir(out, 0700) != 0) {
        int why = errno;
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: %s", folder, g_strerror(why));
        return NULL;
    }
    return g_steal_pointer(&folder);
}

/* ---- starting ---- */

static gboolean check_free(DjJobs *jobs, GError **error)
{
    if (jobs->now.running)
        return dj_web_fail(error, 409, "正在做第 %u 号任务（%s，%s 发起），请等它完成", jobs->now.number,
                           jobs->now.title, jobs->now.who);
    g_autofree char *holder = dj_workspace_lock_holder(jobs->workspace);
    return !holder || dj_web_fail(error, 409, "工作区正忙：%s 在工作，请等它完成", holder);
}

gboolean dj_jobs_are_free(DjJobs *jobs, GError **error)
{
    g_mutex_lock(&jobs->mutex);
    gboolean ok = check_free(jobs, error);
    g_mutex_unlock(&jobs->mutex);
    return ok;
}

static gboolean start_locked(DjJobs *jobs, guint number, const DjJobOrder *order, GError **error)
{
    if (!check_free(jobs, error))
        return FALSE;
    now_clear(jobs); /* its thread has ended, or is about to */
    g_autofree char *folder = folder_of(jobs, number);
    json_t *record = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "kind", order->kind, "title", order->title,
                               "about", order->about, "who", order->who, "audience", order->audience, "started",
                               order->moment, "state", dj_job_state_name(DJ_JOB_RUNNING));
    g_assert(record != NULL); /* every word of an order is given, and is UTF-8 */
    gboolean ok = write_record(folder, record, error) && g_unix_open_pipe(jobs->wake, FD_CLOEXEC, error);
    json_decref(record);
    if (!ok)
        return FALSE;
    g_unix_set_fd_nonblocking(jobs->wake[0], TRUE, NULL);
    g_unix_set_fd_nonblocking(jobs->wake[1], TRUE, NULL);
    jobs->now = (Running){.number = number,
                          .running = TRUE,
                          .title = g_strdup(order->title),
                          .who = g_strdup(order->who),
                          .words = g_strdupv((char **)order->words)};
    jobs->now.thread = g_thread_new("job", attend, jobs);
    return TRUE;
}

gboolean dj_jobs_start(DjJobs *jobs, guint number, const DjJobOrder *order, GError **error)
{
    g_mutex_lock(&jobs->mutex);
    gboolean ok = start_locked(jobs, number, order, error);
    g_mutex_unlock(&jobs->mutex);
    if (!ok)
        dj_jobs_discard(jobs, number);
    return ok;
}

gboolean dj_jobs_cancel(DjJobs *jobs, guint number)
{
    g_mutex_lock(&jobs->mutex);
    gboolean runs = jobs->now.running && jobs->now.number == number;
    if (runs) {
        jobs->now.cancelled = TRUE;
        wake(jobs);
    }
    g_mutex_unlock(&jobs->mutex);
    return runs;
}

/* ---- looking ---- */

static void add_progress(DjJobs *jobs, DjJob *job)
{
    const Running *now = &jobs->now;
    job->percent = -1;
    job->seconds_left = -1;
    g_mutex_lock(&jobs->mutex);
    gboolean runs = now->running && now->number == job->number;
    if (runs) {
        job->phase = g_strdup(now->phase);
        if (now->total > 0)
            job->percent = (int)(MIN(now->done, now->total) * 100 / now->total);
        if (now->done > 0 && now->total > now->done && now->ms >= 1000)
            job->seconds_left = (gint64)((double)now->ms / 1000 * (double)(now->total - now->done) / (double)now->done);
    }
    g_mutex_unlock(&jobs->mutex);
    if (runs) { /* until the next one may start, whatever its record says already */
        job->state = DJ_JOB_RUNNING;
        g_clear_pointer(&job->ended, g_free);
    } else if (job->state == DJ_JOB_RUNNING)
        job->state = DJ_JOB_INTERRUPTED; /* by the end of an earlier server */
}

static DjJob *look(DjJobs *jobs, guint number)
{
    g_autofree char *folder = folder_of(jobs, number);
    json_t *record = read_record(folder);
    if (!record)
        return NULL;
    g_autofree char *state = text_of(record, "state");
    DjJob *job = g_new0(DjJob, 1);
    *job = (DjJob){.number = number,
                   .kind = text_of(record, "kind"),
                   .title = text_of(record, "title"),
                   .about = text_of(record, "about"),
                   .who = text_of(record, "who"),
                   .audience = text_of(record, "audience"),
                   .started = text_of(record, "started"),
                   .ended = json_object_get(record, "ended") ? text_of(record, "ended") : NULL,
                   .state = state_parse(state),
                   .folder = g_steal_pointer(&folder)};
    json_decref(record);
    return job;
}

DjJob *dj_jobs_get(DjJobs *jobs, guint number)
{
    DjJob *job = look(jobs, number);
    if (!job)
        return NULL;
    add_progress(jobs, job);
    if (job->state == DJ_JOB_INTERRUPTED && !job->ended) { /* or it ended between the two looks */
        DjJob *again = look(jobs, number);
        if (again && again->ended) {
            dj_job_free(job);
            again->percent = -1;
            again->seconds_left = -1;
            return again;
        }
        dj_job_free(again);
    }
    return job;
}

GPtrArray *dj_jobs_list(DjJobs *jobs, guint most)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)dj_job_free);
    g_autoptr(GArray) all = numbers(jobs);
    for (guint i = 0; i < all->len && list->len < most; i++) {
        DjJob *job = dj_jobs_get(jobs, g_array_index(all, guint, i));
        if (job)
            g_ptr_array_add(list, job);
    }
    return list;
}
