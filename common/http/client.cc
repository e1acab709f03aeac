#include "common/http/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"

namespace masthead::http {
namespace {

constexpr size_t kMaxAnswerBytes = 4 << 20;
constexpr absl::Duration kConnectPatience = absl::Seconds(5);
constexpr absl::Duration kLookAtTheScope = absl::Milliseconds(100);
constexpr char kNotHeard[] = "masthead.http/not-heard";

struct CurlCleanup {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct MultiCleanup {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListCleanup>;

size_t TakeHeader(char* data, size_t, size_t size, void* answer) {
  auto& headers = static_cast<Answer*>(answer)->headers;
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

void Append(List& list, const std::string& text) { list.reset(curl_slist_append(list.release(), text.c_str())); }

// libcurl wants to be set up once, before any other thread uses it; the first call's initialisation is that.
bool SetUpOnce() {
  static const bool done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return done;
}

// One request under way. Neither it nor what it was made of may move.
class Exchange {
 public:
  Exchange(const Scope& scope, const OutgoingRequest& request)
      : curl_(SetUpOnce() ? curl_easy_init() : nullptr), request_(request), scope_(scope) {
    if (curl_ == nullptr) return;
    for (const std::string& header : request.headers) Append(headers_, header);
    Append(headers_, "Expect:");  // No pause for a `100 Continue` that hardly any server sends.
    Set(CURLOPT_URL, request.url.c_str());
    Set(CURLOPT_HTTPHEADER, headers_.get());
    Set(CURLOPT_WRITEFUNCTION, TakeBody);
    Set(CURLOPT_WRITEDATA, this);
    Set(CURLOPT_HEADERFUNCTION, TakeHeader);
    Set(CURLOPT_HEADERDATA, &answer_);
    if (!request.pinned_address.empty()) {
      Append(pinned_, request.pinned_address);
      Set(CURLOPT_RESOLVE, pinned_.get());
    }
    SetMethod();
    SetBounds();
  }

  CURL* curl() const { return curl_.get(); }

  absl::StatusOr<Answer> Finish(CURLcode code) {
    if (scope_.cancelled()) return absl::CancelledError("nobody waits for it any more");
    if (code != CURLE_OK && !is_cut_) {
      // The URL is not told: it may name somebody.
      absl::Status status = absl::UnavailableError(absl::StrCat("no answer: ", curl_easy_strerror(code)));
      constexpr std::array kBeforeTheRequest = {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
                                                CURLE_SSL_CONNECT_ERROR,    CURLE_PEER_FAILED_VERIFICATION,
                                                CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT};
      if (std::find(kBeforeTheRequest.begin(), kBeforeTheRequest.end(), code) != kBeforeTheRequest.end()) {
        status.SetPayload(kNotHeard, absl::Cord());
      }
      return status;
    }
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
  }

 private:
  static size_t TakeBody(char* data, size_t, size_t size, void* self) {
    Exchange& exchange = *static_cast<Exchange*>(self);
    std::string& body = exchange.answer_.body;
    const size_t cut_at = exchange.request_.cut_answer_at;
    exchange.is_cut_ = cut_at > 0 && body.size() + size > cut_at;
    if (exchange.is_cut_) body.append(data, cut_at - body.size());
    if (exchange.is_cut_ || body.size() + size > kMaxAnswerBytes) return 0;  // Ends the exchange.
    body.append(data, size);
    return size;
  }

  template <typename Value>
  void Set(CURLoption option, Value value) {
    curl_easy_setopt(curl_.get(), option, value);
  }

  void SetMethod() {
    if (request_.method == "GET") return;
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    Set(CURLOPT_POSTFIELDS, request_.body.data());
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }

  void SetBounds() {
    const absl::Duration patience = std::min(request_.patience, scope_.deadline - absl::Now());
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_FOLLOWLOCATION, 0L);
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<int64_t>(1, absl::ToInt64Milliseconds(patience))));
    Set(CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(std::max<int64_t>(1, absl::ToInt64Milliseconds(std::min(kConnectPatience, patience)))));
    Set(CURLOPT_NOPROGRESS, 0L);
    Set(CURLOPT_XFERINFOFUNCTION, StopIfCancelled);
    Set(CURLOPT_XFERINFODATA, const_cast<Scope*>(&scope_));
  }

  const std::unique_ptr<CURL, CurlCleanup> curl_;
  const OutgoingRequest& request_;
  const Scope& scope_;
  List headers_;
  List pinned_;
  Answer answer_;
  bool is_cut_ = false;
};

absl::Status NoHandle() { return absl::UnavailableError("libcurl has no handle to give"); }

}  // namespace

absl::StatusOr<Answer> Send(const Scope& scope, const OutgoingRequest& request) {
  if (scope.cancelled()) return absl::CancelledError("nobody waits for it");
  if (scope.deadline <= absl::Now()) return absl::DeadlineExceededError("no time is left to ask");
  Exchange exchange(scope, request);
  if (exchange.curl() == nullptr) return NoHandle();
  return exchange.Finish(curl_easy_perform(exchange.curl()));
}

bool SurelyNotHeard(const absl::Status& status) { return status.GetPayload(kNotHeard).has_value(); }

struct Client::Handles {
  std::unique_ptr<CURLM, MultiCleanup> multi;
};

Client::Client(int max_connections) : handles_(std::make_unique<Handles>()) {
  handles_->multi.reset(SetUpOnce() ? curl_multi_init() : nullptr);
  if (handles_->multi == nullptr) return;
  curl_multi_setopt(handles_->multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(max_connections));
}

Client::~Client() = default;

std::vector<absl::StatusOr<Answer>> Client::SendAll(const Scope& scope, const std::vector<OutgoingRequest>& requests) {
  std::vector<absl::StatusOr<Answer>> answers(requests.size(), NoHandle());
  CURLM* const multi = handles_->multi.get();
  if (multi == nullptr) return answers;
  std::vector<std::unique_ptr<Exchange>> exchanges;
  std::map<CURL*, size_t> places;
  for (const OutgoingRequest& request : requests) {
    exchanges.push_back(std::make_unique<Exchange>(scope, request));
    CURL* const curl = exchanges.back()->curl();
    if (curl != nullptr && curl_multi_add_handle(multi, curl) == CURLM_OK) places[curl] = exchanges.size() - 1;
  }
  // Each request has its own time limit and heeds the scope: this ends.
  int running = 1;
  while (running > 0 && curl_multi_perform(multi, &running) == CURLM_OK) {
    int left = 0;
    while (CURLMsg* const message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const size_t place = places.at(message->easy_handle);
      answers[place] = exchanges[place]->Finish(message->data.result);
    }
    if (running > 0) {
      curl_multi_poll(multi, nullptr, 0, static_cast<int>(absl::ToInt64Milliseconds(kLookAtTheScope)), nullptr);
    }
  }
  for (const auto& [curl, place] : places) curl_multi_remove_handle(multi, curl);
  return answers;
}

}  // namespace masthead::http
