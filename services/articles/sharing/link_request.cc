#include "services/articles/sharing/link_request.h"

#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"
#include "common/resource/name.h"

namespace masthead::articles {

absl::StatusOr<absl::Time> LinkWish::ExpireTimeAt(absl::Time now, absl::Duration fallback, absl::Duration max) const {
  FieldViolations violations;
  const absl::Time time = ExpireTime(expire_field, expire_time, now, fallback, max, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return time;
}

std::string ReadParent(absl::string_view parent, FieldViolations& violations) {
  const auto ids = resource::ParseName(parent, "articles/*");
  if (ids.has_value()) return ids->front();
  violations.Add("parent", "is no name articles/{article}");
  return "";
}

absl::StatusOr<LinkId> ParseLinkId(absl::string_view name, absl::string_view pattern) {
  const auto ids = resource::ParseName(name, pattern);
  if (ids.has_value()) return LinkId{ids->at(0), ids->at(1)};
  FieldViolations violations;
  violations.Add("name", absl::StrCat("is no name ", pattern));
  return violations.ToStatus();
}

std::vector<std::string> LinkKeys(const Link& link) {
  return {absl::StrCat(absl::ToUnixMicros(link.create_time)), link.id};
}

std::optional<LinkPosition> ReadLinkPosition(const std::vector<std::string>& keys) {
  int64_t micros = 0;
  if (keys.size() != 2 || !absl::SimpleAtoi(keys[0], &micros)) return std::nullopt;
  return LinkPosition{absl::FromUnixMicros(micros), keys[1]};
}

}  // namespace masthead::articles
