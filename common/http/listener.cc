#include "common/http/listener.h"

#include <httplib.h>
#include <sys/socket.h>

#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/telemetry/log.h"

namespace masthead::http {
namespace {

constexpr int kThreads = 4;
constexpr size_t kMaxWaiting = 64;  // Accepted connections without a thread; further ones wait in the kernel.
constexpr size_t kMaxBodyBytes = 1 << 20;
constexpr time_t kSocketTimeoutSeconds = 5;

// httplib's own pool queues without bound.
class BoundedPool final : public httplib::TaskQueue {
 public:
  BoundedPool() {
    for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this] { Loop(); });
  }

  void enqueue(std::function<void()> task) override {
    MutexLock lock(mutex_);
    while (tasks_.size() >= kMaxWaiting) changed_.Wait(mutex_);
    tasks_.push_back(std::move(task));
    changed_.NotifyAll();
  }

  void shutdown() override {
    {
      MutexLock lock(mutex_);
      stopping_ = true;
      changed_.NotifyAll();
    }
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void Loop() {
    while (true) {
      std::function<void()> task;
      {
        MutexLock lock(mutex_);
        while (tasks_.empty() && !stopping_) changed_.Wait(mutex_);
        if (tasks_.empty()) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
        changed_.NotifyAll();
      }
      task();
    }
  }

  Mutex mutex_;
  CondVar changed_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

struct Address {
  std::string host;
  int port = 0;
};

absl::StatusOr<Address> ParseAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  Address address;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(text.substr(colon + 1), &address.port) ||
      address.port < 0 || address.port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat("HTTP address must be host:port, got '", text, "'"));
  }
  absl::string_view host = text.substr(0, colon);
  if (absl::StartsWith(host, "[") && absl::EndsWith(host, "]")) host = host.substr(1, host.size() - 2);
  address.host = host.empty() ? "0.0.0.0" : std::string(host);
  return address;
}

