#include "services/memberships/gifts/gift_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {
namespace {

std::string GiftNamed(absl::string_view id) { return absl::StrCat("gifts/", id); }

}  // namespace

absl::Status GiftNotFound(absl::string_view id) {
  const std::string name = GiftNamed(id);
  return WithResource(MakeError(absl::StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "GIFT_NOT_FOUND", {{"name", name}}}),
                      "memberships.masthead.dev/Gift", name);
}

absl::Status GiftCodeUnknown() {
  return WithResource(MakeError(absl::StatusCode::kNotFound, "no gift has this code", {kErrorDomain, "GIFT_NOT_FOUND"}),
                      "memberships.masthead.dev/Gift", "");
}

absl::Status GiftOver(absl::string_view id, absl::string_view state) {
  return MakeError(absl::StatusCode::kFailedPrecondition, absl::StrCat(GiftNamed(id), " is ", state),
                   {kErrorDomain, "GIFT_OVER", {{"name", GiftNamed(id)}, {"state", std::string(state)}}});
}

}  // namespace masthead::memberships
