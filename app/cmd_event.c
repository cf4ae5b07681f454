/* SPDX-License-Identifier: GPL-3.0-or-later */
/* duijie event: plan a session, verify a plan, plan again after a change. Planning works on files alone; where there is
 * a workspace, it says who must not meet.
 */
#include "app/command.h"
#include "app/event_conflicts.h"
#include "app/event_feedback.h"
#include "app/event_new.h"
#include "app/event_publish.h"
#include "config/event_file.h"
#include "engine/plan/event_plan_json.h"
#include "engine/report/event_report.h"
#include "indexer/durable.h"

#include <stdio.h>
#include <string.h>

enum { MAX_SECONDS = 7 * 24 * 3600 };

typedef struct {
    char *out, *published, *chains, *date, *who, *event, *rejects;
    gboolean quick, lower, dry_run, ids;
    int slots, tables, max_demand, max_supply, min_demand, min_supply, min_score;
    double seconds; /* 0: no limit */
} Options;

static void options_clear(Options *options)
{
    g_free(options->out);
    g_free(options->published);
    g_free(options->chains);
    g_free(options->date);
    g_free(options->who);
    g_free(options->event);
    g_free(options->rejects);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static char *read_text(const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    if (g_file_test(folder, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "there is no %s; is this the folder of a plan?", path);
        return NULL;
    }
    return g_file_get_contents(path, &text, NULL, error) ? text : NULL;
}

/* A wall-clock limit only ends the work; such a plan is marked as not reproducible. */
static gboolean is_cancelled(gpointer data)
{
    const gint64 *deadline = data;
    return dj_app_cancelled() || (*deadline > 0 && g_get_monotonic_time() >= *deadline);
}

static void print_comfort(const char *what, guint n, guint bound)
{
    printf("%s %u, bound %u, %s\n", what, n, bound, n == bound ? "proved fewest" : "heuristic");
}

static void print_ids(const char *label, const DjEvent *event, const GArray *persons)
{
    enum { SHOWN = 20 };
    if (persons->len == 0)
        return;
    printf("  %s:", label);
    for (guint k = 0; k < MIN(persons->len, SHOWN); k++)
        printf(" %s", dj_event_person(event, g_array_index(persons, guint, k))->id);
    if (persons->len > SHOWN)
        printf(" and %u more", persons->len - SHOWN);
    printf("\n");
}

/* " E007 3 -> 2" and so on. */
static void print_changes(const DjEventPlan *made, const DjPlanRelaxation *way)
{
    enum { SHOWN = 12 };
    for (guint k = 0; k < MIN(way->changes->len, SHOWN); k++) {
        const DjPlanChange *change = &g_array_index(way->changes, DjPlanChange, k);
        const char *of = way->kind == DJ_PLAN_ADD_TABLES ? "tables"
                         : change->is_group              ? made->numbers->group_names[change->index]
                                                         : dj_event_person(made->event, change->index)->id;
        printf("%s %s %u -> %u", k > 0 ? "," : "", of, change->from, change->to);
    }
    if (way->changes->len > SHOWN)
        printf(" and %u more", way->changes->len - SHOWN);
}

static void print_block(const DjEventPlan *made)
{
    const DjPlanBlock *block = made->block;
    printf("infeasible: %" G_GINT64_FORMAT " meetings required of a group, %" G_GINT64_FORMAT " possible\n",
           block->required, block->available);
    print_ids("required by", made->event, block->needy);
    for (guint k = 0; k < block->floors->len; k++)
        printf("  floor: %s\n", made->numbers->group_names[g_array_index(block->floors, guint, k)]);
    if (block->musts->len > 0)
        printf("  must-meets: %u\n", block->musts->len);
    print_ids("limited by", made->event, block->scarce);
    for (guint k = 0; k < block->caps->len; k++)
        printf("  cap: %s\n", made->numbers->group_names[g_array_index(block->caps, guint, k)]);
    if (block->tables)
        printf("  limited by the tables\n");
    for (guint k = 0; k < made->relaxations->len; k++) {
        static const char *const kinds[] = {"lower minima", "raise maxima", "add tables"};
        const DjPlanRelaxation *way = g_ptr_array_index(made->relaxations, k);
        printf("  would do: %s by %u%s:", kinds[way->kind], way->missing,
               way->kind == DJ_PLAN_LOWER_MINIMA ? " (--lower-minima does it)" : "");
        print_changes(made, way);
        printf("\n");
    }
}

/* Takes the cheapest way to lower minima into the event, where its limits contradict each other; FALSE: there is none.
 */
static gboolean lower_minima(DjEvent *event, const DjEventPlan *made)
{
    for (guint k = 0; made->relaxations && k < made->relaxations->len; k++) {
        const DjPlanRelaxation *way = g_ptr_array_index(made->relaxations, k);
        if (way->kind != DJ_PLAN_LOWER_MINIMA)
            continue;
        for (guint c = 0; c < way->changes->len; c++) {
            const DjPlanChange *change = &g_array_index(way->changes, DjPlanChange, c);
            DjEventFloor *floor = change->is_group ? g_ptr_array_index(event->floors, change->index) : NULL;
            DjEventPerson *person = floor ? NULL : dj_event_person(event, change->index);
            *(floor ? &floor->lowered_from : &person->lowered_from) = change->from;
            *(floor ? &floor->min : &person->min) = change->to;
        }
        printf("lowered minima by %u:", way->missing);
        print_changes(made, way);
        printf("\n");
        return TRUE;
    }
    return FALSE;
}

/* No plan for the timetable alone. */
static void print_clash(const DjEventPlan *made)
{
    const DjPlanClash *clash = made->clash;
    if (!clash) {
        printf("infeasible: no timetable meets the limits\n");
        return;
    }
    printf("infeasible: no timetable holds the %" G_GINT64_FORMAT
           " meetings required of a group: %u participants, %u groups, %u must-meets\n",
           clash->required, clash->needy->len, clash->floors->len, clash->musts->len);
    print_ids("required by", made->event, clash->needy);
}

/* Two of one name and organisation may be one person, who cannot be at two tables at once. */
static void note_namesakes(const DjEvent *event)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < event->persons->len; i++) {
        const DjEventPerson *person = dj_event_person(event, i);
        if (!person->name || !*person->name)
            continue;
        char *key = g_strdup_printf("%s\n%s", person->name, person->organisation ? person->organisation : "");
        const DjEventPerson *other = g_hash_table_lookup(seen, key);
        if (other)
            fprintf(stderr, "note: %s and %s are both %s; if that is one person, give all pairs to one id\n", other->id,
                    person->id, person->name);
        g_hash_table_insert(seen, key, (gpointer)person);
    }
}

