// HTTP requests to other people's servers, over libcurl: TLS verified, redirects not followed, every wait bounded.
// Sends nothing about us that is not in the request.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"

namespace masthead::http {

struct OutgoingRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;  // `Name: value`.
  std::string body;
  absl::Duration patience = absl::Seconds(30);  // For all of it, if the scope does not end before.
  // `host:port:address`: connect there, whatever the name resolves to by then. Empty: resolve.
  std::string pinned_address = {};
  // Of a longer body the rest is not waited for. 0: a body must be whole.
  size_t cut_answer_at = 0;
};

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;                            // At most 4 MiB.
};

// Whatever its status. UNAVAILABLE if there is no whole answer; the server may have heard the request all the same,
// unless SurelyNotHeard. CANCELLED or DEADLINE_EXCEEDED if the scope ended.
absl::StatusOr<Answer> Send(const Scope& scope, const OutgoingRequest& request);

// Whether the request for which this status came has surely not reached the server.
bool SurelyNotHeard(const absl::Status& status);

// Sends many requests at once, and keeps the connections. Used by one thread at a time.
class Client {
 public:
  explicit Client(int max_connections);
  ~Client();

  // The answer to each, in order.
  std::vector<absl::StatusOr<Answer>> SendAll(const Scope& scope, const std::vector<OutgoingRequest>& requests);

 private:
  struct Handles;
  const std::unique_ptr<Handles> handles_;
};

}  // namespace masthead::http
