/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field table: what a patent, a need and an enterprise consist of, and who may see which part.
 * Source of the fields: the notices and the official form, see fields.def. Constant data, safe from any thread. */
#pragma once
#include <glib.h>

/* Record tables. Patents and achievements (科技成果, supply without a patent number) share one. */
typedef enum {
    DJ_TABLE_PATENT,
    DJ_TABLE_NEED,       /* 技术需求 */
    DJ_TABLE_ENTERPRISE, /* 企业 */
    DJ_TABLE_TEXT,       /* training text, never matched or shown */
    DJ_N_TABLES
} DjTable;

/* Canonical form in which a value is kept (always UTF-8 text, never empty: an absent value is NULL). */
typedef enum {
    DJ_TYPE_TEXT,          /* free text, trimmed */
    DJ_TYPE_LIST,          /* items joined by '\n', none empty */
    DJ_TYPE_DATE,          /* YYYY-MM-DD; a month is kept as YYYY-MM, a year as YYYY */
    DJ_TYPE_NUMBER,        /* decimal, '.' as point, no exponent */
    DJ_TYPE_MONEY,         /* yuan, decimal; 0 is free of charge; "negotiable" for 面议 */
    DJ_TYPE_PERCENT,       /* per cent, decimal: 3.5 means 3.5 % */
    DJ_TYPE_BOOL,          /* "yes" or "no" */
    DJ_TYPE_IPC,           /* canonical symbols joined by '\n', see ident.h */
    DJ_TYPE_PATENT_NUMBER, /* canonical number, see ident.h */
    DJ_TYPE_CREDIT_CODE,   /* 18 characters, upper case, see ident.h */
    DJ_TYPE_PATENT_KIND,   /* invention, utility_model, design, achievement */
    DJ_TYPE_MATURITY       /* technology readiness level, "1" to "9" */
} DjFieldType;

/* Privacy class (features E): each class includes the narrower audiences. */
typedef enum { DJ_PUBLIC, DJ_PARTICIPANT, DJ_ORGANISER, DJ_CONFIDENTIAL } DjPrivacy;

/* Audience of an output and the widest class that it sees. */
typedef enum {
    DJ_AUDIENCE_PUBLIC,      /* P */
    DJ_AUDIENCE_PARTICIPANT, /* P T */
    DJ_AUDIENCE_OWNER,       /* P T, and C of the owner's own records: see engine/report/projection.h */
    DJ_AUDIENCE_ORGANISER,   /* P T O */
    DJ_AUDIENCE_CENTRE       /* P T O C, each access logged */
} DjAudience;

typedef struct {
    DjTable table;
    int index; /* position in its table */
    const char *name, *label, *help;
    DjFieldType type;
    DjPrivacy privacy;
} DjField;

/* One constant per field: DJ_PATENT_TITLE is the position of `title` in the patent table. */
enum {
#define DJ_PATENT_FIELD(ENUM, name, type, privacy, label, help) DJ_PATENT_##ENUM,
#include "engine/model/fields.def"
    DJ_PATENT_N_FIELDS
};
enum {
#define DJ_NEED_FIELD(ENUM, name, type, privacy, label, help) DJ_NEED_##ENUM,
#include "engine/model/fields.def"
    DJ_NEED_N_FIELDS
};
enum {
#define DJ_ENTERPRISE_FIELD(ENUM, name, type, privacy, label, help) DJ_ENTERPRISE_##ENUM,
#include "engine/model/fields.def"
    DJ_ENTERPRISE_N_FIELDS
};
enum {
#define DJ_TEXT_FIELD(ENUM, name, type, privacy, label, help) DJ_TEXT_##ENUM,
#include "engine/model/fields.def"
    DJ_TEXT_N_FIELDS
};

/* Number of fields of a table; field i of a table (i in range). */
int dj_field_count(DjTable table);
const DjField *dj_field_at(DjTable table, int index);
/* By name or by Chinese label; NULL where there is none. */
const DjField *dj_field_find(DjTable table, const char *name_or_label);

const char *dj_table_name(DjTable table);                /* "patents", "needs", "enterprises", "texts" */
gboolean dj_table_parse(const char *name, DjTable *out); /* singular or plural */

const char *dj_privacy_letter(DjPrivacy privacy);   /* "P" "T" "O" "C" */
const char *dj_audience_name(DjAudience audience);  /* "public" … */
const char *dj_audience_label(DjAudience audience); /* 公开 … */
gboolean dj_audience_parse(const char *name, DjAudience *out);
gboolean dj_audience_sees(DjAudience audience, DjPrivacy privacy);
