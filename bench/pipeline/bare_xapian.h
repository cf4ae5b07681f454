/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peer of the index phase: Xapian alone, given documents that are ready in memory. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef struct BareDocuments BareDocuments;

/* Reads terms, frequencies and values of all documents of an index back into memory. NULL: message on stderr. */
BareDocuments *bare_documents_load(const char *index_folder);
void bare_documents_free(BareDocuments *documents);
guint32 bare_documents_count(const BareDocuments *documents);
guint64 bare_documents_postings(const BareDocuments *documents);

/* Adds them to a new index in folder (which must not exist) and commits once at the end; `flush` documents between
 * Xapian's own flushes, its default where 0. Syncs to disk as Xapian does by default. FALSE: message on stderr. */
gboolean bare_documents_index(const BareDocuments *documents, const char *folder, guint flush);

G_END_DECLS
