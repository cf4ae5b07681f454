/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every record draws from a stream of its own, so that the first thousand patents are the same whether a thousand or a
 * million are made. Legal facts are set against the end of 2026: nine of ten patents may be licensed. */
#include "datasets/synth/synth.h"
#include "datasets/synth/topics.h"
#include "datasets/synth/words.h"
#include "engine/model/ident.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

enum { STREAM_PATENT = 100, STREAM_NEED, STREAM_ENTERPRISE };
enum { N_INSTITUTIONS = 160, FIRST_YEAR = 2014, N_YEARS = 10, FIRST_SERIAL = 9000000 };

typedef struct {
    const DjSynthOptions *options;
    DjSynthWords *words;
    DjSynthTerms *terms;
    GString *row, *text;
} Writer;

const DjSynthShape *dj_synth_shape(const char *name)
{
    static const DjSynthShape shapes[] = {{"hubei", 236, 105}, {"study", 190, 105}};
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++)
        if (strcmp(shapes[i].name, name) == 0)
            return &shapes[i];
    return NULL;
}

/* ---- cells: no value holds a comma, a quote or a line end, so that none is quoted ---- */

static void cell(Writer *writer, const char *text)
{
    if (writer->row->len)
        g_string_append_c(writer->row, ',');
    g_string_append(writer->row, text);
}

static void cell_day(Writer *writer, int day)
{
    g_autofree char *text = dj_day_format(day);
    cell(writer, text);
}

static void cell_name(Writer *writer, guint32 id, guint n, const char *suffix)
{
    g_string_truncate(writer->text, 0);
    dj_synth_name(writer->words, id, n, writer->text);
    g_string_append(writer->text, suffix);
    cell(writer, writer->text->str);
}

/* ---- identifiers ---- */

/* '9' + kind, region 99xxxx, organisation code with its own check digit (GB 11714), check character. */
static void cell_credit_code(Writer *writer, const char *kind, guint32 id)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    char code[19];
    g_snprintf(code, sizeof code, "%s99%04u%08u", kind, id % 97 + 101, 10000000 + id);
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += (code[8 + i] - '0') * weights[i];
    static const char checks[] = "0123456789X";
    code[16] = checks[(11 - sum % 11) % 11];
    code[17] = '\0';
    code[17] = dj_credit_code_check_char(code);
    code[18] = '\0';
    cell(writer, code);
}

static int patent_year(guint32 i)
{
    return FIRST_YEAR + (int)(i % N_YEARS);
}

static void cell_patent_number(Writer *writer, guint32 i)
{
    char digits[24];
    g_snprintf(digits, sizeof digits, "%d1%u", patent_year(i), FIRST_SERIAL + i / N_YEARS);
    g_autofree char *number = g_strdup_printf("ZL%s.%c", digits, dj_patent_number_check_digit(digits));
    cell(writer, number);
}

static const char *const cities[] = {"云汀市", "岚屏市", "湛原市", "青溯市", "栎川市"};

static const char *city_of(guint32 enterprise)
{
    return cities[enterprise % G_N_ELEMENTS(cities)];
}

static void cell_enterprise_name(Writer *writer, guint32 i)
{
    g_string_assign(writer->text, city_of(i));
    dj_synth_name(writer->words, i, 4, writer->text);
    g_string_append(writer->text, "有限公司");
    cell(writer, writer->text->str);
}

/* ---- subjects and text ---- */

/* Chains differ in size, the largest about ten times the smallest. */
static guint draw_topic(DjSynthRandom *random)
{
    guint32 a = dj_synth_below(random, DJ_SYNTH_N_TOPICS), b = dj_synth_below(random, DJ_SYNTH_N_TOPICS);
    return dj_synth_below(random, 4) ? MIN(a, b) : a;
}

static DjSynthSubject draw_subject(DjSynthRandom *random, guint topic, gboolean need)
{
    return (DjSynthSubject){topic, dj_synth_below(random, DJ_SYNTH_NICHES), need};
}

/* A number of terms around the mean: 0.4 to 1.6 of it, most near the middle. */
static guint draw_target(DjSynthRandom *random, guint mean)
{
    guint sum = 0;
    for (int i = 0; i < 3; i++)
        sum += dj_synth_below(random, 401);
    return mean * (400 + sum) / 1000;
}

