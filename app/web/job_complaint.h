/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a job came to nothing, for who started it on a page: what its log ends with, in Chinese, and what to do. */
#pragma once
#include <glib.h>

/* log: what the command printed. "duijie import: import a.xls: an old .xls or .doc file; …" becomes
 * "这是旧格式（.xls、.doc）的文件…"; the file inside of a ZIP is named. NULL when nothing in it is known. Free it. */
char *dj_job_complaint(const char *log);
/* What it knows of our own messages, "*" for what differs; NULL beyond the last. For tests. */
const char *dj_job_complaint_said(gsize i);
