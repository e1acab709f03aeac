#include "services/notifications/alerts/alert.h"

#include <algorithm>

namespace masthead::notifications {

std::vector<std::string> TopicsOf(const PublishedArticle& article) {
  std::vector<std::string> topics;
  if (article.breaking) topics.push_back(kBreakingTopic);
  if (!article.section_id.empty()) topics.push_back(SectionTopic(article.section_id));
  for (const std::string& desk : article.desk_ids) {
    const std::string topic = DeskTopic(desk);
    if (std::find(topics.begin(), topics.end(), topic) == topics.end()) topics.push_back(topic);
  }
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
