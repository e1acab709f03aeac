#include "services/notifications/alerts/alert.h"

#include <algorithm>

namespace masthead::notifications {

std::vector<std::string> TopicsOf(const PublishedArticle& article) {
  std::vector<std::string> topics;
  if (article.breaking) topics.push_back(kBreakingTopic);
  const auto add = [&](const std::string& topic) {
    if (std::find(topics.begin(), topics.end(), topic) == topics.end()) topics.push_back(topic);
  };
  if (!article.section_id.empty()) add(SectionTopic(article.section_id));
  for (const std::string& section : article.additional_section_ids) add(SectionTopic(section));
  for (const std::string& desk : article.desk_ids) add(DeskTopic(desk));
  return topics;
}

Message MakeAlert(const PublishedArticle& article, absl::Span<const Topic> topics, absl::Time publish_time) {
  Message message;
  message.dedupe_key = article.text.article;
  message.lane = article.breaking ? "BREAKING" : "ALERT";
  message.alert = article.text;
  message.channels = kAllChannels;  // Each recipient's own choice among them.
  absl::Duration expiry = absl::InfiniteDuration();
  for (const Topic& topic : topics) {
    message.topics.push_back(topic.id);
    expiry = std::min(expiry, topic.default_expiry);
  }
  message.expire_time = publish_time + expiry;
  return message;
}

}  // namespace masthead::notifications
