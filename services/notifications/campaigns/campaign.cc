#include "services/notifications/campaigns/campaign.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace masthead::notifications {
namespace {

bool AnyIs(const Campaign& campaign, absl::string_view state) {
  return std::any_of(campaign.messages.begin(), campaign.messages.end(),
                     [&](const Message& message) { return message.state == state; });
}

bool HaveAllEnded(const Campaign& campaign) {
  return std::all_of(campaign.messages.begin(), campaign.messages.end(), HasEnded);
}

}  // namespace

std::string CampaignName(absl::string_view id) { return absl::StrCat("campaigns/", id); }

std::string StateOf(const Campaign& campaign) {
  if (campaign.state != "STARTED") return campaign.state;
  for (const char* state : {"FAILED", "PAUSED", "PREPARING", "CANCELLED"}) {
    if (AnyIs(campaign, state)) return state;
  }
  return HaveAllEnded(campaign) && !campaign.awaits_decision() ? "FINISHED" : "SENDING";
}

std::string FailureOf(const Campaign& campaign) {
  for (const Message& message : campaign.messages) {
    if (!message.failure.empty()) return message.failure;
  }
  return campaign.failure;
}

MessageCounts SumOfCounts(const Campaign& campaign) {
  MessageCounts sum;
  for (const Message& message : campaign.messages) {
    const MessageCounts& counts = message.counts;
    sum.candidates += counts.candidates;
    sum.deliveries += counts.deliveries;
    sum.exclusions += counts.exclusions;
    sum.sent += counts.sent;
    sum.failed += counts.failed;
    sum.expired += counts.expired;
    sum.cancelled += counts.cancelled;
    sum.uncertain += counts.uncertain;
    sum.delivered += counts.delivered;
    sum.bounced += counts.bounced;
    sum.complained += counts.complained;
  }
  return sum;
}

bool HasSettled(const Campaign& campaign) {
  const std::string state = StateOf(campaign);
  return (state == "FINISHED" || state == "CANCELLED" || state == "FAILED") && HaveAllEnded(campaign) &&
         SumOfCounts(campaign).pending() == 0;
}

Campaign DraftOf(const Campaign& original, absl::string_view id) {
  Campaign draft = original;
  draft.id = std::string(id);
  draft.state = "DRAFT";
  draft.start_time = std::nullopt;
  draft.latest_start_time = std::nullopt;
  draft.failure = "";
  draft.decide_time = std::nullopt;
  draft.revision = 1;
  draft.messages = {};
  return draft;
}

std::vector<int> PerMille(absl::Span<const CampaignVariant> variants) {
  const int total = std::accumulate(variants.begin(), variants.end(), 0,
                                    [](int sum, const CampaignVariant& variant) { return sum + variant.weight; });
  std::vector<int> parts;
  int weight = 0;
  int end = 0;
  for (const CampaignVariant& variant : variants) {
    weight += variant.weight;
    const int next = kWholeAudience * weight / total;
    parts.push_back(next - end);
    end = next;
  }
  return parts;
}

int BestVariant(absl::Span<const VariantResult> results) {
  size_t best = 0;
  for (size_t i = 1; i < results.size(); ++i) {
    if (results[i].sent == 0) continue;  // What nobody was sent shows nothing.
    // More for each sent: a/b > c/d, without rounding.
    const bool better = results[i].counted * results[best].sent > results[best].counted * results[i].sent;
    if (better || results[best].sent == 0) best = i;
  }
  return static_cast<int>(best);
}

Message MakeCampaignMessage(const Campaign& campaign, absl::Span<const Topic> topics, absl::Time now) {
  const Topic& first = topics.front();
  Message message;
  message.lane = first.lane == "BULK" ? "BULK" : "NEWSLETTER";
  for (const Topic& topic : topics) message.topics.push_back(topic.id);
  message.source = "CAMPAIGN";
  message.category = first.category;
  message.channels = campaign.channels;
  message.alert = campaign.text;
  if (message.alert.headline.empty()) message.alert.headline = campaign.title;
  message.campaign = campaign.id;
  message.values = campaign.values;
  message.rate_per_minute = campaign.rate_per_minute;
  message.route = campaign.route;
  message.create_time = now;
  message.expire_time = now + (campaign.expiry == absl::ZeroDuration() ? first.default_expiry : campaign.expiry);
  if (campaign.audience.local_minute >= 0) message.expire_time += absl::Hours(24);
  return message;
}

}  // namespace masthead::notifications
