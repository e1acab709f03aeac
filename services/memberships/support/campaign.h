// A campaign: a time in which the newsroom asks for support, and how far it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "services/memberships/billing/money.h"

namespace masthead::memberships {

struct CampaignText {
  std::string locale;
  std::string headline;
  std::string body;
  std::string button;
};

// One of the two.
struct CampaignGoal {
  std::optional<Money> money;
  std::optional<int64_t> members;
};

struct CampaignQuote {
  std::string text;
  std::string person;
  std::string title;
  std::string portrait_uri;
};

struct Campaign {
  enum class State { kScheduled, kRunning, kEnded };

  std::string id;
  std::string display_name;
  std::vector<CampaignText> texts;  // The newsroom's first language first.
  std::optional<CampaignGoal> goal;
  std::optional<CampaignQuote> quote;
  absl::Time start_time;
  std::optional<absl::Time> end_time;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
};

struct CampaignProgress {
  std::vector<Money> raised;  // By currency.
  int64_t members_gained = 0;
};

std::string CampaignName(absl::string_view id);

Campaign::State StateAt(const Campaign& campaign, absl::Time now);

// Rounded down, so that a goal is reached when it is; more than 100 beyond it, 0 without one.
int32_t PercentReached(const std::optional<CampaignGoal>& goal, const CampaignProgress& progress);

// The text in `locale`, else in its language, else the first: `uk-UA` reads `uk`, and `uk` reads `uk-UA`.
const CampaignText& TextFor(const Campaign& campaign, absl::string_view locale);

// Ends it; one that is to come never begins. False if it has ended before.
bool End(Campaign& campaign, absl::Time now);

// Normalises and checks what a caller may set. `field` is the path of the campaign in the request.
void CheckCampaign(absl::string_view field, Campaign& campaign, FieldViolations& violations);

}  // namespace masthead::memberships
