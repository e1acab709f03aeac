// Enumerators to and from the wire, by their names (spelling.h): the two lists cannot drift apart unnoticed.
#pragma once

#include <optional>
#include <string>

#include "common/base/errors.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "services/articles/article/spelling.h"

namespace masthead::articles {

template <typename ProtoEnum, typename Enum>
ProtoEnum EnumToProto(Enum value) {
  const auto* found = google::protobuf::GetEnumDescriptor<ProtoEnum>()->FindValueByName(std::string(Spell(value)));
  return static_cast<ProtoEnum>(found == nullptr ? 0 : found->number());
}

// nullopt for the unspecified value, and for one that this binary does not know, which adds a violation.
template <typename Enum, typename ProtoEnum>
std::optional<Enum> ParseEnum(absl::string_view field, ProtoEnum proto, FieldViolations& violations) {
  if (proto == 0) return std::nullopt;
  const auto* value = google::protobuf::GetEnumDescriptor<ProtoEnum>()->FindValueByNumber(static_cast<int>(proto));
  std::optional<Enum> parsed = value != nullptr ? ReadSpelling<Enum>(value->name()) : std::nullopt;
  if (!parsed.has_value()) violations.Add(field, "is no value that this server knows");
  return parsed;
}

}  // namespace masthead::articles