static void print_outcome(const DjEventPlan *made, guint conflicts, guint known)
{
    static const char *const proofs[] = {"not proved best", "proved best by search", "proved best by certificate"};
    const DjPlan *plan = made->plan;
    if (conflicts > 0)
        printf("banned %u pairs of one organisation or group\n", conflicts);
    if (known > 0)
        printf("banned %u pairs that the workspace keeps apart\n", known);
    if (plan->meetings) {
        gint64 bound = dj_event_plan_bound(made);
        printf("%smeetings %u, value %" G_GINT64_FORMAT ", bound %" G_GINT64_FORMAT ", gap %" G_GINT64_FORMAT ", %s\n",
               plan->reproducible ? "" : "ended by the clock, not reproducible: ", plan->n, plan->value, bound,
               bound - plan->value, proofs[dj_event_plan_proof(made)]);
        if (made->tables > made->event->tables)
            printf("spare tables: %u of %u opened; with fewer no plan was found\n", made->tables - made->event->tables,
                   made->event->spare_tables);
        print_comfort("table changes", made->comfort.table_changes, made->comfort.table_bound);
        print_comfort("idle slots", made->comfort.idle, made->comfort.idle_bound);
        if (made->priced)
            printf("price of the minima %" G_GINT64_FORMAT
                   " (%u would stay below theirs), of everything else %" G_GINT64_FORMAT "\n",
                   made->price.free_value - made->price.limits_value, made->price.below_min,
                   made->price.limits_value - plan->value);
    } else if (plan->status == DJ_PLAN_UNDECIDED) {
        printf("no plan found within the %s\n", plan->reproducible ? "limits of work" : "time limit");
    } else if (made->block) {
        print_block(made);
    } else {
        print_clash(made);
    }
    if (!made->replanned || !made->plan->meetings)
        return;
    guint n[DJ_EVENT_PLAN_ADDED + 1];
    guint forced = dj_event_plan_count_changes(made, n);
    static const char *const fewest[] = {"", "; no plan moves or gives up fewer that could stay (by search)",
                                         "; no plan moves or gives up fewer that could stay (by certificate)"};
    printf("version %u: cancelled %u, given up %u, moved %u (%u could not stay), reseated %u, added %u%s\n",
           made->version, n[DJ_EVENT_PLAN_CANCELLED], n[DJ_EVENT_PLAN_DROPPED], n[DJ_EVENT_PLAN_MOVED], forced,
           n[DJ_EVENT_PLAN_RESEATED], n[DJ_EVENT_PLAN_ADDED], fewest[dj_event_plan_moves_proof(made)]);
}

