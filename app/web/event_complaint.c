/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/event_complaint.h"

#include "app/web/said.h"
#include <stdio.h>
#include <string.h>

/* A test reads the sources of the messages and fails when one of them has no words here. */
static const DjSaid table[] = {
    {"must be a time such as \"18:30\": \"*\"", "时间要写成 \"18:30\" 这样，写的是“$1”"},
    {"must be a time such as 18:30: \"*\"", "时间要写成 18:30 这样，写的是“$1”"},
    {"must be a date such as 2026-05-15", "日期要写成 2026-05-15 这样"},
    {"must be demand, supply, agency, finance or both: \"*\"",
     "要写 demand（企业）、supply（发明人）、agency（服务机构）、finance（金融机构）或 both（双方），写的是“$1”"},
    {"must be city, chain or tier: \"*\"", "要写 city（市州）、chain（产业链）或 tier（梯队），写的是“$1”"},
    {"must be points, counts or best: \"*\"", "要写 points、counts 或 best，写的是“$1”"},
    {"must be true or false: \"*\"", "要写 true 或 false，写的是“$1”"},
    {"must be a whole number without quotes: \"*\"", "要写整数，不加引号，写的是“$1”"},
    {"must be a whole number from 0 to *: \"*\"", "要写 0 到 $1 的整数，写的是“$2”"},
    {"must lie between * and *: *", "应在 $1 到 $2 之间，写的是 $3"},
    {"not a whole number: \"*\"", "不是整数：“$1”"},
    {"must be a single value, not a list", "这里只能写一个值，不能写成一串"},
    {"must be a single value, not a map of keys and values", "这里只能写一个值，下面不能再分项"},
    {"must be a list, not *", "这里要写成一串，每项前面加“- ”"},
    {"must be a map of keys and values, not *", "这里要分项来写，每项一个“名称: 值”"},
    {"must be *, not *", "这里要写 $1，写的是 $2"},
    {"the last slot ends after midnight", "最后一轮过了半夜才结束，请减少轮数或提早开始"},
    {"minimum * is above maximum *", "最少 $1 比最多 $2 还多"},
    {"minimum is above maximum", "最少比最多还多"},
    {"no slot begins at *", "没有一轮从 $1 开始"},
    {"participant \"*\" occurs twice", "参会者“$1”写了两次"},
    {"no participant \"*\"; who dropped out stays in the list and is named under dropouts",
     "没有编号为“$1”的参会者；临时不来的人不要从名单删去，写进 dropouts"},
    {"* is among the dropouts", "$1 写在 dropouts（不来的人）里，不能又是必见"},
    {"is by *, but floors[*] of the same side is by *, and a participant can fall under both, so the limits cross; "
     "keep "
     "floors by one property per side",
     "这条下限按 $1 分，同一方另有一条按 $3 分，一个人会同时算进两边；一方的下限只能按一种属性分"},
    {"value \"*\" has a floor already: floors[*]", "“$1”已经有一条下限"},
    {"* of team \"*\" does not answer, so no cap applies", "团队“$2”的 $1 是提需求的一方，上限管不到"},
    {"* (*) and * (*) of team \"*\" fall under different floors, so the limits cross; drop the cap or the floor",
     "团队“$5”的 $1 和 $3 分属不同的下限，两种限制交叉；去掉团队上限或那条下限"},
    {"no participant \"*\"", "没有编号为“$1”的参会者"},
    {"no participant of this side has * \"*\"", "这一方没有谁的 $1 是“$2”"},
    {"no participant belongs to team \"*\"", "没有谁属于团队“$1”"},
    {"a participant cannot meet itself", "自己不能和自己会面"},
    {"the participant under \"demand\" does not ask (side is neither demand nor both)",
     "demand 那一位不是提需求的一方"},
    {"the participant under \"supply\" does not answer (side is demand)", "supply 那一位是提需求的一方，不能应答"},
    {"the same two participants have a rule already", "这两位已经写过一条规定"},
    {"a floor belongs to one side", "一条下限只能管一方"},
    {"written in a way that can only be changed by hand", "这一处的写法表格改不了，请点“改整份文件”"},
    {"\"*\" is missing", "缺少“$1”"},
    {"the column is missing", "缺这一列"},
    {"the column occurs twice", "这一列有两个"},
    {"unknown column; known are *", "不认识的列；可以用的有 $1"},
    {"unknown key; did you mean \"*\"?", "不认识的名称，是不是“$1”？"},
    {"unknown key; known here: *", "不认识的名称；这里可以用 $1"},
    {"has no value", "没有写值"},
    {"is empty", "空着"},
    {"* cells in a table of * columns", "这一行有 $1 格，表只有 $2 列"},
    {"the file is empty", "文件是空的"},
    {"merge keys (<<) are not supported", "不支持 << 合并"},
    {"anchors and tags are not supported", "不支持 & 和 ! 记号；文字里有这些符号时请加引号"},
    {"aliases (*) are not supported", "不支持 * 引用；文字以 * 开头时请加引号"},
    {"directives (%) are not supported", "不支持以 % 开头的指令；文字以 % 开头时请加引号"},
    {"a second document begins here", "这里又开始了一份文件，请去掉 ---"},
    {"a key must be a plain word or a quoted text", "冒号前面只能是一个名称"},
    {"text holds a NUL character", "文字里有空字符，请删去"},
    {"nested deeper than * levels", "分项套得太深，最多 $1 层"},
    {"more than * values", "写的项太多，最多 $1 项"},
    {"no memory for the YAML parser", "内存不够"},
    {"* bytes, at most * are read", "文件有 $1 字节，最多 $2 字节"},
    {"not valid YAML: *", "格式不对（$1）：请看缩进、冒号后的空格和引号是不是成对"},
    {"key \"*\" occurs twice, first on line *", "名称“$1”写了两次，第一次在第 $2 行"},
};

