/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/job_verdict.h"

#include "app/web/said.h"

#define SAME   "与重做的逐字节一致："
#define OTHER  "与重做的不一样："
#define CANNOT "在这里不能重做："

/* The first that fits decides. */
static const DjSaid verdicts[] = {
    {"identical: * files of *", SAME "$2 的 $1 个文件"},
    {"different: *: line *, byte *: the folder's file ends there", OTHER "$1，清单里的到第 $2 行就完了"},
    {"different: *: line *, byte *: the file made again ends there", OTHER "$1，重做的到第 $2 行就完了"},
    {"different: *: line *, byte *", OTHER "$1，从第 $2 行起"},
    {"different: *: the folder's manifest does not name it", OTHER "$1，重做有这个文件，清单里没有"},
    {"different: *: *", OTHER "$1，读不出来"},
    {"cannot be run again: it was made by duijie *, this is *", CANNOT "它是 $1 版做的，现在是 $2 版"},
    {"cannot be run again: it was made by another build of duijie *",
     CANNOT "它是另一次编译的程序做的，现在的程序做出来的不一样，这不说明清单被改过"},
    {"cannot be run again: model *", CANNOT "当时的模型不在这个工作区里"},
    {"cannot be run again: it holds facts to batch *, the workspace ends at *",
     CANNOT "它用到第 $1 批资料，工作区只有 $2 批"},
    {"cannot be run again: it knows decisions to number *, the workspace ends at *",
     CANNOT "它用到第 $1 号决定，工作区只到第 $2 号"},
    {"cannot be run again: * is not the manifest of a month", CANNOT "$1 不是月度清单的目录文件"},
    {"cannot be run again: *", CANNOT "缺少当时的资料、设置或模型，详见记录"},
    {"* recommendations recorded as pushed, * were recorded before", "登记了 $1 条推荐；另有 $2 条以前已经登记过"},
    {"* recommendations recorded as pushed", "登记了 $1 条推荐"},
};

char *dj_job_verdict(const char *line)
{
    return dj_said(verdicts, G_N_ELEMENTS(verdicts), line);
}

const char *dj_job_verdict_said(gsize i)
{
    return i < G_N_ELEMENTS(verdicts) ? verdicts[i].said : NULL;
}