static gboolean holds_plan(const char *folder)
{
    g_autofree char *text = read_text(folder, "plan.json", NULL);
    g_autoptr(GPtrArray) meetings = text ? dj_event_plan_read_meetings(text, NULL, NULL) : NULL;
    return meetings && meetings->len > 0;
}

/* Sheets of a plan that was published perhaps are not replaced by the reasons why there is none now: these go beside
 * them, until there is a plan again. Returns where it was written. */
static char *write_report(const DjEventPlan *made, const Options *options, GError **error)
{
    g_autofree char *out = g_canonicalize_filename(options->out, NULL);
    g_autofree char *beside = g_strconcat(out, DJ_EVENT_NO_PLAN, NULL);
    gboolean keep = !made->plan->meetings && holds_plan(out);
    if (!dj_event_report_write(made, keep ? beside : options->out, options->quick, error))
        return NULL;
    g_autofree char *ours = g_build_filename(beside, "problem.json", NULL);
    if (!keep && g_file_test(ours, G_FILE_TEST_EXISTS))
        dj_durable_remove_tree(beside);
    return g_strdup(keep ? beside : options->out);
}

static int plan(DjApp *app, const char *file, gboolean again, const Options *options, GError **error)
{
    guint conflicts = 0, known = 0, version = 0;
    if (!options->out) {
        dj_app_usage(app, error, "--out FOLDER is missing");
        return DJ_EXIT_USAGE;
    }
    if (!(options->seconds >= 0 && options->seconds <= MAX_SECONDS)) {
        dj_app_usage(app, error, "--time-limit: must lie between 0 and %d seconds", MAX_SECONDS);
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjEvent) event = dj_event_file_load(file, &conflicts, error);
    if (!event || !dj_app_event_conflicts(app, event, &known, error))
        return DJ_EXIT_FAILED;
    note_namesakes(event);
    g_autoptr(GPtrArray) published = NULL;
    if (again) {
        g_autofree char *old = options->published ? read_text(options->published, "plan.json", error)
                                                  : dj_app_event_published(app, event->id, error);
        published = old ? dj_event_plan_read_meetings(old, &version, error) : NULL;
        if (!published)
            return DJ_EXIT_FAILED;
    }
    gint64 deadline = options->seconds > 0 ? g_get_monotonic_time() + (gint64)(options->seconds * G_USEC_PER_SEC) : 0;
    DjPlanOptions limits = {.cancelled = is_cancelled, .data = &deadline};
    g_autoptr(DjEventPlan) made = dj_event_plan_make(event, published, version + 1, &limits, error);
    if (made && options->lower && lower_minima(event, made)) {
        dj_event_plan_free(made);
        made = dj_event_plan_make(event, published, version + 1, &limits, error);
    }
    if (made && dj_app_cancelled()) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "interrupted");
        return DJ_EXIT_FAILED;
    }
    g_autofree char *written = made ? write_report(made, options, error) : NULL;
    if (!written)
        return DJ_EXIT_FAILED;
    print_outcome(made, conflicts, known);
    if (made->plan->meetings)
        return DJ_EXIT_DONE;
    const char *why = made->plan->status == DJ_PLAN_INFEASIBLE ? "%s: there is no plan; %s says why"
                      : made->plan->reproducible ? "%s: no plan was found; lower a limit and try again (%s)"
                                                 : "%s: no plan was found in time; allow more with --time-limit (%s)";
    g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, why, file, written);
    return DJ_EXIT_FAILED;
}

