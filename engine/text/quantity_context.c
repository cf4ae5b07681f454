/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The word lists are about grammar, not about any field of technology: which words compare, which merely connect a
 * property with its number. Lists of properties would be wrong from the first text of a new field on.
 */
#include "engine/text/quantity_context.h"

#include <string.h>

/* Bounds on looking around, in characters and words: a text made to be slow must not be. */
#define PROPERTY_MAX 16
#define SPACES_MAX   8
#define FILLERS_MAX  8

typedef struct {
    const char *word;
    DjQuantityRelation relation;
} RelationWord;

/* Before the number. Only as long as needed: "不低于" is found before "低于" because the longest match wins. */
static const RelationWord PREFIXES[] = {
    {"≥", DJ_QUANTITY_AT_LEAST},
    {"≧", DJ_QUANTITY_AT_LEAST},
    {"⩾", DJ_QUANTITY_AT_LEAST},
    {">=", DJ_QUANTITY_AT_LEAST},
    {"≮", DJ_QUANTITY_AT_LEAST},
    {"不低于", DJ_QUANTITY_AT_LEAST},
    {"不小于", DJ_QUANTITY_AT_LEAST},
    {"不少于", DJ_QUANTITY_AT_LEAST},
    {"不得低于", DJ_QUANTITY_AT_LEAST},
    {"不得小于", DJ_QUANTITY_AT_LEAST},
    {"不得少于", DJ_QUANTITY_AT_LEAST},
    {"不应小于", DJ_QUANTITY_AT_LEAST},
    {"不应低于", DJ_QUANTITY_AT_LEAST},
    {"不能低于", DJ_QUANTITY_AT_LEAST},
    {"不能小于", DJ_QUANTITY_AT_LEAST},
    {"大于等于", DJ_QUANTITY_AT_LEAST},
    {"高于等于", DJ_QUANTITY_AT_LEAST},
    {"大于或等于", DJ_QUANTITY_AT_LEAST},
    {"大于或者等于", DJ_QUANTITY_AT_LEAST},
    {"至少", DJ_QUANTITY_AT_LEAST},
    {"最低", DJ_QUANTITY_AT_LEAST},
    {"≤", DJ_QUANTITY_AT_MOST},
    {"≦", DJ_QUANTITY_AT_MOST},
    {"⩽", DJ_QUANTITY_AT_MOST},
    {"<=", DJ_QUANTITY_AT_MOST},
    {"≯", DJ_QUANTITY_AT_MOST},
    {"不高于", DJ_QUANTITY_AT_MOST},
    {"不大于", DJ_QUANTITY_AT_MOST},
    {"不多于", DJ_QUANTITY_AT_MOST},
    {"不超过", DJ_QUANTITY_AT_MOST},
    {"不超", DJ_QUANTITY_AT_MOST},
    {"不得超过", DJ_QUANTITY_AT_MOST},
    {"不得高于", DJ_QUANTITY_AT_MOST},
    {"不得大于", DJ_QUANTITY_AT_MOST},
    {"不能超过", DJ_QUANTITY_AT_MOST},
    {"不应大于", DJ_QUANTITY_AT_MOST},
    {"不应超过", DJ_QUANTITY_AT_MOST},
    {"小于等于", DJ_QUANTITY_AT_MOST},
    {"低于等于", DJ_QUANTITY_AT_MOST},
    {"小于或等于", DJ_QUANTITY_AT_MOST},
    {"小于或者等于", DJ_QUANTITY_AT_MOST},
    {"至多", DJ_QUANTITY_AT_MOST},
    {"最多", DJ_QUANTITY_AT_MOST},
    {">", DJ_QUANTITY_ABOVE},
    {"大于", DJ_QUANTITY_ABOVE},
    {"高于", DJ_QUANTITY_ABOVE},
    {"超过", DJ_QUANTITY_ABOVE},
    {"超过了", DJ_QUANTITY_ABOVE},
    {"超出", DJ_QUANTITY_ABOVE},
    {"多于", DJ_QUANTITY_ABOVE},
    {"突破", DJ_QUANTITY_ABOVE},
    {"长于", DJ_QUANTITY_ABOVE},
    {"超", DJ_QUANTITY_ABOVE},
    {"<", DJ_QUANTITY_BELOW},
    {"小于", DJ_QUANTITY_BELOW},
    {"低于", DJ_QUANTITY_BELOW},
    {"少于", DJ_QUANTITY_BELOW},
    {"短于", DJ_QUANTITY_BELOW},
    {"不足", DJ_QUANTITY_BELOW},
    {"不到", DJ_QUANTITY_BELOW},
    {"未达到", DJ_QUANTITY_BELOW},
    {"约", DJ_QUANTITY_ABOUT},
    {"约为", DJ_QUANTITY_ABOUT},
    {"大约", DJ_QUANTITY_ABOUT},
    {"接近", DJ_QUANTITY_ABOUT},
    {"将近", DJ_QUANTITY_ABOUT},
    {"近", DJ_QUANTITY_ABOUT},
    {"几乎", DJ_QUANTITY_ABOUT},
    {"≈", DJ_QUANTITY_ABOUT},
};

