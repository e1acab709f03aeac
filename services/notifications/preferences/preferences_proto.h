// Preferences on the wire.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/notifications/v1/preferences.pb.h"
#include "services/notifications/preferences/preferences.h"

namespace masthead::notifications {

v1::Preferences ToProto(const Preferences& preferences, absl::string_view recipient_id);

// Takes over `fields` of `proto`, checked.
void ParsePreferences(const v1::Preferences& proto, const std::set<std::string>& fields, Preferences& preferences,
                      FieldViolations& violations);

// A category that can be muted; else a violation.
std::string ParseMutedCategory(absl::string_view field, int category, FieldViolations& violations);

}  // namespace masthead::notifications
