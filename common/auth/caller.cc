#include "common/auth/caller.h"

#include <algorithm>

#include "absl/strings/strip.h"

namespace masthead::auth {
namespace {

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string Caller::service() const {
  absl::string_view name = subject;
  if (kind != Kind::kService || !absl::ConsumePrefix(&name, "services/")) return "";
  return std::string(name);
}

bool Caller::HasRole(const std::string& role) const {
  return kind == Kind::kStaff && (Contains(roles, role) || Contains(roles, "admin"));
}

bool Caller::HasScope(const std::string& scope) const { return kind == Kind::kBackend && Contains(scopes, scope); }

}  // namespace masthead::auth
