#include "common/resource/field_mask.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"

namespace masthead::resource {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kField[] = "update_mask";

// False for a field that the message does not have.
bool Populated(const Message& message, absl::string_view name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  if (field == nullptr) return false;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  return field->is_repeated() ? reflection.FieldSize(message, field) > 0 : reflection.HasField(message, field);
}

std::set<std::string> AllOf(absl::Span<const absl::string_view> fields) {
  std::set<std::string> all;
  for (absl::string_view field : fields) all.emplace(field);
  return all;
}

}  // namespace

std::set<std::string> FieldsToUpdate(const google::protobuf::FieldMask& mask, const Message& resource,
                                     absl::Span<const absl::string_view> mutable_fields, FieldViolations& violations) {
  std::set<std::string> fields;
  if (mask.paths().empty()) {
    for (absl::string_view field : mutable_fields) {
      if (Populated(resource, field)) fields.emplace(field);
    }
    return fields;
  }
  if (mask.paths_size() > kMaxMaskPaths) {
    violations.Add(kField, absl::StrCat("has more than ", kMaxMaskPaths, " paths"));
    return fields;
  }
  if (mask.paths_size() == 1 && mask.paths(0) == "*") return AllOf(mutable_fields);
  for (const std::string& path : mask.paths()) {
    if (std::find(mutable_fields.begin(), mutable_fields.end(), path) != mutable_fields.end()) {
      fields.insert(path);
      continue;
    }
    const std::string first = std::vector<std::string>(absl::StrSplit(path, absl::MaxSplits('.', 1))).front();
    if (path == "*") {
      violations.Add(kField, "`*` stands alone");
    } else if (resource.GetDescriptor()->FindFieldByName(first) == nullptr) {
      violations.Add(kField, "names a field that the resource does not have");
    } else if (std::find(mutable_fields.begin(), mutable_fields.end(), first) != mutable_fields.end()) {
      violations.Add(kField, absl::StrCat("goes deeper than `", first, "`, which is only written whole"));
    }
  }
  return fields;
}

}  // namespace masthead::resource
