// Staff and API keys, to and from the wire.
#pragma once

#include <set>
#include <string>

#include "common/base/errors.h"
#include "masthead/memberships/v1/api_key.pb.h"
#include "masthead/memberships/v1/staff_member.pb.h"
#include "services/memberships/admin/api_key.h"
#include "services/memberships/admin/staff_member.h"

namespace masthead::memberships {

v1::StaffMember ToProto(const StaffMember& person);

// Writes `fields` of `proto` into `person`, checked and normalised.
void ParseFields(const v1::StaffMember& proto, const std::set<std::string>& fields, StaffMember& person,
                 FieldViolations& violations);

// As it stands at `now`. Never with its secret.
v1::ApiKey ToProto(const ApiKey& key, absl::Time now);

// What a caller asks for; checked.
ApiKey ParseApiKeyProto(const v1::ApiKey& proto, FieldViolations& violations);

}  // namespace masthead::memberships
