// The rules of campaigns: what one says, how far it has come, what it makes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/messages/audience.h"
#include "services/notifications/messages/message.h"
#include "services/notifications/templates/template_reference.h"

namespace masthead::notifications {

inline constexpr absl::Duration kDefaultStartWindow = absl::Hours(2);
inline constexpr int kWholeAudience = 1000;  // Per mille.

// One of the letters of a test.
struct CampaignVariant {
  std::optional<TemplateReference> letter;  // Unset: the campaign's.
  std::map<std::string, std::string> values;
  int weight = 1;

  bool operator==(const CampaignVariant&) const = default;
};

struct Campaign {
  int64_t number = 0;
  std::string id;
  std::string title;
  AlertText text;  // Without an article; the headline may be empty.
  std::vector<std::string> articles;
  TemplateReference letter = {.id = "newsletter"};
  std::map<std::string, std::string> values;
  std::vector<std::string> topics;
  Audience audience;
  Channels channels = kEmail;
  int rate_per_minute = 0;
  std::string route;                             // Its ID; empty for the default one.
  absl::Duration expiry = absl::ZeroDuration();  // Zero: that of the first topic.
  std::vector<CampaignVariant> variants;         // None: no test.
  int sample_per_mille = kWholeAudience;
  std::string metric;  // OPENS or CLICKS; empty: editors decide the test.
  absl::Duration decide_after = absl::ZeroDuration();
  std::optional<absl::Time> decide_time;  // While the metric is to decide.
  std::string state = "DRAFT";            // As stored: DRAFT, SCHEDULED, STARTED, CANCELLED or FAILED.
  std::optional<absl::Time> start_time;
  std::optional<absl::Time> latest_start_time;
  std::string failure;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::vector<Message> messages;  // The oldest first.

  bool is_test() const { return !variants.empty(); }
  // Whether the test leaves somebody out who waits for its decision.
  bool awaits_decision() const {
    return state == "STARTED" && is_test() && sample_per_mille < kWholeAudience && messages.size() == 1;
  }
};

std::string CampaignName(absl::string_view id);

// As the API tells it: of a campaign that has started, its messages say.
std::string StateOf(const Campaign& campaign);

// Why it is FAILED or PAUSED.
std::string FailureOf(const Campaign& campaign);

MessageCounts SumOfCounts(const Campaign& campaign);

// Whether nothing about it will change by itself or by a call.
bool HasSettled(const Campaign& campaign);

// A draft of another ID that says the same.
Campaign DraftOf(const Campaign& original, absl::string_view id);

// The weights of variants as parts of a thousand, which they add up to.
std::vector<int> PerMille(absl::Span<const CampaignVariant> variants);

// What became of one letter of a test.
struct VariantResult {
  int64_t sent = 0;
  int64_t counted = 0;  // Of the metric.
};

// The one with the most for each that was sent; the first of equals.
int BestVariant(absl::Span<const VariantResult> results);

// What the campaign makes when it starts at `now`: to its topics, in their order, which are not empty. News keeps its
// lanes: a campaign to its followers goes with the newsletters. Without number, ID and template.
Message MakeCampaignMessage(const Campaign& campaign, absl::Span<const Topic> topics, absl::Time now);

}  // namespace masthead::notifications