static void cells_text(Writer *writer, DjSynthRandom *random, const DjSynthSubject *subject, guint mean)
{
    dj_synth_terms_clear(writer->terms);
    guint target = draw_target(random, mean);
    g_string_truncate(writer->text, 0);
    dj_synth_title(writer->words, random, subject, writer->terms, writer->text);
    cell(writer, writer->text->str);
    g_string_truncate(writer->text, 0);
    /* a body overshoots by a few terms */
    dj_synth_body(writer->words, random, subject, writer->terms, target > 7 ? target - 7 : 1, writer->text);
    cell(writer, writer->text->str);
}

/* ---- records ---- */

static const char patent_head[] =
    "专利号,专利类型,名称,摘要,IPC分类号,产业链,专利权人,专利权人代码,机构类型,地区,申请日,"
    "授权公告日,届满日,年费缴至,法律状态,许可声明日,许可公告日,许可期起,许可期止,"
    "支付方式,许可费,全体权利人同意,独占或排他许可,质押,成熟度,来源";

static void write_patent(Writer *writer, guint32 i)
{
    DjSynthRandom random = dj_synth_stream(writer->options->seed, STREAM_PATENT, i);
    guint topic = draw_topic(&random);
    DjSynthSubject subject = draw_subject(&random, topic, FALSE);
    cell_patent_number(writer, i);
    cell(writer, "发明");
    cells_text(writer, &random, &subject, writer->options->shape->patent_terms);

    const DjSynthTopic *about = &dj_synth_topics[topic];
    guint ipc = dj_synth_below(&random, 4), more = dj_synth_below(&random, 8);
    g_autofree char *symbols = more < 4
                                   ? g_strconcat(about->ipc[ipc], ipc == more ? NULL : "；", about->ipc[more % 4], NULL)
                                   : g_strdup(about->ipc[ipc]);
    cell(writer, dj_synth_below(&random, 20) ? symbols : "");
    cell(writer, dj_synth_below(&random, 5) < 2 ? about->chain : "");

    guint32 owner = dj_synth_below(&random, N_INSTITUTIONS);
    cell_name(writer, owner, 3, owner % 4 ? "大学" : "研究所");
    cell_credit_code(writer, "12", owner);
    cell(writer, owner % 4 ? "高校" : "院所");
    cell(writer, city_of(owner));

    int filed = dj_day_from_ymd(patent_year(i), 1, 1) + (int)dj_synth_below(&random, 365);
    int granted = MAX(filed, dj_day_from_ymd(2020, 1, 1)) + 300 + (int)dj_synth_below(&random, 600);
    int declared = MAX(granted, dj_day_from_ymd(2022, 6, 1)) + 30 + (int)dj_synth_below(&random, 200);
    int announced = declared + 25 + (int)dj_synth_below(&random, 30);
    gboolean lapsed = dj_synth_below(&random, 25) == 0, over = dj_synth_below(&random, 25) == 0;
    cell_day(writer, filed);
    cell_day(writer, granted);
    cell_day(writer, dj_day_add_years(filed, 20));
    cell_day(writer, lapsed ? granted + 400 : dj_day_from_ymd(2027, 1, 1) + (int)dj_synth_below(&random, 300));
    cell(writer, lapsed ? "失效" : "有效");
    cell_day(writer, declared);
    cell_day(writer, announced);
    cell_day(writer, announced);
    cell_day(writer, over ? dj_day_add_years(announced, 1) : dj_day_from_ymd(2029, 6, 30));
    static const char *const payments[][2] = {
        {"一次性付费", "5万元"}, {"分期支付", "12万元"}, {"免费", "0"}, {"一次性付费", "面议"}};
    const char *const *payment = payments[dj_synth_below(&random, G_N_ELEMENTS(payments))];
    cell(writer, payment[0]);
    cell(writer, payment[1]);
    cell(writer, dj_synth_below(&random, 20) ? "是" : "");
    cell(writer, "否");
    cell(writer, "否");
    char maturity[2] = {(char)('3' + dj_synth_below(&random, 7)), '\0'};
    cell(writer, maturity);
    cell(writer, "生成数据");
}

static const char need_head[] =
    "需求编号,企业名称,统一社会信用代码,需求名称,需求内容,产业链,合作方式,预算,期望完成日,地区,登记日期,来源";

