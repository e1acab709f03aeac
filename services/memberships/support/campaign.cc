#include "services/memberships/support/campaign.h"

#include <algorithm>
#include <limits>
#include <set>

#include "absl/numeric/int128.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/memberships/billing/currency.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {
namespace {

constexpr int64_t kMaxLine = 191;
constexpr int64_t kMaxBody = 2000;
constexpr int64_t kMaxQuote = 1000;
constexpr int64_t kMaxUri = 2000;
constexpr size_t kMaxTexts = 20;
constexpr int64_t kMaxGoalAmount = 1'000'000'000'000;
constexpr int64_t kMaxGoalMembers = 1'000'000'000;

absl::string_view LanguageOf(absl::string_view locale) { return locale.substr(0, locale.find('-')); }

void CheckTexts(absl::string_view field, std::vector<CampaignText>& texts, FieldViolations& violations) {
  if (texts.empty() || texts.size() > kMaxTexts) {
    violations.Add(field, absl::StrCat("must have 1 to ", kMaxTexts, " entries"));
    return;
  }
  std::set<std::string> locales;
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto path = [&](absl::string_view name) { return absl::StrCat(field, "[", i, "].", name); };
    if (texts[i].locale.empty()) violations.Add(path("locale"), "is required");
    CheckLocale(path("locale"), texts[i].locale, violations);
    if (!locales.insert(absl::AsciiStrToLower(texts[i].locale)).second) {
      violations.Add(path("locale"), "must be another than those before");
    }
    text::CheckLine(path("headline"), texts[i].headline, kMaxLine, /*required=*/true, violations);
    text::CheckText(path("body"), texts[i].body, kMaxBody, /*required=*/false, violations);
    text::CheckLine(path("button"), texts[i].button, kMaxLine, /*required=*/false, violations);
  }
}

void CheckGoal(absl::string_view field, const CampaignGoal& goal, FieldViolations& violations) {
  if (goal.money) {
    if (!IsCurrencyCode(goal.money->currency)) {
      violations.Add(absl::StrCat(field, ".money.currency_code"), "must be an ISO 4217 code, such as `UAH`");
    }
    if (goal.money->amount < 1 || goal.money->amount > kMaxGoalAmount) {
      violations.Add(absl::StrCat(field, ".money.minor_units"), absl::StrCat("must be from 1 to ", kMaxGoalAmount));
    }
  } else if (!goal.members) {
    violations.Add(field, "must be money or members");
  } else if (*goal.members < 1 || *goal.members > kMaxGoalMembers) {
    violations.Add(absl::StrCat(field, ".members"), absl::StrCat("must be from 1 to ", kMaxGoalMembers));
  }
}

void CheckQuote(absl::string_view field, CampaignQuote& quote, FieldViolations& violations) {
  const auto path = [&](absl::string_view name) { return absl::StrCat(field, ".", name); };
  text::CheckText(path("text"), quote.text, kMaxQuote, /*required=*/true, violations);
  text::CheckLine(path("person"), quote.person, kMaxLine, /*required=*/true, violations);
  text::CheckLine(path("title"), quote.title, kMaxLine, /*required=*/false, violations);
  text::CheckLine(path("portrait_uri"), quote.portrait_uri, kMaxUri, /*required=*/false, violations);
  if (!quote.portrait_uri.empty() &&
      (!absl::StartsWith(quote.portrait_uri, "https://") || quote.portrait_uri.find(' ') != std::string::npos)) {
    violations.Add(path("portrait_uri"), "must be an `https:` URI");
  }
}

}  // namespace

std::string CampaignName(absl::string_view id) { return absl::StrCat("campaigns/", id); }

Campaign::State StateAt(const Campaign& campaign, absl::Time now) {
  if (campaign.end_time && *campaign.end_time <= now) return Campaign::State::kEnded;
  return campaign.start_time <= now ? Campaign::State::kRunning : Campaign::State::kScheduled;
}

int32_t PercentReached(const std::optional<CampaignGoal>& goal, const CampaignProgress& progress) {
  if (!goal) return 0;
  absl::int128 reached = progress.members_gained;
  int64_t wanted = goal->members.value_or(0);
  if (goal->money) {
    wanted = goal->money->amount;
    reached = 0;
    for (const Money& money : progress.raised) {
      if (money.currency == goal->money->currency) reached = money.amount;
    }
  }
  if (wanted <= 0 || reached <= 0) return 0;
  return static_cast<int32_t>(std::min<absl::int128>(reached * 100 / wanted, std::numeric_limits<int32_t>::max()));
}

const CampaignText& TextFor(const Campaign& campaign, absl::string_view locale) {
  for (const CampaignText& text : campaign.texts) {
    if (absl::EqualsIgnoreCase(text.locale, locale)) return text;
  }
  for (const CampaignText& text : campaign.texts) {
    if (absl::EqualsIgnoreCase(LanguageOf(text.locale), LanguageOf(locale))) return text;
  }
  return campaign.texts.front();
}

bool End(Campaign& campaign, absl::Time now) {
  if (StateAt(campaign, now) == Campaign::State::kEnded) return false;
  campaign.start_time = std::min(campaign.start_time, now);
  campaign.end_time = now;
  return true;
}

void CheckCampaign(absl::string_view field, Campaign& campaign, FieldViolations& violations) {
  const auto path = [&](absl::string_view name) { return absl::StrCat(field, ".", name); };
  text::CheckLine(path("display_name"), campaign.display_name, kMaxLine, /*required=*/true, violations);
  CheckTexts(path("texts"), campaign.texts, violations);
  if (campaign.goal) CheckGoal(path("goal"), *campaign.goal, violations);
  if (campaign.quote) CheckQuote(path("quote"), *campaign.quote, violations);
  if (campaign.end_time && *campaign.end_time < campaign.start_time) {
    violations.Add(path("end_time"), "must not be before `start_time`");
  }
}

}  // namespace masthead::memberships
