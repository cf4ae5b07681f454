/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The official form 企业知识产权布局规划表 (notice of the Hubei 经信厅 and 知识产权局 on 知识产权赋能专精特新): a sheet
 * that is filled in, not a table. One form is one enterprise and up to seven needs; the kinds of need and where each
 * goes are told by rules, which config reads from mapping/needs.yaml. Cells are found by their labels, wherever they
 * stand, because every office moves them. */
#pragma once
#include <glib.h>

typedef struct {
    char *name;   /* 产学研用合作 */
    char *route;  /* where needs of this kind go; NULL: technical, to be matched */
    char **words; /* NULL: all go there; else only those that say one of these words, the others are technical */
} DjFormKind;

typedef struct {
    char *title;      /* by which a form is recognised */
    GPtrArray *kinds; /* of DjFormKind * */
} DjFormRules;
DjFormRules *dj_form_rules_new(const char *title);
void dj_form_rules_add(DjFormRules *rules, const char *name, const char *route, char **words);
void dj_form_rules_free(DjFormRules *rules);

/* Titles and cells of the two tables that a form stands for. An absent cell is "". */
#define DJ_FORM_ENTERPRISE_COLUMNS 12
#define DJ_FORM_NEED_COLUMNS       9
extern const char *const dj_form_enterprise_titles[DJ_FORM_ENTERPRISE_COLUMNS];
extern const char *const dj_form_need_titles[DJ_FORM_NEED_COLUMNS];

typedef struct {
    char *enterprise[DJ_FORM_ENTERPRISE_COLUMNS];
    GPtrArray *needs; /* of DjFormNeed * */
} DjForm;
typedef struct {
    gint64 row; /* of the sheet */
    char *cells[DJ_FORM_NEED_COLUMNS];
} DjFormNeed;

/* rows: GPtrArray of GPtrArray of char *. */
gboolean dj_form_is(const DjFormRules *rules, const GPtrArray *rows);
/* numbers: of gint64, the number of each row. */
DjForm *dj_form_read(const DjFormRules *rules, const GPtrArray *rows, const GArray *numbers);
void dj_form_free(DjForm *form);
