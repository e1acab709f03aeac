#include "services/notifications/following/topic.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace masthead::notifications {
namespace {

constexpr absl::string_view kSectionPrefix = "section-";
constexpr absl::string_view kDeskPrefix = "desk-";

}  // namespace

std::string TopicName(absl::string_view id) { return absl::StrCat("topics/", id); }

std::string TopicIdOf(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "topics/") || absl::StrContains(name, '/')) return "";
  return std::string(name);
}

std::string SectionTopic(absl::string_view section_id) { return absl::StrCat(kSectionPrefix, section_id); }

std::string DeskTopic(absl::string_view contributor_id) { return absl::StrCat(kDeskPrefix, contributor_id); }

Topic TopicFirstSeen(absl::string_view id) {
  Topic topic;
  topic.id = std::string(id);
  if (absl::ConsumePrefix(&id, kSectionPrefix)) {
    topic.source = "SECTION";
    topic.source_resource = absl::StrCat("sections/", id);
  } else if (absl::ConsumePrefix(&id, kDeskPrefix)) {
    topic.source = "AUTHOR";
    topic.source_resource = absl::StrCat("contributors/", id);
  }
  return topic;
}

std::string DisplayName(const Topic& topic, absl::string_view locale) {
  for (const std::string& language : {LanguageOf(locale), std::string("en")}) {
    const auto found = topic.display_names.find(language);
    if (found != topic.display_names.end()) return found->second;
  }
  return topic.id;
}

std::string LanguageOf(absl::string_view locale) {
  return absl::AsciiStrToLower(locale.substr(0, locale.find_first_of("-_")));
}

std::string RecipientName(absl::string_view id) { return absl::StrCat("recipients/", id); }

std::string MemberName(absl::string_view id) { return absl::StrCat("members/", id); }

Subscription FirstChoice(const Recipient& recipient, const Topic& topic) {
  Subscription first;
  first.recipient_id = recipient.id;
  first.anonymous = recipient.anonymous;
  first.topic_id = topic.id;
  first.channels = topic.default_channels;
  return first;
}

std::string SubscriptionName(const Subscription& subscription) {
  return absl::StrCat(RecipientName(subscription.recipient_id), "/subscriptions/", subscription.topic_id);
}

}  // namespace masthead::notifications
