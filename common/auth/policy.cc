#include "common/auth/policy.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace masthead::auth {
namespace {

using options::v1::Policy;

bool Matches(const Policy& policy, const Caller& caller) {
  if (policy.anyone()) return true;
  switch (caller.kind) {
    case Caller::Kind::kAnonymous:
      return false;
    case Caller::Kind::kMember:
      return policy.member();
    case Caller::Kind::kStaff:
      return std::any_of(policy.roles().begin(), policy.roles().end(),
                         [&](const std::string& role) { return caller.HasRole(role); });
    case Caller::Kind::kBackend:
      return std::any_of(policy.scopes().begin(), policy.scopes().end(),
                         [&](const std::string& scope) { return caller.HasScope(scope); });
    case Caller::Kind::kService:
      return std::find(policy.services().begin(), policy.services().end(), caller.service()) != policy.services().end();
  }
  return false;
}

bool AdmitsNobody(const Policy& policy) {
  return !policy.anyone() && !policy.member() && policy.roles().empty() && policy.scopes().empty() &&
         policy.services().empty();
}

bool HasEmptyName(const Policy& policy) {
  for (const auto* names : {&policy.roles(), &policy.scopes(), &policy.services()}) {
    if (std::find(names->begin(), names->end(), "") != names->end()) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<Policy> PolicyOf(const google::protobuf::MethodDescriptor& method) {
  if (!method.options().HasExtension(options::v1::policy)) {
    return absl::FailedPreconditionError(absl::StrCat(method.full_name(), " has no option masthead.options.v1.policy"));
  }
  const Policy& policy = method.options().GetExtension(options::v1::policy);
  if (AdmitsNobody(policy))
    return absl::FailedPreconditionError(absl::StrCat("the policy of ", method.full_name(), " admits nobody"));
  if (HasEmptyName(policy))
    return absl::FailedPreconditionError(absl::StrCat("the policy of ", method.full_name(), " has an empty name"));
  return policy;
}

absl::Status Admit(const Policy& policy, const Caller& caller, absl::string_view method) {
  if (Matches(policy, caller)) return absl::OkStatus();
  if (caller.kind == Caller::Kind::kAnonymous) {
    return MakeError(absl::StatusCode::kUnauthenticated,
                     "this method needs credentials: a bearer token, or the certificate of a service",
                     {kCommonErrorDomain, "CREDENTIALS_MISSING"});
  }
  return MakeError(absl::StatusCode::kPermissionDenied, "your credentials do not admit you to this method",
                   {kCommonErrorDomain, "CALLER_NOT_ADMITTED", {{"method", std::string(method)}}});
}

}  // namespace masthead::auth
