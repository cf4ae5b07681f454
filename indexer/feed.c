/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/feed.h"
#include <pthread.h>

typedef struct {
    guint32 number, length[2];
    gsize first, n_terms;
} Document;

typedef struct {
    GArray *documents; /* Document */
    GArray *terms;     /* DjIndexTerm; bytes is an offset until the batch is handed over */
    GString *bytes;
    GError *error;
} Batch;

struct DjFeed {
    DjIndexWriter *writer;
    guint size;
    Batch batch[2]; /* one is filled, the other written */
    int filling;
    gboolean writing; /* the thread runs on the other batch */
    pthread_t thread;
};

typedef struct {
    DjIndexWriter *writer;
    Batch *batch;
} Job;

DjFeed *dj_feed_new(DjIndexWriter *writer, guint batch)
{
    DjFeed *feed = g_new0(DjFeed, 1);
    feed->writer = writer;
    feed->size = MAX(batch, 1);
    for (int i = 0; i < 2; i++) {
        feed->batch[i].documents = g_array_new(FALSE, FALSE, sizeof(Document));
        feed->batch[i].terms = g_array_sized_new(FALSE, FALSE, sizeof(DjIndexTerm), 64);
        feed->batch[i].bytes = g_string_new(NULL);
    }
    return feed;
}

static void *write_batch(void *data)
{
    g_autofree Job *job = data;
    Batch *batch = job->batch;
    for (guint i = 0; i < batch->terms->len; i++) {
        DjIndexTerm *term = &g_array_index(batch->terms, DjIndexTerm, i);
        term->bytes = batch->bytes->str + GPOINTER_TO_SIZE(term->bytes);
    }
    for (guint i = 0; i < batch->documents->len && !batch->error; i++) {
        const Document *document = &g_array_index(batch->documents, Document, i);
        dj_index_writer_add(job->writer, document->number,
                            (const DjIndexTerm *)(gpointer)batch->terms->data + document->first, document->n_terms,
                            document->length, &batch->error);
    }
    return NULL;
}

/* Waits for the batch that is being written and empties it. */
static gboolean wait_for_writer(DjFeed *feed, GError **error)
{
    Batch *batch = &feed->batch[1 - feed->filling];
    if (feed->writing)
        pthread_join(feed->thread, NULL);
    feed->writing = FALSE;
    g_array_set_size(batch->documents, 0);
    g_array_set_size(batch->terms, 0);
    g_string_truncate(batch->bytes, 0);
    if (!batch->error)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&batch->error));
    return FALSE;
}

static gboolean hand_over(DjFeed *feed, GError **error)
{
    if (!wait_for_writer(feed, error))
        return FALSE;
    Job *job = g_new(Job, 1);
    *job = (Job){feed->writer, &feed->batch[feed->filling]};
    feed->filling = 1 - feed->filling;
    feed->writing = pthread_create(&feed->thread, NULL, write_batch, job) == 0;
    if (!feed->writing) /* no thread to be had: the same work here */
        write_batch(job);
    return TRUE;
}

gboolean dj_feed_add(DjFeed *feed, guint32 number, const DjIndexTerm *terms, gsize n_terms, const guint32 length[2],
                     GError **error)
{
    Batch *batch = &feed->batch[feed->filling];
    Document document = {number, {length[0], length[1]}, batch->terms->len, n_terms};
    for (gsize i = 0; i < n_terms; i++) {
        DjIndexTerm term = {GSIZE_TO_POINTER(batch->bytes->len), terms[i].length, terms[i].wdf};
        g_string_append_len(batch->bytes, terms[i].bytes, terms[i].length);
        g_array_append_val(batch->terms, term);
    }
    g_array_append_val(batch->documents, document);
    return batch->documents->len < feed->size || hand_over(feed, error);
}

gboolean dj_feed_finish(DjFeed *feed, GError **error)
{
    return hand_over(feed, error) && wait_for_writer(feed, error);
}

void dj_feed_free(DjFeed *feed)
{
    if (!feed)
        return;
    wait_for_writer(feed, NULL);
    for (int i = 0; i < 2; i++) {
        g_array_unref(feed->batch[i].documents);
        g_array_unref(feed->batch[i].terms);
        g_string_free(feed->batch[i].bytes, TRUE);
    }
    g_free(feed);
}
