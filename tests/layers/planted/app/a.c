#include "config/yaml.h"
#include "engine/report/lists.h"
#include <microhttpd.h>
#include <yaml.h> // VIOLATION
