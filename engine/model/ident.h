/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Identifiers and dates: reading, checking, canonical form. Pure functions, safe from any thread.
 * Functions named normalise return a new string, or NULL with an error message that says how to mend the cell (Chinese,
 * for the reject list). Full-width characters, spaces and the usual prefixes are understood. */
#pragma once
#include <glib.h>

typedef enum {
    DJ_IDENT_ERROR_FORM, /* not of the form at all */
    DJ_IDENT_ERROR_CHECK /* right form, wrong check digit */
} DjIdentError;
#define DJ_IDENT_ERROR (dj_ident_error_quark())
GQuark dj_ident_error_quark(void);

/* Chinese patent or application number (国家知识产权局 ZC 0006-2003《专利申请号标准》): year (4), kind (1), serial (7),
 * '.', check digit = sum of digit_i * weight_i mod 11 with weights 2..9,2,3,4,5, written X for 10.
 * Accepts ZL, CN, dots, spaces, full width, and the 8 + 1 digit form used before October 2003.
 * Canonical: "ZL202010000001.X" (old form "ZL85100001.4"). */
char *dj_patent_number_normalise(const char *text, GError **error);
/* Check digit of the 12 or 8 leading digits: '0'..'9' or 'X'. */
char dj_patent_number_check_digit(const char *digits);
/* "invention", "utility_model", "design" from the kind digit of a canonical number, NULL if it is none of them. */
const char *dj_patent_number_kind(const char *canonical);
/* 发明, 实用新型, 外观设计, 科技成果 of a canonical kind; "" for NULL or any other text. */
const char *dj_patent_kind_label(const char *kind);

/* Unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters of 0-9 A-H J-N P-R T-U W-Y,
 * check character = 31 - (sum of value_i * 3^i mod 31), 31 counted as 0. */
char *dj_credit_code_normalise(const char *text, GError **error);
char dj_credit_code_check_char(const char *first17); /* 0 when a character is not of the alphabet */

/* IPC symbol, compared as parsed parts, never as text (G01S1 is not G01S13). */
typedef struct {
    char subclass[5]; /* "C04B"; "C04" or "C" where only class or section is given */
    int group;        /* main group, -1 = not given */
    int subgroup;     /* digits after '/' as a decimal fraction of 1,000,000: 581000 in C04B35/581, 52000 in H01M10/052,
                         520000 in H01M10/52; 0 = 00, the main group itself; -1 = not given */
} DjIpc;
gboolean dj_ipc_parse(const char *text, DjIpc *out);
/* "C04B35/581", "C04B35", "C04B"; 00 subgroup is kept. */
char *dj_ipc_format(const DjIpc *ipc);
/* TRUE when `wide` (such as C04B35) contains `narrow` (C04B35/581). */
gboolean dj_ipc_contains(const DjIpc *wide, const DjIpc *narrow);

/* Days since 1970-01-01 (proleptic Gregorian). */
gboolean dj_day_parse(const char *iso, int *day); /* YYYY-MM-DD, YYYY-MM, YYYY */
int dj_day_from_ymd(int year, int month, int day);
void dj_day_to_ymd(int days, int *year, int *month, int *day);
char *dj_day_format(int days);             /* YYYY-MM-DD */
int dj_day_add_years(int days, int years); /* 29 February goes to 28 */

/* Name of an organisation folded for comparison: NFKC, lower case, no spaces, brackets unified,
 * 有限责任公司 = 有限公司. The shown name never changes. */
char *dj_org_name_fold(const char *name);
/* The university (华中科技大学, 中国地质大学(武汉)) of a folded name that is one of its departments: what follows it
 * ends as departments do (学院, 系, 所, 中心, 实验室). NULL for any other name. Free it. */
char *dj_org_institution(const char *folded);
