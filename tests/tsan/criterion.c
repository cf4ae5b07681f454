/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs Criterion's tests under ThreadSanitizer, where libcriterion cannot: it maps memory at addresses that the
 * sanitizer keeps. Linked in its place, this finds the tests where Criterion's macros put them and runs each in a
 * process of its own. A name on the command line, "suite/test", runs that one alone. Time limits are ctest's. */
#include <criterion/criterion.h>
#include <criterion/internal/assert.h>
#include <criterion/logging.h>
#include <criterion/options.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern struct criterion_test *__start_cr_tst[], *__stop_cr_tst[];
/* A program without suites has no such section. */
extern struct criterion_suite *__start_cr_sts[] __attribute__((weak)), *__stop_cr_sts[] __attribute__((weak));

struct criterion_options criterion_options;

/* Of the test of this process. */
static const struct criterion_test *current;
static const struct criterion_suite *suite;
static jmp_buf stop;
static bool failed;

/* ---- what the macros call ---- */

int cr_asprintf(char **text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vasprintf(text, format, args);
    va_end(args);
    return n;
}

void cr_asprintf_free(char *text)
{
    free(text);
}

/* The condition, for asserts without words of their own. */
char *cr_translate_assert_msg(int number, ...)
{
    (void)number;
    va_list args;
    va_start(args, number);
    char *text = strdup(va_arg(args, const char *));
    va_end(args);
    return text;
}

void criterion_send_assert(struct criterion_assert_stats *assert)
{
    if (!assert->passed)
        fprintf(stderr, "%s:%u: %s\n", assert->file, assert->line, assert->message);
}

void cri_asserts_passed_incr(void)
{
}

void criterion_continue_test(void)
{
    failed = true;
}

void criterion_abort_test(void)
{
    failed = true;
    longjmp(stop, 1);
}

void criterion_skip_test(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s/%s is skipped: ", current->category, current->name);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    longjmp(stop, 1);
}

void cr_log(enum criterion_severity severity, const char *format, ...)
{
    (void)severity;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static void call(void (*function)(void))
{
    if (function)
        function();
}

void criterion_internal_test_setup(void)
{
    if (suite)
        call(suite->data->init);
    call(current->data->init);
}

void criterion_internal_test_main(void (*function)(void))
{
    if (setjmp(stop) == 0)
        function();
}

void criterion_internal_test_teardown(void)
{
    call(current->data->fini);
    if (suite)
        call(suite->data->fini);
}

/* ---- running ---- */

static const struct criterion_suite *suite_of(const struct criterion_test *test)
{
    for (struct criterion_suite **s = __start_cr_sts; s < __stop_cr_sts; s++)
        if (*s && strcmp((*s)->name, test->category) == 0)
            return *s;
    return NULL;
}

static bool run(const struct criterion_test *test)
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        current = test;
        suite = suite_of(test);
        if (setjmp(stop) == 0) /* an assert in what sets up or tears down */
            test->test();
        exit(failed); /* the sanitizer makes it another code when it saw a race */
    }
    bool ok = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!ok)
        fprintf(stderr, "%s/%s failed\n", test->category, test->name);
    return ok;
}

int main(int argc, char **argv)
{
    int n = 0, n_failed = 0;
    for (struct criterion_test **t = __start_cr_tst; t < __stop_cr_tst; t++) {
        char name[512];
        if (!*t)
            continue;
        snprintf(name, sizeof name, "%s/%s", (*t)->category, (*t)->name);
        if ((*t)->data->disabled || (argc > 1 && strcmp(argv[1], name) != 0))
            continue;
        n++;
        n_failed += !run(*t);
    }
    printf("%d tests, %d failed\n", n, n_failed);
    return n == 0 || n_failed > 0;
}
