#include "config/yaml.h" // VIOLATION
#include "engine/store/store.h"
#include <curl/curl.h> // VIOLATION
#include <zip.h>
