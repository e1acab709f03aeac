#include "services/memberships/support/referral_link.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/text/text.h"

namespace masthead::memberships {
namespace {

constexpr int64_t kMaxDisplayName = 191;
constexpr int64_t kMaxLandingPath = 500;
constexpr size_t kCodeLength = 8;
// 32 of them, so that each is as likely as the others; a name may begin with none of the digits.
constexpr absl::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";
constexpr size_t kLetters = 16;

}  // namespace

std::string ReferralLinkName(absl::string_view code) { return absl::StrCat("referralLinks/", code); }

std::string ReferralCode(absl::string_view random) {
  std::string code;
  for (size_t i = 0; i < kCodeLength; ++i) {
    const size_t choices = i == 0 ? kLetters : kAlphabet.size();
    code += kAlphabet[static_cast<unsigned char>(random[i]) % choices];
  }
  return code;
}

void CheckReferralLink(absl::string_view field, ReferralLink& link, FieldViolations& violations) {
  text::CheckLine(absl::StrCat(field, ".display_name"), link.display_name, kMaxDisplayName, /*required=*/false,
                  violations);
  text::CheckLine(absl::StrCat(field, ".landing_path"), link.landing_path, kMaxLandingPath, /*required=*/false,
                  violations);
  // Two slashes would lead to another site.
  if (!link.landing_path.empty() &&
      (!absl::StartsWith(link.landing_path, "/") || absl::StartsWith(link.landing_path, "//") ||
       absl::StrContains(link.landing_path, '\\'))) {
    violations.Add(absl::StrCat(field, ".landing_path"), "must be a path below the newspaper's address");
  }
}

}  // namespace masthead::memberships