static int verify(const char *folder, GError **error)
{
    g_autofree char *problem = read_text(folder, "problem.json", error);
    g_autofree char *text = problem ? read_text(folder, "plan.json", error) : NULL;
    DjEventCheck check;
    if (!text || !dj_event_plan_verify(problem, text, &check, error)) {
        g_prefix_error(error, "%s: ", folder);
        return DJ_EXIT_FAILED;
    }
    if (check.by_timetable)
        printf("verified: no timetable meets the requirements that are named\n");
    else if (!check.feasible)
        printf("verified: no plan keeps the limits (at least %" G_GINT64_FORMAT " meetings are missing)\n",
               -check.bound);
    else
        printf("verified: %u meetings keep every limit; value %" G_GINT64_FORMAT ", no plan exceeds %" G_GINT64_FORMAT
               "%s\n",
               check.meetings, check.value, check.bound, check.optimal ? ", optimal" : "");
    if (check.by_clock)
        printf("the plan was ended by the clock: planning again may give another one\n");
    if (check.replanned)
        printf("verified: of published meetings that could stay %u moved or were given up, at least %u had to%s\n",
               check.moves, check.moves_bound, check.moves == check.moves_bound ? "; fewest" : "");
    return DJ_EXIT_DONE;
}

static int draft(DjApp *app, const char *name, const Options *options, GError **error)
{
    /* a short evening lowers the minima that nobody asked for */
    int wanted[2] = {options->min_demand < 0 ? MIN(3, options->slots) : options->min_demand,
                     options->min_supply < 0 ? 1 : options->min_supply};
    const struct {
        const char *name;
        int value, low, high;
    } numbers[] = {{"--slots", options->slots, 1, DJ_PLAN_SLOTS_MAX},
                   {"--tables", options->tables, 1, 10000},
                   {"--max-demand", options->max_demand, 1, 10000},
                   {"--max-supply", options->max_supply, 1, 10000},
                   {"--min-demand", wanted[0], 0, options->slots},
                   {"--min-supply", wanted[1], 0, options->slots},
                   {"--min-score", options->min_score < 0 ? 1 : options->min_score, 1, 100}};
    if (!options->out) {
        dj_app_usage(app, error, "--out FOLDER is missing");
        return DJ_EXIT_USAGE;
    }
    for (guint k = 0; k < G_N_ELEMENTS(numbers); k++)
        if (numbers[k].value < numbers[k].low || numbers[k].value > numbers[k].high) {
            dj_app_usage(app, error, "%s: must lie between %d and %d: %d", numbers[k].name, numbers[k].low,
                         numbers[k].high, numbers[k].value);
            return DJ_EXIT_USAGE;
        }
    DjEventNewOptions wish = {.name = name,
                              .chains = options->chains,
                              .date = options->date,
                              .out = options->out,
                              .slots = (guint)options->slots,
                              .tables = (guint)options->tables,
                              .most = {(guint)options->max_demand, (guint)options->max_supply},
                              .min = {(guint)wanted[0], (guint)wanted[1]},
                              .min_score = options->min_score};
    return dj_app_event_new(app, &wish, error);
}

