#include "services/notifications/suppressions/suppression_proto.h"

#include "common/resource/timestamp.h"

namespace masthead::notifications {

v1::Suppression ToProto(const Suppression& suppression) {
  v1::Suppression proto;
  proto.set_name(SuppressionName(suppression.address_hash));
  v1::Suppression::Reason reason = v1::Suppression::REASON_UNSPECIFIED;
  v1::Suppression::Reason_Parse(suppression.reason, &reason);
  proto.set_reason(reason);
  proto.set_scope(suppression.scope == "ALL" ? v1::Suppression::ALL : v1::Suppression::NON_TRANSACTIONAL);
  if (suppression.expire_time) *proto.mutable_expire_time() = resource::ToTimestamp(*suppression.expire_time);
  *proto.mutable_create_time() = resource::ToTimestamp(suppression.create_time);
  return proto;
}

Suppression ParseSuppression(const v1::Suppression& proto, FieldViolations& violations) {
  Suppression suppression;
  if (!v1::Suppression::Reason_IsValid(proto.reason()) || proto.reason() == v1::Suppression::ERASED) {
    violations.Add("suppression.reason", "must be a known reason other than ERASED");
  } else if (proto.reason() != v1::Suppression::REASON_UNSPECIFIED) {
    suppression.reason = v1::Suppression::Reason_Name(proto.reason());
  }
  if (!v1::Suppression::Scope_IsValid(proto.scope())) {
    violations.Add("suppression.scope", "must be ALL or NON_TRANSACTIONAL");
  } else if (proto.scope() == v1::Suppression::ALL) {
    suppression.scope = "ALL";
  }
  if (proto.has_expire_time()) {
    suppression.expire_time = resource::ParseTimestamp("suppression.expire_time", proto.expire_time(), violations);
  }
  return suppression;
}

}  // namespace masthead::notifications
