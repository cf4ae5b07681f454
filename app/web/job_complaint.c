/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/job_complaint.h"

#include "app/web/event_complaint.h"
#include "app/web/said.h"
#include <string.h>

#define PROGRAM "duijie "
#define IMPORT  "import " /* FILE: in front of what is wrong with it */

#define SAVE_AGAIN "请打开看看是否完好，另存一份再传"
#define TELL_ADMIN "请告诉管理员"
#define NO_HARM    "；已经存好的不受影响"
#define NO_MEMORY  "内存不够，" TELL_ADMIN NO_HARM
#define DISK_FULL  "磁盘满了，" TELL_ADMIN NO_HARM

/* The first that fits decides. */
static const DjSaid ours[] = {
    /* what comes before what */
    {"there is nothing to learn from: *", "还没有资料可学：请先导入专利和需求"},
    {"there is nothing to index: *", "还没有专利：请先导入专利，再建立索引"},
    {"there is no index yet: *", "还没有索引：导入专利以后，先做“建立索引”"},
    {"there is no model yet: *", "还没有索引：导入专利以后，先做“建立索引”"},
    {"the taxonomy in force is *, the index was built with *: *", "产业链的划分改过了：请先做“建立索引”"},
    {"* is busy: * is at work; try again when it is done", "工作区正忙：$2 在工作，等它完成再做"},
    /* files that are imported */
    {"empty file", "文件是空的"},
    {"an old .xls or .doc file; *", "这是旧格式（.xls、.doc）的文件：请用 Excel 或 WPS 打开，另存为 .xlsx，再上传"},
    {"not a readable ZIP or XLSX file: *", "打不开，不是完整的 XLSX 或 ZIP 文件：" SAVE_AGAIN},
    {"not a complete XLSX file", "不是完整的 XLSX 文件：" SAVE_AGAIN},
    {"no column of * is known; the columns are *; choose a layout with --mapping*",
     "没有一列的名称是认得的。请看是不是选错了“文件里是什么”，第一行是不是列名。读到的列名：$2"},
    {"no row with text in it", "表里一行文字也没有"},
    {"no sheet that can be read", "工作簿里没有能读的表：" SAVE_AGAIN},
    {"the form has no 企业名称", "征集表里没有填企业名称"},
    {"a ZIP file in a ZIP file that is no workbook", "ZIP 里面又有 ZIP：请先解开再传"},
    {"no table in it", "ZIP 里没有表格"},
    {"encrypted; send it without a password", "文件加了密码：请去掉密码再传"},
    {"unpacks to more than is allowed", "解开以后太大：请分成几个文件再传"},
    {"too many entries", "ZIP 里的文件太多：请分成几个再传"},
    {"row *: longer than * bytes", "第 $1 行太长（超过 $2 字节），多半是前面少了一个引号"},
    {"row *: * cells, more than *", "第 $1 行有 $2 格，最多 $3 格，多半是前面少了一个引号"},
    {"object *: not closed; the file is cut off", "第 $1 条没有写完，文件可能没有传全"},
    {"object *: the array is not closed; the file is cut off", "第 $1 条以后没有写完，文件可能没有传全"},
    {"object *: longer than * bytes", "第 $1 条太长（超过 $2 字节）"},
    {"object *: more than * different names in the file", "到第 $1 条为止名称太多（超过 $2 个）"},
    {"object *: *", "第 $1 条 JSON 写得不对：$2"},
    {"no such file; nothing was imported", "上传的文件已经不在了：请再上传一次"},
    /* months and events */
    {"was changed after it was made: *", "清单生成以后被改过（$1），不能登记推送：请重新生成这个月的清单"},
    {"there is no plan to publish", "还没有排会，没有可公布的：请先排会"},
    {"there is no plan; * says why",
     "照现在的限制排不出来；排好过的那一版还在。对接会一页的“看为什么”写着卡在谁身上；也可以勾“最低场次凑不满时，"
     "按最少的场次调低”再排"},
    {"the plan is out of date: * and * may not meet: dropped out; plan again",
     "排会以后改过：$1 与 $2 有一方写了不来。请先重排，再公布"},
    {"the plan is out of date: * and * may not meet: not there at that time; plan again",
     "排会以后改过：$1 与 $2 有一方那个时间不在。请先重排，再公布"},
    {"the plan is out of date: * and * may not meet: no participant any more; plan again",
     "排会以后改过：$1 与 $2 有一方不在名单里了。请先重排，再公布"},
    {"the plan is out of date: * and * may not meet: no pair any more; plan again",
     "排会以后改过：配对表里没有 $1 与 $2 了。请先重排，再公布"},
    {"the plan is out of date: * and * may not meet: *; plan again",
     "排会以后改过：$1 与 $2 现在不能见面（$3）。请先重排，再公布"},
    {"no pairing is good enough for an event of *: nothing was drafted",
     "这些产业链里没有可用的配对，没有起草：请换产业链，或先导入资料、建立索引"},
    {"no plan was found; lower a limit and try again (*)", "没有找到排法：请放宽一条限制再排"},
    {"no plan was found in time; allow more with --time-limit (*)", "在限定的时间里没有找到排法：请放宽一条限制再排"},
    {"* exists; choose another --out", "要写的地方已经有东西了：请换一个编号"},
    /* the machine */
    {"*: run `duijie index --rebuild`",
     "索引的文件有损坏，" TELL_ADMIN "运行 duijie index --rebuild；导入的数据不受影响"},
    {"out of memory; what was recorded before stays, nothing is half done", NO_MEMORY},
    {"no memory for *", NO_MEMORY},
    {"row *: no memory for it", NO_MEMORY},
    {"ended by signal *", "被系统中止（信号 $1），" TELL_ADMIN NO_HARM},
};