static void write_need(Writer *writer, guint32 i)
{
    DjSynthRandom random = dj_synth_stream(writer->options->seed, STREAM_NEED, i);
    guint32 enterprise = dj_synth_below(&random, writer->options->n_enterprises);
    guint topic = draw_topic(&random);
    DjSynthSubject subject = draw_subject(&random, topic, TRUE);
    g_autofree char *id = g_strdup_printf("N-%07u", i + 1);
    cell(writer, id);
    cell_enterprise_name(writer, enterprise);
    cell_credit_code(writer, "91", 20000000 + enterprise);
    cells_text(writer, &random, &subject, writer->options->shape->need_terms);
    cell(writer, dj_synth_below(&random, 2) ? dj_synth_topics[topic].chain : "");
    static const char *const modes[] = {"许可", "合作开发", "委托开发", "转让"};
    cell(writer, modes[dj_synth_below(&random, G_N_ELEMENTS(modes))]);
    static const char *const budgets[] = {"10万元", "30万元", "50万元", "面议", ""};
    cell(writer, budgets[dj_synth_below(&random, G_N_ELEMENTS(budgets))]);
    cell_day(writer, dj_day_from_ymd(2027, 1, 1) + (int)dj_synth_below(&random, 365));
    cell(writer, city_of(enterprise));
    cell_day(writer, dj_day_from_ymd(2026, 1, 1) + (int)dj_synth_below(&random, 290));
    cell(writer, "生成数据");
}

static const char enterprise_head[] = "统一社会信用代码,企业名称,注册地,主导产品,国民经济行业,产业链,来源";

static void write_enterprise(Writer *writer, guint32 i)
{
    DjSynthRandom random = dj_synth_stream(writer->options->seed, STREAM_ENTERPRISE, i);
    guint topic = draw_topic(&random);
    DjSynthSubject subject = draw_subject(&random, topic, TRUE);
    cell_credit_code(writer, "91", 20000000 + i);
    cell_enterprise_name(writer, i);
    cell(writer, city_of(i));
    g_string_truncate(writer->text, 0);
    dj_synth_terms_clear(writer->terms);
    dj_synth_title(writer->words, &random, &subject, writer->terms, writer->text);
    cell(writer, writer->text->str);
    cell(writer, dj_synth_topics[topic].industry);
    cell(writer, dj_synth_below(&random, 2) ? dj_synth_topics[topic].chain : "");
    cell(writer, "生成数据");
}

/* ---- files ---- */

static gboolean write_file(Writer *writer, const char *folder, const char *name, const char *head,
                           void (*write)(Writer *, guint32), guint32 n, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    FILE *file = g_fopen(path, "wb");
    gboolean good = file && fprintf(file, "%s\n", head) > 0;
    for (guint32 i = 0; good && i < n; i++) {
        g_string_truncate(writer->row, 0);
        write(writer, i);
        g_string_append_c(writer->row, '\n');
        good = fwrite(writer->row->str, 1, writer->row->len, file) == writer->row->len;
    }
    int why = errno;
    if (file && fclose(file) != 0 && good) {
        why = errno;
        good = FALSE;
    }
    if (!good)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "write %s: %s", path, g_strerror(why));
    return good;
}

gboolean dj_synth_write(const char *folder, const DjSynthOptions *options, GError **error)
{
    if (options->n_patents > DJ_SYNTH_MAX_PATENTS || (options->n_needs && !options->n_enterprises)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "at most %u patents, and needs want at least one enterprise", DJ_SYNTH_MAX_PATENTS);
        return FALSE;
    }
    g_autoptr(DjSynthWords) words = dj_synth_words_new(options->seed, error);
    if (!words)
        return FALSE;
    g_autoptr(DjSynthTerms) terms = dj_synth_terms_new();
    Writer writer = {options, words, terms, g_string_new(NULL), g_string_new(NULL)};
    gboolean good = write_file(&writer, folder, "patents.csv", patent_head, write_patent, options->n_patents, error) &&
                    write_file(&writer, folder, "needs.csv", need_head, write_need, options->n_needs, error) &&
                    write_file(&writer, folder, "enterprises.csv", enterprise_head, write_enterprise,
                               options->n_enterprises, error);
    g_string_free(writer.row, TRUE);
    g_string_free(writer.text, TRUE);
    return good;
}
