#include "services/memberships/admin/admin_proto.h"

#include <utility>

#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {
namespace {

v1::ApiKey::State ToProto(ApiKey::State state) {
  switch (state) {
    case ApiKey::State::kActive:
      return v1::ApiKey::ACTIVE;
    case ApiKey::State::kExpired:
      return v1::ApiKey::EXPIRED;
    case ApiKey::State::kRevoked:
      return v1::ApiKey::REVOKED;
  }
  return v1::ApiKey::STATE_UNSPECIFIED;
}

}  // namespace

v1::StaffMember ToProto(const StaffMember& person) {
  v1::StaffMember proto;
  proto.set_name(StaffMemberName(person.id));
  proto.set_email(person.email);
  proto.set_display_name(person.display_name);
  for (const std::string& role : person.roles) proto.add_roles(role);
  *proto.mutable_create_time() = resource::ToTimestamp(person.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(person.update_time);
  proto.set_etag(resource::Etag(person.revision));
  return proto;
}

void ParseFields(const v1::StaffMember& proto, const std::set<std::string>& fields, StaffMember& person,
                 FieldViolations& violations) {
  if (fields.contains("email")) {
    EmailAddress address = CheckEmail("staff_member.email", proto.email(), violations);
    person.email = std::move(address.mailbox);
    person.email_normal = std::move(address.normal);
  }
  if (fields.contains("display_name")) {
    person.display_name = proto.display_name();
    CheckDisplayName("staff_member.display_name", person.display_name, /*required=*/true, violations);
  }
  if (fields.contains("roles")) {
    person.roles = {proto.roles().begin(), proto.roles().end()};
    CheckRoles("staff_member.roles", person.roles, violations);
  }
}

v1::ApiKey ToProto(const ApiKey& key, absl::Time now) {
  v1::ApiKey proto;
  proto.set_name(ApiKeyName(key.id));
  proto.set_display_name(key.display_name);
  for (const std::string& scope : key.scopes) proto.add_scopes(scope);
  if (key.expire_time) *proto.mutable_expire_time() = resource::ToTimestamp(*key.expire_time);
  proto.set_state(ToProto(StateAt(key, now)));
  *proto.mutable_create_time() = resource::ToTimestamp(key.create_time);
  if (key.revoke_time) *proto.mutable_revoke_time() = resource::ToTimestamp(*key.revoke_time);
  proto.set_etag(resource::Etag(key.revision));
  return proto;
}

ApiKey ParseApiKeyProto(const v1::ApiKey& proto, FieldViolations& violations) {
  ApiKey key = {.display_name = proto.display_name(), .scopes = {proto.scopes().begin(), proto.scopes().end()}};
  if (proto.has_expire_time()) {
    key.expire_time = resource::ParseTimestamp("api_key.expire_time", proto.expire_time(), violations);
  }
  CheckApiKey("api_key", key, violations);
  return key;
}

}  // namespace masthead::memberships