/* After the unit. */
static const RelationWord SUFFIXES[] = {
    {"及以上", DJ_QUANTITY_AT_LEAST}, {"或以上", DJ_QUANTITY_AT_LEAST}, {"以上", DJ_QUANTITY_AT_LEAST},
    {"及以下", DJ_QUANTITY_AT_MOST},  {"或以下", DJ_QUANTITY_AT_MOST},  {"以下", DJ_QUANTITY_AT_MOST},
    {"以内", DJ_QUANTITY_AT_MOST},    {"之内", DJ_QUANTITY_AT_MOST},    {"内", DJ_QUANTITY_AT_MOST},
    {"左右", DJ_QUANTITY_ABOUT},      {"上下", DJ_QUANTITY_ABOUT},
};

/* Words between a property and its number that say nothing about either. */
static const char *const FILLERS[] = {
    "达到", "达",     "为",     "是",     "在",     "控制在", "可达", "可达到", "能达到", "高达",
    "仅为", "只有",   "有",     "到",     "至",     "了",     "提高", "提升",   "增加",   "降低",
    "减少", "下降",   "提高到", "降至",   "降到",   "提升到", "需",   "要求",   "必须",   "能",
    "可",   "平均",   "都",     "也",     "已",     "保持",   "维持", "处于",   "为:",    ":",
    "=",    "(",      "[",      "\"",     "“",      " ",      "从",   "由",     "达到了", "不",
    "应为", "应达到", "的",     "大约",   "大概",   "约",     "范围", "范围为", "设定为", "调节至",
    "调至", "加热至", "加热到", "升温至", "冷却至", "冷却到", "只需", "仅",     "优于", /* above for a strength, below
                                                                                           for an accuracy: no
                                                                                           comparator */
};

/* Fillers that say by how much; any that says how much, nearer to the number, takes it back (提高至). */
static const struct {
    const char *word;
    DjQuantityChange change;
} CHANGES[] = {
    {"提高", DJ_QUANTITY_UP},          {"提升", DJ_QUANTITY_UP},          {"增加", DJ_QUANTITY_UP},
    {"降低", DJ_QUANTITY_DOWN},        {"减少", DJ_QUANTITY_DOWN},        {"下降", DJ_QUANTITY_DOWN},
    {"到", DJ_QUANTITY_NO_CHANGE},     {"至", DJ_QUANTITY_NO_CHANGE},     {"为", DJ_QUANTITY_NO_CHANGE},
    {"提高到", DJ_QUANTITY_NO_CHANGE}, {"提升到", DJ_QUANTITY_NO_CHANGE}, {"降到", DJ_QUANTITY_NO_CHANGE},
    {"降至", DJ_QUANTITY_NO_CHANGE},
};

gboolean dj_char_is_word(guint32 c)
{
    return c > 0 && (dj_char_is_han(c) || g_unichar_isalnum(c));
}

gsize dj_chars_skip_spaces(const DjChars *text, gsize i)
{
    const gsize limit = i + SPACES_MAX;
    while (i < limit && (dj_char_at(text, i) == ' ' || dj_char_at(text, i) == '\t')) {
        i++;
    }
    return i;
}

gsize dj_chars_skip_spaces_back(const DjChars *text, gsize i)
{
    const gsize limit = i > SPACES_MAX ? i - SPACES_MAX : 0;
    while (i > limit && (dj_char_at(text, i - 1) == ' ' || dj_char_at(text, i - 1) == '\t')) {
        i--;
    }
    return i;
}

gsize dj_chars_match_any(const DjChars *text, gsize i, const char *const *words, gsize n_words)
{
    gsize longest = 0;
    for (gsize w = 0; w < n_words; w++) {
        longest = MAX(longest, dj_chars_match(text, i, words[w]));
    }
    return longest;
}

gsize dj_quantity_strip_fillers(const DjChars *text, gsize i, DjQuantityChange *change)
{
    gsize which;
    gboolean said = FALSE;
    if (change) {
        *change = DJ_QUANTITY_NO_CHANGE;
    }
    for (int n_fillers = 0; n_fillers < FILLERS_MAX; n_fillers++) {
        i = dj_chars_skip_spaces_back(text, i);
        const gsize n = dj_chars_match_before(text, i, FILLERS, G_N_ELEMENTS(FILLERS), &which);
        if (n == 0) {
            break;
        }
        i -= n;
        for (gsize c = 0; change && !said && c < G_N_ELEMENTS(CHANGES); c++) {
            if (strcmp(FILLERS[which], CHANGES[c].word) == 0) {
                *change = CHANGES[c].change;
                said = TRUE;
            }
        }
    }
    return i;
}

