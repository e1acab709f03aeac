#include "services/notifications/following/own_recipient.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/resource/name.h"

namespace masthead::notifications {

std::optional<std::string> OnlyOwn(const rpc::Call& call) {
  if (call.caller->kind != auth::Caller::Kind::kMember) return std::nullopt;
  const auto ids = resource::ParseName(call.caller->subject, "members/*");
  return ids ? (*ids)[0] : "";
}

absl::StatusOr<std::vector<std::string>> IdsIn(absl::string_view field, absl::string_view name,
                                               absl::string_view pattern) {
  FieldViolations violations;
  std::optional<std::vector<std::string>> ids = resource::ParseName(name, pattern);
  if (!ids) violations.Add(field, absl::StrCat("must look like ", pattern, ", an ID for each star"));
  RETURN_IF_ERROR(violations.ToStatus());
  return *std::move(ids);
}

absl::StatusOr<std::string> RecipientOfPreferences(absl::string_view field, absl::string_view name) {
  absl::string_view recipient = name;
  std::optional<std::vector<std::string>> ids;
  if (absl::ConsumeSuffix(&recipient, "/preferences")) ids = resource::ParseName(recipient, "recipients/*");
  FieldViolations violations;
  if (!ids) violations.Add(field, "must look like recipients/*/preferences, an ID for the star");
  RETURN_IF_ERROR(violations.ToStatus());
  return std::move(ids->front());
}

bool IsTimeZone(absl::string_view name) {
  // These are the machine's matter, and none of a reader's.
  constexpr absl::string_view kForbidden[] = {"localtime", "libc:", "Fixed/"};
  if (name.empty()) return true;
  const bool spelled =
      name.size() <= kMaxTimeZone && name.front() != '/' && std::all_of(name.begin(), name.end(), [](char c) {
        return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("/_+-", c);
      });
  if (!spelled) return false;
  for (const absl::string_view prefix : kForbidden) {
    if (absl::StartsWith(name, prefix)) return false;
  }
  absl::TimeZone zone;
  return absl::LoadTimeZone(name, &zone);
}

}  // namespace masthead::notifications
