#include "services/articles/taxonomy/topic.h"

#include "absl/strings/str_cat.h"
#include "services/articles/article/slug.h"

namespace masthead::articles {

void CheckTopicSlug(absl::string_view field, absl::string_view display_name, absl::string_view id, std::string& slug,
                    FieldViolations& violations) {
  if (slug.empty()) {
    slug = MakeSlug(display_name, id);
  } else if (!IsSlug(slug)) {
    violations.Add(field, absl::StrCat("is not [a-z0-9]+(-[a-z0-9]+)* of at most ", kMaxSlugBytes, " bytes"));
  }
}

}  // namespace masthead::articles
