/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What jobs about months came to, in Chinese: lines as the commands print them, and the table against their sources. */
#include "app/web/job_verdict.h"
#include "tests/unit/app/said_sources.h"

#include <criterion/criterion.h>
#include <string.h>

#define IS(line, words)                                                                                                \
    do {                                                                                                               \
        g_autofree char *said = dj_job_verdict(line);                                                                  \
        cr_expect(g_strcmp0(said, words) == 0, "%s: %s", line, said ? said : "nothing");                               \
    } while (0)

Test(job_verdict, is_in_chinese)
{
    IS("identical: 162 files of 2026-11", "与重做的逐字节一致：2026-11 的 162 个文件");
    IS("different: diff.csv: line 3, byte 128", "与重做的不一样：diff.csv，从第 3 行起");
    IS("different: diff.csv: line 3, byte 128: the folder's file ends there",
       "与重做的不一样：diff.csv，清单里的到第 3 行就完了");
    IS("different: 企业-9.html: Failed to open file /w/m: No such file", "与重做的不一样：企业-9.html，读不出来");
    IS("cannot be run again: it was made by duijie 0.1.0, this is 0.2.0",
       "在这里不能重做：它是 0.1.0 版做的，现在是 0.2.0 版");
    IS("cannot be run again: something new: with colons", "在这里不能重做：缺少当时的资料、设置或模型，详见记录");
    IS("129 recommendations recorded as pushed", "登记了 129 条推荐");
    IS("0 recommendations recorded as pushed, 129 were recorded before", "登记了 0 条推荐；另有 129 条以前已经登记过");
    IS("score: 3 in 0.1 s", NULL);
    IS("", NULL);
}

Test(job_verdict, every_message_it_knows_is_said_somewhere)
{
    g_autoptr(GString) all = g_string_new(NULL);
    static const char *const files[] = {"cmd_verify.c", "cmd_monthly.c"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(DJ_SOURCE_DIR, "app", files[i], NULL), *text = NULL;
        cr_assert(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
        g_string_append(all, text);
    }
    said_expect_in(all->str, dj_job_verdict_said, "*:,", 10);
}
