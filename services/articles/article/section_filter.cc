#include "services/articles/article/section_filter.h"

#include "absl/strings/str_cat.h"

namespace masthead::articles {
namespace {

// As an array, so that it is found once and not for each article, and an index over sections can be used.
constexpr char kIsUnder[] = R"sql( = ANY (ARRAY(
  WITH RECURSIVE tree AS (
    SELECT {} AS id
    UNION
    SELECT s.id
    FROM tree
    JOIN sections s ON s.parent_id = tree.id
  )
  SELECT id
  FROM tree)))sql";

}  // namespace

filter::Field SectionTreeField(absl::string_view section_sql) {
  return filter::NameMatch("section_tree", absl::StrCat(section_sql, kIsUnder), "sections/*");
}

}  // namespace masthead::articles
