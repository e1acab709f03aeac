// The schema this binary expects, embedded by CMake.
#pragma once

#include "absl/types/span.h"
#include "common/db/migrations.h"

namespace masthead::notifications {

absl::Span<const db::Migration> Schema();

}  // namespace masthead::notifications