/* Returns where the quantity begins: at its comparator, if one stands before i. */
gsize dj_quantity_read_prefix(const DjChars *text, gsize i, DjQuantityRelation *relation)
{
    const char *words[G_N_ELEMENTS(PREFIXES)]; /* not static: threads read quantities at once */
    gsize which, at = dj_chars_skip_spaces_back(text, i);
    for (gsize w = 0; w < G_N_ELEMENTS(PREFIXES); w++) {
        words[w] = PREFIXES[w].word;
    }
    gsize n = dj_chars_match_before(text, at, words, G_N_ELEMENTS(words), &which);
    if (n == 0 && at > 0 && (dj_char_at(text, at - 1) == ':' || dj_char_at(text, at - 1) == '(')) {
        at = dj_chars_skip_spaces_back(text, at - 1);
        n = dj_chars_match_before(text, at, words, G_N_ELEMENTS(words), &which);
    }
    if (n == 0) {
        return i;
    }
    *relation = PREFIXES[which].relation;
    return at - n;
}

static gboolean is_property_char(guint32 c)
{
    return dj_char_is_word(c) || c == '-' || c == '/' || c == '_';
}

/* The words before i back to a separator or 的. */
static gsize find_property_begin(const DjChars *text, gsize end, gsize lower)
{
    gsize i = end;
    while (i > lower && end - i < PROPERTY_MAX && is_property_char(dj_char_at(text, i - 1))) {
        if (dj_char_at(text, i - 1) == 0x7684 && i < end) { /* 的 */
            break;
        }
        i--;
    }
    while (i < end && !dj_char_is_word(dj_char_at(text, i))) {
        i++;
    }
    return i;
}

static gsize skip_parenthesis_back(const DjChars *text, gsize i)
{
    if (i == 0 || dj_char_at(text, i - 1) != ')') {
        return i;
    }
    for (gsize open = i - 1; open > 0 && i - open < 20; open--) {
        if (dj_char_at(text, open - 1) == '(') {
            return open - 1;
        }
    }
    return i;
}

/* Shares are often named after them: "30%的碳酸钙", "3~5份分散剂". */
static void find_property_after(const DjChars *text, gsize i, gsize *begin, gsize *end)
{
    i = dj_chars_skip_spaces(text, i);
    if (dj_chars_match(text, i, "的")) {
        i++;
    }
    *begin = i;
    while (i - *begin < PROPERTY_MAX && is_property_char(dj_char_at(text, i)) && !dj_chars_match(text, i, "的")) {
        i++;
    }
    *end = i;
}

/* Does nothing but a list sign stand between the last quantity and begin? "5%、15%、23%", "30kW/60kW" */
static gboolean continues_list(const DjChars *text, gsize lower, gsize begin)
{
    static const char *const signs[] = {"、", "/", "或", "和", "~"};
    return dj_chars_match_any(text, dj_chars_skip_spaces(text, lower), signs, G_N_ELEMENTS(signs)) > 0 &&
           dj_chars_skip_spaces(text, dj_chars_skip_spaces(text, lower) + 1) == begin;
}

void dj_quantity_find_property(const DjChars *text, const DjQuantity *last, gsize begin, gsize after, DjShare share,
                               DjQuantity *quantity)
{
    gsize lower = begin; /* first character after the last quantity */
    while (lower > 0 && (!last || text->chars[lower - 1].begin >= last->end)) {
        lower--;
    }
    if (last && continues_list(text, lower, begin)) {
        quantity->property_begin = last->property_begin;
        quantity->property_end = last->property_end;
        quantity->change = last->change;
        return;
    }
    gsize first = after, end = after;
    if (share == DJ_SHARE_PARTS) {
        find_property_after(text, after, &first, &end);
    }
    if (first == end) {
        end = MAX(dj_quantity_strip_fillers(text, begin, &quantity->change), lower);
        end = MAX(dj_quantity_strip_fillers(text, skip_parenthesis_back(text, end), NULL), lower);
        first = find_property_begin(text, end, lower);
    }
    if (first == end && share == DJ_SHARE_PERCENT) {
        find_property_after(text, after, &first, &end);
    }
    if (first < end) {
        quantity->property_begin = text->chars[first].begin;
        quantity->property_end = text->chars[end - 1].end;
    }
}

/* The suffix at i; returns the characters read. 内 is one only when it does not begin a word such as 内径. */
gsize dj_quantity_read_suffix(const DjChars *text, gsize i, DjQuantityRelation *relation)
{
    static const char *const not_after[] = {"径", "壁", "孔", "衬", "胆", "侧", "部", "外", "存", "置", "容"};
    for (gsize s = 0; s < G_N_ELEMENTS(SUFFIXES); s++) {
        const gsize n = dj_chars_match(text, i, SUFFIXES[s].word);
        if (n == 1 && dj_chars_match_any(text, i + 1, not_after, G_N_ELEMENTS(not_after)) > 0) {
            continue;
        }
        if (n > 0) {
            *relation = SUFFIXES[s].relation;
            return n;
        }
    }
    return 0;
}
