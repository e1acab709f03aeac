#include "services/memberships/names.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "common/resource/name.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxMaskPaths = 50;

}  // namespace

std::string IdIn(absl::string_view field, absl::string_view name, absl::string_view collection,
                 FieldViolations& violations) {
  const std::string pattern = absl::StrCat(collection, "/*");
  std::optional<std::vector<std::string>> ids = resource::ParseName(name, pattern);
  if (ids) return std::move(ids->front());
  violations.Add(field, absl::StrCat("must be a resource name `", pattern, "`"));
  return "";
}

ChildId ChildIdIn(absl::string_view field, absl::string_view name, absl::string_view collection,
                  FieldViolations& violations) {
  const std::string pattern = absl::StrCat("members/*/", collection, "/*");
  std::optional<std::vector<std::string>> ids = resource::ParseName(name, pattern);
  if (ids) return {.member_id = std::move((*ids)[0]), .id = std::move((*ids)[1])};
  violations.Add(field, absl::StrCat("must be a resource name `", pattern, "`"));
  return {};
}

std::string ChosenOrNewId(absl::string_view field, const std::string& chosen, FieldViolations& violations) {
  if (chosen.empty()) return ids::NewUuid();
  if (!ids::IsResourceId(chosen)) violations.Add(field, "must match `[a-z]([a-z0-9-]{0,61}[a-z0-9])?` or be a UUID");
  return chosen;
}

void CheckMask(const google::protobuf::FieldMask& mask, FieldViolations& violations) {
  if (mask.paths_size() > kMaxMaskPaths) violations.Add("update_mask", "must have at most 50 paths");
}

}  // namespace masthead::memberships
