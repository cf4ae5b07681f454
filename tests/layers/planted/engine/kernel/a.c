#include "engine/kernel/kernel.h"
#include "engine/text/analyzer.h" // VIOLATION
#include <glib.h>                 // VIOLATION
#include <stdint.h>
