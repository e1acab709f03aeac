// Which fields a check finds fault with.
#pragma once

#include <string>
#include <vector>

#include "common/base/errors.h"
#include "google/rpc/error_details.pb.h"

namespace masthead::articles {

inline std::vector<std::string> FieldsOf(const FieldViolations& violations) {
  std::vector<std::string> fields;
  violations.ToStatus().ForEachPayload([&](absl::string_view, const absl::Cord& payload) {
    google::rpc::BadRequest bad;
    if (!bad.ParseFromString(std::string(payload))) return;
    for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  });
  return fields;
}

}  // namespace masthead::articles
