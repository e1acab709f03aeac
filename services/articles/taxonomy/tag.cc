#include "services/articles/taxonomy/tag.h"

#include "common/text/text.h"
#include "services/articles/taxonomy/topic.h"

namespace masthead::articles {

void CheckTag(Tag& tag, FieldViolations& violations) {
  text::CheckLine("tag.display_name", tag.display_name, 200, /*required=*/true, violations);
  text::CheckText("tag.description", tag.description, 1000, /*required=*/false, violations);
  CheckTopicSlug("tag.slug", tag.display_name, tag.id, tag.slug, violations);
}

}  // namespace masthead::articles
