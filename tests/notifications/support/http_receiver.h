// A server over HTTP that keeps what it heard and answers as a test says: whoever the service calls.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/base/mutex.h"
#include "httplib.h"

namespace masthead::notifications {

class HttpReceiver {
 public:
  using Answering = std::function<httplib::Response(const httplib::Request&)>;

  HttpReceiver();
  ~HttpReceiver();

  // `http://127.0.0.1:port`
  std::string url() const;

  // From now on; 200 and nothing at first.
  void AnswerBy(Answering answering);
  void Answer(int status, const std::string& body = "", const std::string& retry_after = "");

  // What was heard, in its order.
  std::vector<httplib::Request> Heard();

 private:
  Mutex mutex_;
  Answering answering_ ABSL_GUARDED_BY(mutex_);
  std::vector<httplib::Request> heard_ ABSL_GUARDED_BY(mutex_);
  httplib::Server server_;
  const int port_;
  std::thread serving_;
};

}  // namespace masthead::notifications
