// A sign-in that was asked for and waits for its link or code, and the rules of both.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

enum class SignInPurpose { kSignIn, kSignUp, kStaffSignIn };

absl::string_view Name(SignInPurpose purpose);
std::optional<SignInPurpose> ParseSignInPurpose(absl::string_view name);

inline constexpr int kMaxCodeTries = 5;
inline constexpr absl::Duration kReplayWindow = absl::Minutes(10);

absl::Duration LifetimeOf(SignInPurpose purpose);

// What the link brings along.
struct SignInErrand {
  EmailAddress address;
  std::string locale;
  std::string redirect_url;
  std::map<std::string, std::string> attribution;
};

struct Challenge {
  std::string id;
  SignInPurpose purpose = SignInPurpose::kSignIn;
  std::string sealed_errand;
  std::string token_hash;
  std::string code_mac;
  std::string secret_hash;
  int failed_tries = 0;
  absl::Time create_time;
  absl::Time expire_time;
  std::optional<absl::Time> complete_time;
  std::string session_id;  // Of what it was completed to.
};

// Whether a link, or a code that is right, can still be used.
bool IsOpen(const Challenge& challenge, absl::Time now);

// Whether the browser that asked may have its session once more.
bool MayReplay(const Challenge& challenge, absl::Time now);

// `+tags` are one address for the limits: whoever has one of them has them all.
std::string WithoutTag(absl::string_view email_normal);

// How long the next request has to wait. Each time is that of the request that has to be so long ago, if there was one.
struct RecentRequests {
  absl::Time now;
  std::optional<absl::Time> last_of_address;
  std::optional<absl::Time> tenth_last_of_address;
  std::optional<absl::Time> sixtieth_last_of_network;
};
absl::Duration WaitBeforeRequest(const RecentRequests& recent);

// Whether `url` leads to one of these origins, and to nothing that a browser might read as another.
bool LeadsTo(absl::string_view url, const std::vector<std::string>& origins);

bool IsInDomain(absl::string_view email_normal, const std::vector<std::string>& domains);

}  // namespace masthead::memberships
