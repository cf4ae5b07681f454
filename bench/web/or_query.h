/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peer of bench_query: Xapian's own OR query with its own weights over the index of a generation. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef struct OrIndex OrIndex;
/* NULL with a message on standard error. */
OrIndex *or_index_open(const char *folder);
void or_index_free(OrIndex *index);
/* Ranks by the OR of the terms (each in every field) and reads the best `top`. Returns how many came, -1 on error. */
int or_index_ask(OrIndex *index, const char *const *terms, gsize n_terms, guint top);

G_END_DECLS
