#include "tests/notifications/support/http_receiver.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace masthead::notifications {

HttpReceiver::HttpReceiver() : port_(server_.bind_to_any_port("127.0.0.1")) {
  Answer(200);
  server_.set_keep_alive_max_count(1);  // Else stopping it waits for the client.
  server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
    Answering answering;
    {
      MutexLock lock(mutex_);
      heard_.push_back(request);
      answering = answering_;
    }
    response = answering(request);
  });
  serving_ = std::thread([this] { server_.listen_after_bind(); });
}

HttpReceiver::~HttpReceiver() {
  server_.stop();
  serving_.join();
}

std::string HttpReceiver::url() const { return absl::StrCat("http://127.0.0.1:", port_); }

void HttpReceiver::AnswerBy(Answering answering) {
  MutexLock lock(mutex_);
  answering_ = std::move(answering);
}

void HttpReceiver::Answer(int status, const std::string& body, const std::string& retry_after) {
  AnswerBy([=](const httplib::Request&) {
    httplib::Response answer;
    answer.status = status;
    answer.body = body;
    if (!retry_after.empty()) answer.set_header("Retry-After", retry_after);
    return answer;
  });
}

std::vector<httplib::Request> HttpReceiver::Heard() {
  MutexLock lock(mutex_);
  return heard_;
}

}  // namespace masthead::notifications
