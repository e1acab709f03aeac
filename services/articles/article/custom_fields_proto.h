// Custom fields to and from the wire.
#pragma once

#include <string>

#include "common/base/errors.h"
#include "google/protobuf/struct.pb.h"

namespace masthead::articles {

google::protobuf::Struct CustomFieldsToProto(const std::string& json);

// In its canonical form; empty without fields. A number that JSON cannot write adds a violation, as does nesting deeper
// than 10.
std::string ParseCustomFields(absl::string_view field, const google::protobuf::Struct& fields,
                              FieldViolations& violations);

}  // namespace masthead::articles