int dj_cmd_event(DjApp *app, int argc, char **argv, GError **error)
{
    g_auto(Options) options = {.slots = 12,
                               .tables = 40,
                               .max_demand = 150,
                               .max_supply = 80,
                               .min_demand = -1,
                               .min_supply = -1,
                               .min_score = -1};
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out,
         "folder for plan and sheets, made or replaced; a plan in it stays when there is none now "
         "(FOLDER" DJ_EVENT_NO_PLAN " says why)",
         "FOLDER"},
        {"published", 'p', 0, G_OPTION_ARG_FILENAME, &options.published,
         "replan: folder of the published plan (default: published last in the workspace)", "FOLDER"},
        {"chains", 'c', 0, G_OPTION_ARG_FILENAME, &options.chains, "new: chains by id or name (default: all)", "A,B"},
        {"date", 'd', 0, G_OPTION_ARG_FILENAME, &options.date, "new: day of the event (default: the day of the run)",
         "DATE"},
        {"slots", 0, 0, G_OPTION_ARG_INT, &options.slots, "new: slots (default 12)", "N"},
        {"tables", 0, 0, G_OPTION_ARG_INT, &options.tables, "new: tables at most (default 40)", "N"},
        {"max-demand", 0, 0, G_OPTION_ARG_INT, &options.max_demand, "new: enterprises at most (default 150)", "N"},
        {"max-supply", 0, 0, G_OPTION_ARG_INT, &options.max_supply, "new: inventors at most (default 80)", "N"},
        {"min-demand", 0, 0, G_OPTION_ARG_INT, &options.min_demand, "new: meetings wanted per enterprise (default 3)",
         "N"},
        {"min-supply", 0, 0, G_OPTION_ARG_INT, &options.min_supply, "new: meetings wanted per inventor (default 1)",
         "N"},
        {"min-score", 0, 0, G_OPTION_ARG_INT, &options.min_score,
         "new: candidates begin at this score (default: setting list.min_score)", "SCORE"},
        {"plan-only", 0, 0, G_OPTION_ARG_NONE, &options.quick, "write plan.json and problem.json only", NULL},
        {"lower-minima", 0, 0, G_OPTION_ARG_NONE, &options.lower,
         "plan, replan: where the limits cannot all be kept, lower minima by the fewest meetings that will do", NULL},
        {"time-limit", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds,
         "plan, replan: stop looking for a better plan after so many seconds (default: none; limits count work)",
         "SECONDS"},
        {"event", 0, 0, G_OPTION_ARG_FILENAME, &options.event,
         "publish: refuse a plan with a meeting that this event file, as it is now, or the workspace rules out",
         "FILE"},
        {"rejects", 0, 0, G_OPTION_ARG_FILENAME, &options.rejects,
         "feedback: where rejected rows go (default: rejects/ in the workspace)", "FOLDER"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry_run, "feedback: check the file, record nothing", NULL},
        {"ids", 0, 0, G_OPTION_ARG_NONE, &options.ids, "feedback: list the meetings behind each figure", NULL},
        {"who", 0, 0, G_OPTION_ARG_FILENAME, &options.who, "feedback: who hands it in (default: the login name)",
         "NAME"},
        G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(
            app,
            "new NAME | plan EVENT.yaml | verify FOLDER | publish FOLDER | replan EVENT.yaml | "
            "feedback FOLDER|EVENT [FILE]",
            "Plans who meets whom, when and at which table, and proves it.\n"
            "  new     drafts an event file from the pairings of the workspace, to be edited\n"
            "  plan    all from the event file and its tables; a workspace, if there is one, says who must not meet\n"
            "  publish records a verified plan in the workspace\n"
            "  replan  plans again after a change, moving as few published meetings as possible\n"
            "  verify  checks a plan and its bound without the planner\n"
            "  feedback  takes in the filled sheet 会后反馈 of a plan's folder or a published event, and counts",
            entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    const char *action = argc > 1 ? argv[1] : "";
    if (strcmp(action, "feedback") == 0 && (argc == 3 || argc == 4)) {
        const DjEventFeedbackOptions feedback = {.event = argv[2],
                                                 .file = argc == 4 ? argv[3] : NULL,
                                                 .who = options.who,
                                                 .rejects = options.rejects,
                                                 .dry_run = options.dry_run,
                                                 .ids = options.ids};
        return dj_app_event_feedback(app, &feedback, error);
    }
    if (argc != 3) {
        if (*action)
            dj_app_usage(app, error, "%s: one file or folder is wanted", action);
        else
            dj_app_usage(app, error,
                         "say what to do: new NAME, plan FILE, verify, publish or feedback FOLDER, replan FILE");
        return DJ_EXIT_USAGE;
    }
    if (strcmp(action, "verify") == 0)
        return verify(argv[2], error);
    if (strcmp(action, "publish") == 0)
        return dj_app_event_publish(app, argv[2], options.event, error);
    if (strcmp(action, "new") == 0)
        return draft(app, argv[2], &options, error);
    gboolean again = strcmp(action, "replan") == 0;
    if (!again && strcmp(action, "plan") != 0) {
        dj_app_usage(app, error, "unknown action \"%s\"", action);
        return DJ_EXIT_USAGE;
    }
    if (!again && options.published) {
        dj_app_usage(app, error, "--published belongs to replan");
        return DJ_EXIT_USAGE;
    }
    return plan(app, argv[2], again, &options, error);
}
