/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes man pages and the bash completion from what the program says of itself: OUT/man1/duijie.1,
 * OUT/man1/duijie-COMMAND.1 and OUT/completion/duijie.   use: duijie_pages PROGRAM OUT */
#include "app/command.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *program;

static void give_up(const char *what, const char *why)
{
    fprintf(stderr, "duijie_pages: %s: %s\n", what, why);
    exit(1);
}

static char *ask(const char *first, const char *second)
{
    const char *argv[] = {program, first, second, NULL};
    char *out = NULL;
    g_autoptr(GError) error = NULL;
    int status;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL, &status, &error))
        give_up(program, error->message);
    if (status != 0)
        give_up(first, "no help");
    return out;
}

static void save(const char *folder, const char *name, const GString *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    if (g_mkdir_with_parents(folder, 0755) != 0 || !g_file_set_contents(path, text->str, (gssize)text->len, &error))
        give_up(path, error ? error->message : "cannot be made");
}

/* A line of roff: no character of it is a request. */
static void add_line(GString *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        g_string_append(out, "\\&");
    for (; *text; text++) {
        if (*text == '\\')
            g_string_append(out, "\\e");
        else if (*text == '-')
            g_string_append(out, "\\-");
        else
            g_string_append_c(out, *text);
    }
    g_string_append_c(out, '\n');
}

/* Help is paragraphs, lines that are indented (kept as they are), and headings that end with a colon. */
static void add_help(GString *out, const char *help)
{
    g_auto(GStrv) lines = g_strsplit(help, "\n", -1);
    gboolean kept = FALSE, paragraph = TRUE;
    for (char **line = lines; *line; line++) {
        const gboolean indented = **line == ' ';
        const gsize length = strlen(*line);
        if (kept != indented && **line) {
            g_string_append(out, indented ? ".nf\n" : ".fi\n");
            kept = indented;
        }
        if (!**line) {
            paragraph = TRUE;
            continue;
        }
        if (!indented && length > 1 && (*line)[length - 1] == ':' && length < 40) {
            g_autofree char *heading = g_strndup(*line, length - 1);
            g_string_append(out, ".SH ");
            add_line(out, heading);
        } else {
            if (paragraph)
                g_string_append(out, ".PP\n");
            add_line(out, *line);
        }
        paragraph = FALSE;
    }
    if (kept)
        g_string_append(out, ".fi\n");
}

static GString *page_new(const char *name, const char *brief, const char *usage)
{
    GString *page = g_string_new(".TH ");
    g_autofree char *title = g_ascii_strup(name, -1);
    g_string_append_printf(page, "%s 1 \"\" \"duijie " DUIJIE_VERSION "\"\n.SH NAME\n%s \\- ", title, name);
    add_line(page, brief);
    g_string_append(page, ".SH SYNOPSIS\n");
    add_line(page, usage);
    g_string_append(page, ".SH DESCRIPTION\n");
    return page;
}

/* The help of `help` is the overview. */
static gboolean has_page(const DjCommand *command)
{
    return strcmp(command->name, "help") != 0;
}

static void write_command(const char *folder, const DjCommand *command)
{
    g_autofree char *help = ask(command->name, "--help");
    g_autofree char *name = g_strconcat("duijie-", command->name, NULL), *file = g_strconcat(name, ".1", NULL);
    if (!g_str_has_prefix(help, "Usage:\n"))
        give_up(command->name, "its help does not begin with Usage:");
    char *usage = g_strchug(help + strlen("Usage:\n")), *rest = strchr(usage, '\n');
    if (!rest)
        give_up(command->name, "its help is one line");
    *rest++ = '\0';
    g_autoptr(GString) page = page_new(name, command->help, usage);
    add_help(page, rest);
    g_string_append(page, ".SH \"SEE ALSO\"\n.BR duijie (1)\n");
    save(folder, file, page);
}

static void write_overview(const char *folder, const DjCommand *commands, gsize n)
{
    g_autofree char *help = ask("help", NULL);
    char *usage = strstr(help, "Usage: ");
    char *rest = usage ? strchr(usage, '\n') : NULL;
    if (!rest)
        give_up("help", "it has no line Usage:");
    *rest++ = '\0';
    g_autoptr(GString) page = page_new("duijie", "pairs open-licence patents with technical needs, per industry chain",
                                       usage + strlen("Usage: "));
    add_help(page, rest);
    g_string_append(page, ".SH \"SEE ALSO\"\n");
    for (gsize i = 0; i < n; i++)
        if (has_page(&commands[i]))
            g_string_append_printf(page, ".BR duijie-%s (1)\n", commands[i].name);
    save(folder, "duijie.1", page);
}

static const char completion[] =
    "_duijie()\n"
    "{\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= options= i\n"
    "    COMPREPLY=()\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        case ${COMP_WORDS[i]} in\n"
    "            -w|--workspace|--config|--now) ((i++)) ;;\n"
    "            -*) ;;\n"
    "            *) command=${COMP_WORDS[i]}; break ;;\n"
    "        esac\n"
    "    done\n"
    "    case $before in\n"
    "        -w|--workspace|--config|--out) COMPREPLY=($(compgen -d -- \"$word\")); return ;;\n"
    "    esac\n"
    "    case $command in\n"
    "        '') options=\"--workspace --config --now --quiet --help --version $commands\" ;;\n"
    "        help) options=$commands ;;\n"
    "%s"
    "    esac\n"
    "    if [[ $word == -* || -z $command || $command == help ]]; then\n"
    "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
    "    fi\n"
    "}\n"
    "complete -o default -F _duijie duijie\n";

static void write_completion(const char *folder, const DjCommand *commands, gsize n)
{
    g_autoptr(GString) out = g_string_new("# bash completion of duijie " DUIJIE_VERSION "\ncommands='");
    g_autoptr(GString) cases = g_string_new(NULL);
    g_autoptr(GRegex) option = g_regex_new("^  (?:-., )?(--[a-z][a-z-]+)", G_REGEX_MULTILINE, 0, NULL);
    for (gsize i = 0; i < n; i++) {
        g_string_append_printf(out, "%s%s", i > 0 ? " " : "", commands[i].name);
        if (!has_page(&commands[i]))
            continue;
        g_autofree char *all = ask(commands[i].name, "--help-all");
        g_autoptr(GMatchInfo) match = NULL;
        g_string_append_printf(cases, "        %s) options='--help", commands[i].name);
        for (g_regex_match(option, all, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
            g_autofree char *name = g_match_info_fetch(match, 1);
            if (strcmp(name, "--help") != 0)
                g_string_append_printf(cases, " %s", name);
        }
        g_string_append(cases, "' ;;\n");
    }
    g_string_append(out, "'\n");
    g_string_append_printf(out, completion, cases->str);
    save(folder, "duijie", out);
}

int main(int argc, char **argv)
{
    gsize n;
    const DjCommand *commands = dj_commands(&n);
    if (argc != 3)
        give_up("use", "duijie_pages PROGRAM OUT");
    program = argv[1];
    g_autofree char *man = g_build_filename(argv[2], "man1", NULL);
    g_autofree char *bash = g_build_filename(argv[2], "completion", NULL);
    for (gsize i = 0; i < n; i++)
        if (has_page(&commands[i]))
            write_command(man, &commands[i]);
    write_overview(man, commands, n);
    write_completion(bash, commands, n);
    return 0;
}
