#include "services/notifications/alerts/notice.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace masthead::notifications {
namespace {

// Longer than alerts live: whoever has read something wrong should know.
constexpr absl::Duration kExpiry = absl::Hours(24);

// What ways say that have no room for a letter, in the article's language.
std::string ShortText(const Change& change, absl::string_view language) {
  const bool ukrainian = absl::StartsWith(language, "uk");
  if (change.kind == Change::Kind::kRetraction) {
    return ukrainian ? "Статтю відкликано." : "We have retracted this article.";
  }
  return absl::StrCat(ukrainian ? "Виправлення: " : "Correction: ", change.text);
}

}  // namespace

Message MakeNotice(const Change& change, absl::Span<const Message> told, const AlertText& story) {
  const bool correction = change.kind == Change::Kind::kCorrection;
  Message message;
  message.dedupe_key = change.key;
  message.source = "NOTICE";
  message.lane = "ALERT";
  message.category = told.front().category;
  message.channels = kAllChannels;
  message.template_id = correction ? kCorrectionTemplate : kRetractionTemplate;
  message.alert = story;
  message.alert.article = change.article;
  message.alert.dek = ShortText(change, story.language_code);
  if (correction) message.values[kCorrectionValue] = change.text;
  for (const Message& earlier : told) {
    for (const std::string& topic : earlier.topics) {
      if (std::find(message.topics.begin(), message.topics.end(), topic) == message.topics.end()) {
        message.topics.push_back(topic);
      }
    }
  }
  message.expire_time = change.time + kExpiry;
  return message;
}

Audience AudienceOfNotice(const Change& change) {
  Audience audience;
  audience.told_article = change.article;
  return audience;
}

}  // namespace masthead::notifications
