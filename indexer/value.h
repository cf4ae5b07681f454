/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cell as somebody typed it -> the canonical value of its field (DjFieldType). Pure functions over constant word
 * lists, safe from any thread. */
#pragma once
#include "engine/model/field.h"
#include "indexer/glossary.h"

/* What people write instead of a value. Texts are folded with dj_value_fold; filled by config from a file. */
typedef struct {
    GHashTable *empty;       /* 无, /, 暂无 …: the cell is empty */
    GHashTable *by_type[16]; /* DjFieldType -> (text -> canonical value), NULL where there are none */
    GHashTable *whole;       /* names of LIST fields whose items may hold commas, such as industry */
    DjGlossary *glossary;    /* words of single fields; it belongs to the words */
} DjWords;
DjWords *dj_words_new(void);
void dj_words_free(DjWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjWords, dj_words_free)
/* word is folded here. */
void dj_words_add(DjWords *words, DjFieldType type, const char *word, const char *canonical);
void dj_words_add_empty(DjWords *words, const char *word);

typedef enum {
    DJ_VALUE_OK,    /* out holds the canonical value */
    DJ_VALUE_EMPTY, /* nothing was given */
    DJ_VALUE_ERASE, /* 清空: remove what is stored */
    DJ_VALUE_KEPT,  /* not understood; out holds the trimmed text, why says what to write instead */
    DJ_VALUE_BAD    /* an identifier that is wrong: the row must not be taken; why says how to mend it */
} DjValueResult;

/* Counted up with every change of what some cell means, or of what becomes of its row (value*.c, row.c, accept.c, the
 * tables of engine/model that they use): rows are recognised by a hash with this number in it, and those of before must
 * be understood again. A test holds the number to what a sample of cells gives. */
#define DJ_VALUE_VERSION 3

/* What a person types to remove a stored value; an empty cell leaves it as it is. */
#define DJ_VALUE_ERASE_WORD "清空"

/* text need not be trimmed; is_list: items are joined by '\n' already. unit: from the column title, such as 万元, or
 * NULL. out is overwritten. *why (Chinese) is set for KEPT and BAD; free it. */
DjValueResult dj_value_read(const DjWords *words, const DjField *field, const char *text, gsize length,
                            gboolean is_list, const char *unit, GString *out, char **why);

/* NFKC, lower case, no white space: how words and titles are compared. */
char *dj_value_fold(const char *text);

/* The parts of it that other files share. out is appended to; FALSE when the text is not one. */
gboolean dj_value_read_date(const char *text, GString *out);
/* Decimal with its unit: 1,200.50万元. power gets the power of ten that the unit stands for; currency: units of money
 * are understood. */
gboolean dj_value_read_amount(const char *folded, const char *unit, gboolean money, GString *out);
gboolean dj_value_read_percent(const char *folded, GString *out);
/* 0 to 9 of an ideograph, also as it is written on cheques (叁); -1 = none. */
int dj_value_han_digit(gunichar c);
