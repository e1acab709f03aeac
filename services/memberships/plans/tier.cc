#include "services/memberships/plans/tier.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/text/text.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxDisplayName = 191;
constexpr int kMaxDescription = 2000;
constexpr int kMaxBenefits = 20;
constexpr int kMaxBenefit = 191;

}  // namespace

std::string TierName(absl::string_view id) { return absl::StrCat("tiers/", id); }

absl::string_view Name(Tier::State state) { return state == Tier::State::kActive ? "ACTIVE" : "ARCHIVED"; }

std::optional<Tier::State> ParseTierState(absl::string_view name) {
  if (name == "ACTIVE") return Tier::State::kActive;
  if (name == "ARCHIVED") return Tier::State::kArchived;
  return std::nullopt;
}

void CheckTier(absl::string_view field, Tier& tier, FieldViolations& violations) {
  text::CheckLine(absl::StrCat(field, ".display_name"), tier.display_name, kMaxDisplayName, /*required=*/true,
                  violations);
  text::CheckText(absl::StrCat(field, ".description"), tier.description, kMaxDescription, /*required=*/false,
                  violations);
  if (tier.benefits.size() > kMaxBenefits) {
    violations.Add(absl::StrCat(field, ".benefits"), absl::StrCat("must have at most ", kMaxBenefits, " entries"));
    return;
  }
  for (size_t i = 0; i < tier.benefits.size(); ++i) {
    text::CheckLine(absl::StrCat(field, ".benefits[", i, "]"), tier.benefits[i], kMaxBenefit, /*required=*/true,
                    violations);
  }
}

absl::Status CheckNotArchived(const Tier& tier) {
  return tier.state == Tier::State::kArchived ? TierArchived(tier.id) : absl::OkStatus();
}

absl::Status Archive(Tier& tier) {
  RETURN_IF_ERROR(CheckNotArchived(tier));
  tier.state = Tier::State::kArchived;
  return absl::OkStatus();
}

}  // namespace masthead::memberships
