// The domain: what readers can follow, and what recipients chose about it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::notifications {

inline constexpr char kBreakingTopic[] = "breaking";
inline constexpr int kMaxSubscriptions = 500;  // Of one recipient.

// What an unsubscribe link takes away; stands in its token.
inline constexpr uint8_t kUnsubscribeAll = 1;
inline constexpr uint8_t kUnsubscribeTopic = 2;

// Sources, categories, lanes and states are spelled as in the API and in the database.
struct Topic {
  std::string id;
  int32_t number = 0;  // For joins and unsubscribe tokens; never shown.
  std::map<std::string, std::string> display_names;
  std::string source = "NEWSLETTER";
  std::string source_resource;
  std::string category = "ALERT";
  std::string required_entitlement;
  std::string lane = "ALERT";
  absl::Duration default_expiry = absl::Hours(4);
  std::string opt_in = "SINGLE";
  int16_t default_channels = 1;  // A set as in messages/channels.h: EMAIL.
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> delete_time;

  bool asks_twice() const { return opt_in == "DOUBLE"; }
  bool built_in() const { return id == kBreakingTopic; }
};

// `topics/{topic}`, and its ID; empty if `name` is no topic's.
std::string TopicName(absl::string_view id);
std::string TopicIdOf(absl::string_view name);

// What an article's section and its desks lead to.
std::string SectionTopic(absl::string_view section_id);
std::string DeskTopic(absl::string_view contributor_id);

// A topic that nobody created: what it follows is told by its ID.
Topic TopicFirstSeen(absl::string_view id);

// What readers call it in `locale`: in that language, else in English, else its ID.
std::string DisplayName(const Topic& topic, absl::string_view locale);

// `uk-UA` is `uk`.
std::string LanguageOf(absl::string_view locale);

struct Recipient {
  int64_t number = 0;
  std::string id;  // Of the member too, if there is one.
  bool anonymous = false;
  std::string locale;
  std::string time_zone;
  std::string state = "ACTIVE";
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
};

std::string RecipientName(absl::string_view id);
std::string MemberName(absl::string_view id);

// When a topic is told, in the recipient's time zone.
struct Cadence {
  std::string kind = "IMMEDIATE";
  int minute = 0;  // Of the day.
  int day = 0;     // Of the week: Monday is 1; 0 for none.
};

// Where and to what a reader agreed.
struct Consent {
  std::string source;
  std::string ip_hash;
  std::string text_version;
  absl::Time time;
};

struct Subscription {
  std::string recipient_id;
  bool anonymous = false;  // Whether the recipient is.
  std::string topic_id;
  std::string state;
  std::string source;
  int16_t channels = 1;  // A set as in messages/channels.h: EMAIL.
  Cadence cadence;
  std::optional<Consent> consent;  // The newest.
  absl::Time state_time;
  absl::Time create_time;
  int64_t revision = 0;  // 0: never chosen.
};

// What a recipient who never chose about a topic starts from.
Subscription FirstChoice(const Recipient& recipient, const Topic& topic);

std::string SubscriptionName(const Subscription& subscription);

}  // namespace masthead::notifications
