// Filtering by a section and everything under it, for whichever list names sections.
#pragma once

#include "absl/strings/string_view.h"
#include "common/filter/fields.h"

namespace masthead::articles {

// `section_tree`, of a list in which `section_sql` is the ID of an article's section.
filter::Field SectionTreeField(absl::string_view section_sql);

}  // namespace masthead::articles
