// A small HTTP/1.1 listener for what must be HTTP: metrics, one-click unsubscribe, providers' webhooks.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace masthead::http {

struct Request {
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;                            // At most 1 MiB; larger ones are refused before a handler runs.
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::map<std::string, std::string> headers = {};
};

using Handler = std::function<Response(const Request&)>;

// Serves until destroyed, on a few threads of its own. A throwing handler answers 500 and is logged.
class Listener {
 public:
  // `address` is host:port; port 0 picks one. `handlers` by path prefix, the longest wins; others answer 404.
  static absl::StatusOr<std::unique_ptr<Listener>> Start(const std::string& address, std::map<std::string, Handler> handlers);
  virtual ~Listener() = default;
  virtual int port() const = 0;
};

}  // namespace masthead::http
