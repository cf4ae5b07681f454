#  include "engine/plan/plan.h" // VIOLATION
#include "engine/kernel/kernel.h"
#include <lemon/network_simplex.h> // VIOLATION
