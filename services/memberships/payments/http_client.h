// One HTTP request to somebody else's server, over libcurl: TLS verified, redirects not followed, every wait bounded.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"

namespace masthead::memberships {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;  // `Name: value`.
  std::string body;
  absl::Duration patience = absl::Seconds(30);  // For all of it, if the scope does not end before.
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;                            // At most 4 MiB.
};

// Whatever its status. UNAVAILABLE if there is no whole answer; the server may have heard the request all the same.
// CANCELLED or DEADLINE_EXCEEDED if the scope ended. Sends nothing about us that is not in `request`.
absl::StatusOr<HttpResponse> SendHttp(const Scope& scope, const HttpRequest& request);

}  // namespace masthead::memberships