char *dj_event_complaint_words(const char *message)
{
    return dj_said(table, G_N_ELEMENTS(table), message);
}

/* "slots.count: " before the message; its length, 0 when there is none. */
static gsize field_length(const char *text)
{
    gsize n = strspn(text, "abcdefghijklmnopqrstuvwxyz_.[]0123456789");
    return n > 0 && strncmp(text + n, ": ", 2) == 0 ? n : 0;
}

static void put_words(GString *out, const char *text)
{
    gsize field = field_length(text);
    if (field > 0)
        g_string_append_printf(out, " %.*s", (int)field, text);
    text += field > 0 ? field + 2 : 0;
    g_autofree char *words = dj_event_complaint_words(text);
    g_string_append_printf(out, "：%s", words ? words : text);
}

char *dj_event_complaint(const char *message, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autoptr(GString) text = g_string_new(message);
    GString *out = g_string_new(NULL);
    unsigned line, column;
    int end = 0;
    g_string_replace(text, path, "", 0);
    g_string_replace(text, folder, "", 0);
    const char *at = text->str + (*text->str == '/');
    const char *row = strstr(at, ": row ");
    if (sscanf(at, ": line %u, column %u: %n", &line, &column, &end) == 2 && end > 0) {
        g_string_append_printf(out, "第 %u 行第 %u 列", line, column);
        put_words(out, at + end);
    } else if (row && sscanf(row, ": row %u%n", &line, &end) == 1 && end > 0) {
        g_string_append_printf(out, "表格 %.*s 第 %u 行", (int)(row - at), at, line);
        const char *rest = row + end, *colon = strstr(rest, ": ");
        if (colon && g_str_has_prefix(rest, ", column "))
            g_string_append_printf(out, "“%.*s”", (int)(colon - rest - (long)strlen(", column ")),
                                   rest + strlen(", column "));
        put_words(out, colon ? colon + 2 : rest);
    } else {
        at += strspn(at, ":/ ");
        g_autofree char *words = dj_event_complaint_words(at);
        g_string_append(out, words ? words : at);
    }
    return g_string_free(out, FALSE);
}
