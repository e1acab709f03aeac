// What a handler may know about the call it serves.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/caller.h"
#include "common/base/scope.h"

namespace masthead::rpc {

struct Call {
  // `masthead.articles.v1.ArticlesService.PublishArticle`; static storage.
  absl::string_view method;
  std::shared_ptr<const auth::Caller> caller;
  // Ends when the client's deadline passes (ours, if it set none or a later one) or the client goes away.
  Scope scope;
  std::string peer;           // For the audit row; never an identity.
  std::string authorization;  // The caller's own token, for calls on the caller's behalf.
};

}  // namespace masthead::rpc
