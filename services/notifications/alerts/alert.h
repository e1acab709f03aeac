// The rules of alerts: which topics a published article is told to, and how.
#pragma once

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/messages/message.h"

namespace masthead::notifications {

// What notifications needs to know of an article at its first publication: nothing that access guards.
struct PublishedArticle {
  AlertText text;
  bool breaking = false;
  std::string section_id;  // Empty if it has none.
  std::vector<std::string> additional_section_ids;
  std::vector<std::string> desk_ids;  // Contributors in the byline that are desks.
};

// The topics whose subscribers are told, the most urgent first.
std::vector<std::string> TopicsOf(const PublishedArticle& article);

// The message that follows from the article: breaking news overtakes other alerts, and the shortest expiry of its
// topics counts, from the time of publication on. `topics` are those of TopicsOf that are not deleted, and not empty.
// Alerts are told at most once: twice is worse than never.
Message MakeAlert(const PublishedArticle& article, absl::Span<const Topic> topics, absl::Time publish_time);

}  // namespace masthead::notifications
