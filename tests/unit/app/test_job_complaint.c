/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a job failed, in Chinese: texts as commands print them, and the table against the sources of its messages. */
#include "app/web/job_complaint.h"
#include "tests/unit/app/said_sources.h"

#include <criterion/criterion.h>
#include <string.h>

#define BEGINS(log, words)                                                                                             \
    do {                                                                                                               \
        g_autofree char *said = dj_job_complaint(log);                                                                 \
        cr_expect(said &&g_str_has_prefix(said, words), "%s: %s", log, said ? said : "nothing");                       \
    } while (0)

Test(job_complaint, says_what_went_wrong_and_in_which_file)
{
    BEGINS("read: 3 in 0.0 s\nduijie import: import a.xls: an old .xls or .doc file; save it as .xlsx or CSV\n",
           "这是旧格式（.xls、.doc）的文件");
    BEGINS("duijie import: import a.zip: 新/b: c.xls: an old .xls or .doc file; save it as .xlsx or CSV\n",
           "新/b: c.xls：这是旧格式");
    BEGINS("duijie import: import b.xlsx: xl/worksheets/sheet1.xml: encrypted; send it without a password\n",
           "xl/worksheets/sheet1.xml：文件加了密码");
    BEGINS("duijie import: import n.csv: no column of needs is known; the columns are 甲, 乙; choose a layout with "
           "--mapping, or a sheet with --sheet: 一, 二\n",
           "没有一列的名称是认得的");
    BEGINS("duijie import: import n.csv: row 7: 9000 cells, more than 4096\n", "第 7 行有 9000 格");
    BEGINS("duijie match: there is no index yet: import patents, then run `duijie index`\n", "还没有索引");
    BEGINS("duijie index: /w is busy: 12 (duijie import) is at work; try again when it is done\n",
           "工作区正忙：12 (duijie import) 在工作");
    BEGINS("duijie monthly: publish /w/m: was changed after it was made: index.html\n",
           "清单生成以后被改过（index.html）");
    BEGINS("duijie index: sync /w/generations/4/terms: No space left on device\n", "磁盘满了");
    BEGINS("duijie import: out of memory; what was recorded before stays, nothing is half done\n", "内存不够");
    BEGINS("score: 3 in 0.1 s\nended by signal 9\n", "被系统中止（信号 9）");
}

Test(job_complaint, is_silent_about_what_it_does_not_know)
{
    static const char *const logs[] = {"",
                                       "\n\n",
                                       "duijie",
                                       "duijie import",
                                       "duijie import: ",
                                       "duijie import: : : ",
                                       "duijie import: something new: with colons: in it",
                                       "empty file",
                                       "\xff\xfe duijie \xff: empty file",
                                       "note: No space left on device"};
    for (gsize i = 0; i < G_N_ELEMENTS(logs); i++) {
        g_autofree char *said = dj_job_complaint(logs[i]);
        cr_expect_null(said, "%s: %s", logs[i], said);
    }
}

/* All C of a folder. */
static void read_sources(GString *all, const char *folder)
{
    g_autofree char *path = g_build_filename(DJ_SOURCE_DIR, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    cr_assert_not_null(dir, "%s", path);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(path, name, NULL), *text = NULL;
        if (g_str_has_suffix(name, ".c") && g_file_get_contents(file, &text, NULL, NULL))
            g_string_append(all, text);
    }
}

Test(job_complaint, every_message_it_knows_is_said_somewhere)
{
    static const char *const folders[] = {"app", "indexer", "engine/store", "engine/search", "engine/semantic"};
    /* not app/web: the table stands there */
    g_autoptr(GString) all = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
        read_sources(all, folders[i]);
    g_autofree char *job = g_build_filename(DJ_SOURCE_DIR, "app", "web", "job.c", NULL), *text = NULL;
    cr_assert(g_file_get_contents(job, &text, NULL, NULL));
    g_string_append(all, text);
    said_expect_in(all->str, dj_job_complaint_said, "*:;", 30);
}