/* What the system's calls and SQLite say. */
static const DjSaid theirs[] = {
    {"No space left on device*", DISK_FULL},
    {"database or disk is full*", DISK_FULL},
    {"Permission denied*", "没有写文件的权限，" TELL_ADMIN},
    {"Read-only file system*", "磁盘不能写，" TELL_ADMIN},
    {"attempt to write a readonly database*", "工作区不能写，" TELL_ADMIN},
};

const char *dj_job_complaint_said(gsize i)
{
    return i < G_N_ELEMENTS(ours) ? ours[i].said : NULL;
}

static char *words_of(const char *message)
{
    char *words = dj_said(ours, G_N_ELEMENTS(ours), message);
    return words ? words : dj_said(theirs, G_N_ELEMENTS(theirs), message);
}

/* A message has its place in front, "import a.zip: b/c.xls: ", with as many colons as it needs. */
static char *understand(const char *message)
{
    const char *at = message, *colon;
    char *words;
    while (!(words = words_of(at)) && (colon = strstr(at, ": ")))
        at = colon + 2;
    const char *inner = g_str_has_prefix(message, IMPORT) ? strstr(message, ": ") : NULL;
    if (!words || !inner || at <= inner + 2)
        return words;
    g_autofree char *plain = words, *place = g_strndup(inner + 2, (gsize)(at - inner) - 4); /* "b/c.xls" */
    return g_strconcat(place, "：", plain, NULL);
}

/* "/…/events/NAME/EVENT.yaml: line 6, column 8: …", or of a table beside it. */
static char *of_event_file(const char *message)
{
    const char *line = strstr(message, ": line "), *place = line ? line : strstr(message, ": row ");
    if (*message != '/' || !place || !strstr(message, "/events/"))
        return NULL;
    g_autofree char *file = g_strndup(message, (gsize)(place - message)), *folder = g_path_get_dirname(file);
    g_autofree char *path = g_build_filename(folder, "EVENT.yaml", NULL);
    return dj_event_complaint(message, path);
}

char *dj_job_complaint(const char *log)
{
    g_autofree char *text = g_utf8_make_valid(log, -1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    char *words = NULL;
    for (guint i = g_strv_length(lines); i > 0 && !words; i--) {
        const char *line = lines[i - 1], *said = g_str_has_prefix(line, PROGRAM) ? strstr(line, ": ") : NULL;
        if (said || g_str_has_prefix(line, "ended by signal "))
            words = understand(said ? said + 2 : line);
        if (said && !words)
            words = of_event_file(said + 2);
    }
    return words;
}
