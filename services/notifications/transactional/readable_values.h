// Values as readers read them.
#pragma once

#include "absl/strings/string_view.h"
#include "services/notifications/templates/template.h"

namespace masthead::notifications {

// A value called `..._time` that is a time as of RFC 3339 becomes its day, in its own offset: `31 December 2026`,
// `31 грудня 2026`. Others stay as they are.
Values Readable(Values values, absl::string_view language);

}  // namespace masthead::notifications
