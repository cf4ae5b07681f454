#include "analyzer.h" // VIOLATION
#include "engine/match/match.h" // VIOLATION
#include "engine/model/record.h"
#include "tests/golden/golden.h" // VIOLATION
#include <sqlite3.h>             // VIOLATION
#include <unicode/ustring.h>
