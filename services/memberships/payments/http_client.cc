#include "services/memberships/payments/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"

namespace masthead::memberships {
namespace {

constexpr size_t kMaxAnswerBytes = 4 << 20;
constexpr absl::Duration kConnectPatience = absl::Seconds(5);

struct CurlCleanup {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

size_t TakeBody(char* data, size_t, size_t size, void* response) {
  std::string& body = static_cast<HttpResponse*>(response)->body;
  if (body.size() + size > kMaxAnswerBytes) return 0;
  body.append(data, size);
  return size;
}

size_t TakeHeader(char* data, size_t, size_t size, void* response) {
  auto& headers = static_cast<HttpResponse*>(response)->headers;
  const absl::string_view line(data, size);
  if (absl::StartsWith(line, "HTTP/")) headers.clear();  // A `100 Continue` came before.
  const size_t colon = line.find(':');
  if (colon != absl::string_view::npos) {
    headers[absl::AsciiStrToLower(line.substr(0, colon))] =
        std::string(absl::StripAsciiWhitespace(line.substr(colon + 1)));
  }
  return size;
}

int StopIfCancelled(void* scope, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Scope*>(scope)->cancelled() ? 1 : 0;
}

void SetMethod(CURL* curl, const HttpRequest& request) {
  if (request.method == "GET") return;
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
}

void SetBounds(CURL* curl, const Scope& scope, absl::Duration patience) {
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::max<int64_t>(1, absl::ToInt64Milliseconds(patience))));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(std::min(kConnectPatience, patience))));
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, StopIfCancelled);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, const_cast<Scope*>(&scope));
}

// libcurl wants to be set up once, before any other thread uses it; the first call's initialisation is that.
bool SetUpOnce() {
  static const bool done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return done;
}

}  // namespace

absl::StatusOr<HttpResponse> SendHttp(const Scope& scope, const HttpRequest& request) {
  if (scope.cancelled()) return absl::CancelledError("nobody waits for it");
  const absl::Duration patience = std::min(request.patience, scope.deadline - absl::Now());
  if (patience <= absl::ZeroDuration()) return absl::DeadlineExceededError("no time is left to ask");
  const std::unique_ptr<CURL, CurlCleanup> curl(SetUpOnce() ? curl_easy_init() : nullptr);
  if (curl == nullptr) return absl::UnavailableError("libcurl has no handle to give");

  HttpResponse response;
  std::unique_ptr<curl_slist, ListCleanup> headers;
  for (const std::string& header : request.headers) {
    headers.reset(curl_slist_append(headers.release(), header.c_str()));
  }
  // No pause for a `100 Continue` that hardly any server sends.
  headers.reset(curl_slist_append(headers.release(), "Expect:"));
  curl_easy_setopt(curl.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &response);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, TakeHeader);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &response);
  SetMethod(curl.get(), request);
  SetBounds(curl.get(), scope, patience);
  const CURLcode code = curl_easy_perform(curl.get());
  if (scope.cancelled()) return absl::CancelledError("nobody waits for it any more");
  // The URL is not told: it may name somebody.
  if (code != CURLE_OK) return absl::UnavailableError(absl::StrCat("no answer: ", curl_easy_strerror(code)));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  return response;
}

}  // namespace masthead::memberships