// No SO_REUSEPORT, httplib's default: two processes would share a port and neither would notice.
void SetSocketOptions(int socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

class Server final : public httplib::Server {
 public:
  // httplib listens with a backlog of 5: a burst of unsubscribing readers would see a second's pause.
  void WidenBacklog() { ::listen(svr_sock_, SOMAXCONN); }
};

Request ToRequest(const httplib::Request& in) {
  Request out{.method = in.method, .path = in.path, .headers = {}, .body = in.body, .parameters = {}};
  for (const auto& [name, value] : in.headers) {
    std::string& joined = out.headers[absl::AsciiStrToLower(name)];
    absl::StrAppend(&joined, joined.empty() ? "" : ", ", value);
  }
  for (const auto& [name, value] : in.params) out.parameters.emplace(name, value);
  return out;
}

void AddFormFields(const std::string& body, std::map<std::string, std::string>& fields) {
  httplib::Params params;
  httplib::detail::parse_query_text(body, params);
  std::map<std::string, std::string> form;
  for (const auto& [name, value] : params) form.emplace(name, value);
  for (auto& [name, value] : form) fields[name] = std::move(value);
}

class HttplibListener final : public Listener {
 public:
  explicit HttplibListener(std::map<std::string, Handler> handlers) : handlers_(std::move(handlers)) {
    server_.new_task_queue = [] { return new BoundedPool; };
    server_.set_socket_options(SetSocketOptions);
    server_.set_read_timeout(kSocketTimeoutSeconds);
    server_.set_write_timeout(kSocketTimeoutSeconds);
    server_.set_payload_max_length(kMaxBodyBytes);
    // One request a connection: an idle client holds no thread, and the rest of a refused body is never read as a
    // request.
    server_.set_keep_alive_max_count(1);
    server_.set_exception_handler(
        [this](const httplib::Request& request, httplib::Response& response, const std::exception_ptr&) {
          // The route, not the path: paths carry tokens.
          const auto* route = Find(request.path);
          telemetry::Error("HTTP handler threw", {{"route", route == nullptr ? "" : route->first}});
          response.status = 500;
          response.set_content("internal error\n", "text/plain");
        });
    Route();
  }

  ~HttplibListener() override {
    if (!thread_.joinable()) return;
    // stop() before the loop runs would be lost.
    while (!server_.is_running()) std::this_thread::yield();
    server_.stop();
    thread_.join();
  }

  absl::Status Bind(const Address& address) {
    if (address.port == 0) {
      port_ = server_.bind_to_any_port(address.host);
    } else {
      port_ = server_.bind_to_port(address.host, address.port) ? address.port : -1;
    }
    if (port_ < 0)
      return absl::UnavailableError(absl::StrCat("cannot listen for HTTP on ", address.host, ":", address.port));
    server_.WidenBacklog();
    return absl::OkStatus();
  }

  void Serve() {
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }

  int port() const override { return port_; }

 private:
  void Route() {
    const auto without_body = [this](const httplib::Request& in, httplib::Response& out) {
      Answer(ToRequest(in), out);
    };
    const auto with_body = [this](const httplib::Request& in, httplib::Response& out,
                                  const httplib::ContentReader& reader) {
      Request request = ToRequest(in);
      if (ReadBody(in, reader, request, out)) Answer(request, out);
    };
    server_.Get(".*", without_body).Options(".*", without_body);
    server_.Post(".*", with_body).Put(".*", with_body).Patch(".*", with_body).Delete(".*", with_body);
  }

  // False if the body was refused and `out` says so. Counts for itself: httplib's limit knows neither chunks nor
  // compression.
  static bool ReadBody(const httplib::Request& in, const httplib::ContentReader& reader, Request& request,
                       httplib::Response& out) {
    // Without either header there is no body (RFC 9112 §6.3); httplib would wait for the connection's end.
    if (!in.has_header("Content-Length") && !in.has_header("Transfer-Encoding")) return true;
    if (in.has_header("Content-Encoding")) {
      out.status = 415;
      return false;
    }
    size_t bytes = 0;
    std::string* target = &request.body;
    const auto take = [&](const char* data, size_t size) {
      bytes += size;
      if (bytes <= kMaxBodyBytes) target->append(data, size);
      return bytes <= kMaxBodyBytes;
    };
    std::map<std::string, std::string> fields;
    std::string ignored;
    const bool multipart = in.is_multipart_form_data();
    const bool complete = multipart ? reader(
                                          [&](const httplib::MultipartFormData& part) {
                                            const bool first = part.filename.empty() && !fields.contains(part.name);
                                            target = first ? &fields[part.name] : &ignored;
                                            bytes += part.name.size();
                                            return bytes <= kMaxBodyBytes;
                                          },
                                          take)
                                    : reader(take);
    if (!complete) {
      out.status = bytes > kMaxBodyBytes ? 413 : out.status > 0 ? out.status : 400;
      return false;
    }
    if (absl::StartsWithIgnoreCase(in.get_header_value("Content-Type"), "application/x-www-form-urlencoded")) {
      AddFormFields(request.body, fields);
    }
    for (auto& [name, value] : fields) request.parameters[name] = std::move(value);
    return true;
  }

  // The entry whose prefix is the longest that fits; null if none does.
  const std::pair<const std::string, Handler>* Find(absl::string_view path) const {
    const std::pair<const std::string, Handler>* best = nullptr;
    for (const auto& route : handlers_) {
      const bool longer = best == nullptr || route.first.size() > best->first.size();
      if (longer && absl::StartsWith(path, route.first)) best = &route;
    }
    return best;
  }

  void Answer(const Request& request, httplib::Response& out) const {
    const auto* route = Find(request.path);
    if (route == nullptr) {
      out.status = 404;
      return;
    }
    const Response response = route->second(request);
    out.status = response.status;
    for (const auto& [name, value] : response.headers) out.set_header(name, value);
    out.set_content(response.body, response.content_type);
  }

  const std::map<std::string, Handler> handlers_;
  Server server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Start(const std::string& address,
                                                          std::map<std::string, Handler> handlers) {
  ASSIGN_OR_RETURN(const Address parsed, ParseAddress(address));
  auto listener = std::make_unique<HttplibListener>(std::move(handlers));
  RETURN_IF_ERROR(listener->Bind(parsed));
  listener->Serve();
  return listener;
}

}  // namespace masthead::http
