// Load on one RPC from one thread, cheap enough to leave the machine to the server.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"

namespace masthead::bench {

struct Outcome {
  int64_t offered = 0;
  int64_t ok = 0;
  int64_t failed = 0;                    // Neither answered nor refused.
  std::vector<absl::Duration> refusals;  // How long each UNAVAILABLE took.
  absl::Duration length;
};

absl::Duration Percentile(std::vector<absl::Duration> durations, double fraction);

class CallLoad {
 public:
  // Over so many connections; `token` may be empty.
  CallLoad(const std::string& target, int connections, std::string method, const std::string& request,
           std::string token);
  // The same with several requests, in turn.
  CallLoad(const std::string& target, int connections, std::string method, const std::vector<std::string>& requests,
           std::string token);
  ~CallLoad();
  CallLoad(CallLoad&&) noexcept;

  // So many calls in flight, the next when one is answered.
  Outcome Closed(int in_flight, absl::Duration length);

  // So many calls a second, whether or not they are answered; each is given a second.
  Outcome Open(double per_second, absl::Duration length);

 private:
  struct Call;
  class Run;

  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  std::string method_;
  std::vector<grpc::ByteBuffer> requests_;
  size_t next_request_ = 0;
  std::string token_;
};

}  // namespace masthead::bench
