// A small HTTP/1.1 listener for what must be HTTP: metrics, one-click unsubscribe, providers' webhooks. It speaks plain
// text and stands behind a proxy or inside the cluster, never bare on the internet.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace masthead::http {

struct Request {
  std::string method;
  std::string path;                            // Decoded, without the query.
  std::map<std::string, std::string> headers;  // Names in lower case; repeated ones joined by ", ".
  // At most 1 MiB; larger ones are refused before a handler runs. Empty for multipart/form-data.
  std::string body;
  // The query's parameters and, over them, the fields of a form (urlencoded or multipart), decoded; the first of a name
  // wins.
  std::map<std::string, std::string> parameters;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::map<std::string, std::string> headers = {};
};

// May run on several threads at once.
using Handler = std::function<Response(const Request&)>;

// Serves until destroyed, on a few threads of its own, one request a connection. A throwing handler answers 500 and is
// logged.
class Listener {
 public:
  // `address` is host:port; port 0 picks one. `handlers` by path prefix, the longest wins; others answer 404.
  // INVALID_ARGUMENT for an address that is none, UNAVAILABLE if it cannot be had.
  static absl::StatusOr<std::unique_ptr<Listener>> Start(const std::string& address,
                                                         std::map<std::string, Handler> handlers);
  virtual ~Listener() = default;
  virtual int port() const = 0;
};

}  // namespace masthead::http
