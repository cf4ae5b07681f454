/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server over a small workspace of made-up records, and a plain HTTP client. Every text
 * field of a patent, a need and an enterprise holds a word that stands nowhere else: "canary", the letter of its class,
 * its table and number. */
#pragma once
#include "app/web/server.h"

#include <jansson.h>

typedef struct {
    DjApp app;
    char *folder;
    DjWeb *web;
    GString *log;
    GMutex log_mutex;
    char *token[DJ_N_ROLES]; /* one user of each role; the enterprise's owns SITE_OTHER_NEED */
} Site;

#define SITE_NEED       "N-CANARY"
#define SITE_OTHER_NEED "N-OTHER"
#define SITE_PATENT     "S-CANARY"

/* What jobs run: duijie, unless a test sets it before the start. */
extern const char *site_program;
/* FALSE, unless a test sets it before the start. */
extern gboolean site_behind_proxy;
/* 900, unless a test sets it before the start. */
extern gint64 site_upload_seconds;

/* per_minute 0: no limit. */
void site_start(Site *site, guint per_minute, gint64 request_seconds);
/* Over the records of datasets/sample: without canaries, as many and as long as real ones. */
void site_start_sample(Site *site);
#define SITE_SAMPLE_ENTERPRISE "91990101912000492K" /* of the enterprise's user there */
void site_stop(Site *site);
/* Adds a line to the log; for the options of a further server. user: the site. */
void site_keep_log(const char *line, gpointer user);
/* Builds the next generation in a process of the same kind as an operator's. */
void site_index(Site *site);
/* Plants words in the records of the enterprise's user too: "owned" in place of "canary". */
void site_plant_owned(Site *site);
/* Another batch with one patent. */
void site_add_patent(Site *site, const char *key, const char *title);

/* Makes the month's lists for an audience into the folder where the server finds them. */
void site_month(Site *site, const char *month, const char *audience);

typedef struct {
    int status;
    char *head; /* with the status line */
    char *body; /* ends in a 0 that is not part of it */
    gsize length;
} Reply;
void reply_clear(Reply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reply, reply_clear)

#define JSON  "Content-Type: application/json\r\n"
#define FORM  "Content-Type: application/x-www-form-urlencoded\r\n"
#define PARTS "Content-Type: multipart/form-data; boundary=XX\r\n"

/* The body of a form (PARTS) with one field, "kind", and one file. Free it. */
char *site_upload(const char *kind, const char *name, const char *content);
/* headers: further lines, each ending in \r\n, or NULL. body: NULL for none. */
Reply site_ask(const Site *site, const char *method, const char *path, const char *headers, const char *body);
/* With the token of a role. */
Reply site_ask_as(const Site *site, DjRole role, const char *method, const char *path, const char *headers,
                  const char *body);
/* Sends bytes as they are; the reply is what comes until the server closes. */
Reply site_send(const Site *site, const char *bytes);
/* The same to any port of this machine. */
Reply port_send(guint16 port, const char *bytes);
/* Value of a header, to be freed; NULL when it is not there. */
char *reply_header(const Reply *reply, const char *name);
json_t *reply_json(const Reply *reply);

/* Number of the generation that the server answers from. */
int site_generation(const Site *site);
/* Waits until it is that one, for at most 20 seconds. */
void site_wait_generation(const Site *site, int number);

/* Asks for a job until it has ended; its state, to be freed. The server answers at once, so each answer is a look. */
char *site_job_end(const Site *site, guint number);
/* Sends a form that starts a job, which must be the one of this number and be done in the end. */
void site_job(const Site *site, DjRole role, const char *path, const char *form, guint number);
/* Entries of a folder in the workspace; 0 when there is none. */
guint site_count_files(const Site *site, const char *folder);
