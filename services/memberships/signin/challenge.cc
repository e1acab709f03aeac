#include "services/memberships/signin/challenge.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kLinkLifetime = absl::Minutes(30);
constexpr absl::Duration kSignUpLifetime = absl::Hours(24);

absl::Duration Remaining(const std::optional<absl::Time>& then, absl::Duration window, absl::Time now) {
  return then ? *then + window - now : absl::ZeroDuration();
}

}  // namespace

absl::string_view Name(SignInPurpose purpose) {
  switch (purpose) {
    case SignInPurpose::kSignIn:
      return "SIGN_IN";
    case SignInPurpose::kSignUp:
      return "SIGN_UP";
    case SignInPurpose::kStaffSignIn:
      return "STAFF_SIGN_IN";
  }
  return "PURPOSE_UNSPECIFIED";
}

std::optional<SignInPurpose> ParseSignInPurpose(absl::string_view name) {
  for (const SignInPurpose purpose : {SignInPurpose::kSignIn, SignInPurpose::kSignUp, SignInPurpose::kStaffSignIn}) {
    if (Name(purpose) == name) return purpose;
  }
  return std::nullopt;
}

absl::Duration LifetimeOf(SignInPurpose purpose) {
  return purpose == SignInPurpose::kSignUp ? kSignUpLifetime : kLinkLifetime;
}

bool IsOpen(const Challenge& challenge, absl::Time now) {
  return !challenge.complete_time && now < challenge.expire_time;
}

bool MayReplay(const Challenge& challenge, absl::Time now) {
  return challenge.complete_time && now < *challenge.complete_time + kReplayWindow;
}

std::string WithoutTag(absl::string_view email_normal) {
  const size_t at = email_normal.rfind('@');
  const size_t plus = email_normal.find('+');
  if (at == absl::string_view::npos || plus == absl::string_view::npos || plus == 0 || plus > at) {
    return std::string(email_normal);
  }
  return absl::StrCat(email_normal.substr(0, plus), email_normal.substr(at));
}

absl::Duration WaitBeforeRequest(const RecentRequests& recent) {
  return std::max({absl::ZeroDuration(), Remaining(recent.last_of_address, absl::Minutes(1), recent.now),
                   Remaining(recent.tenth_last_of_address, absl::Hours(1), recent.now),
                   Remaining(recent.sixtieth_last_of_network, absl::Hours(1), recent.now)});
}

bool LeadsTo(absl::string_view url, const std::vector<std::string>& origins) {
  const bool is_plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
  return is_plain && std::any_of(origins.begin(), origins.end(), [&](const std::string& origin) {
           if (!absl::StartsWith(url, origin)) return false;
           const absl::string_view rest = url.substr(origin.size());
           return rest.empty() || rest.front() == '/' || rest.front() == '?' || rest.front() == '#';
         });
}

bool IsInDomain(absl::string_view email_normal, const std::vector<std::string>& domains) {
  const absl::string_view domain = email_normal.substr(email_normal.rfind('@') + 1);
  return std::any_of(domains.begin(), domains.end(), [&](const std::string& blocked) {
    return domain == blocked || absl::EndsWith(domain, absl::StrCat(".", blocked));
  });
}

}  // namespace masthead::memberships
