/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean …?": the nearest of some known words. Pure function, safe from any thread. */
#pragma once
#include <glib.h>

/* The first of the NULL-terminated known words with the smallest edit distance to word, in characters, if that is at
 * most 2 and less than the word is long; else NULL. Chinese words are short and each of their characters says much: of
 * them one character in three may differ. */
const char *dj_suggest(const char *word, const char *const *known);
