// EchoService with a handler that each test chooses.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/service.h"
#include "echo_service.pb.h"

namespace masthead::testing {

class Echo {
 public:
  using Handler = std::function<absl::StatusOr<v1::EchoResponse>(const rpc::Call&, const v1::EchoRequest&)>;
  using Source = std::function<absl::StatusOr<rpc::Next<v1::EchoResponse>>(const v1::EchoRequest&, const Scope&)>;

  Echo() : service_(*v1::EchoRequest::descriptor()->file()->FindServiceByName("EchoService")) {
    service_.Unary("Echo", this, &Echo::Say);
    service_.Unary("EchoForFew", this, &Echo::Say);
    service_.ServerStream("EchoOften", this, &Echo::SayOften, &bell);
    service_.BidiStream("EchoEach", this, &Echo::SayEach);
  }

  const rpc::Service& service() const { return service_; }

  Handler handler = [](const rpc::Call&, const v1::EchoRequest& request) { return Response(request.text()); };
  Source source = [](const v1::EchoRequest&, const Scope&) { return rpc::Next<v1::EchoResponse>::End(); };
  // Before each answer of EchoEach.
  std::function<absl::Status(const v1::EchoRequest&)> listener = [](const v1::EchoRequest&) {
    return absl::OkStatus();
  };
  rpc::Bell bell;
  std::atomic<int> open_streams = 0;

  static v1::EchoResponse Response(const std::string& text) {
    v1::EchoResponse response;
    response.set_text(text);
    return response;
  }

 private:
  class Stream final : public rpc::Stream<v1::EchoResponse> {
   public:
    Stream(Echo& echo, const v1::EchoRequest& request) : echo_(echo), request_(request) { ++echo_.open_streams; }
    ~Stream() override { --echo_.open_streams; }
    absl::StatusOr<rpc::Next<v1::EchoResponse>> Ask(const Scope& scope) override {
      return echo_.source(request_, scope);
    }

   private:
    Echo& echo_;
    const v1::EchoRequest request_;
  };

  class Dialogue final : public rpc::Dialogue<v1::EchoRequest, v1::EchoResponse> {
   public:
    explicit Dialogue(Echo& echo) : echo_(echo) { ++echo_.open_streams; }
    ~Dialogue() override { --echo_.open_streams; }
    absl::Status Take(const Scope&, const v1::EchoRequest& request) override {
      text_ = request.text();
      left_ = text_.size();
      return echo_.listener(request);
    }
    absl::Status TakeEnd(const Scope&) override {
      text_ = "bye";
      left_ = 1;
      ended_ = true;
      return absl::OkStatus();
    }
    absl::StatusOr<rpc::Next<v1::EchoResponse>> Ask(const Scope&) override {
      if (left_ > 0) {
        --left_;
        return rpc::Next<v1::EchoResponse>::Message(Response(text_));
      }
      return ended_ ? rpc::Next<v1::EchoResponse>::End() : rpc::Next<v1::EchoResponse>::Wait(absl::ZeroDuration());
    }

   private:
    Echo& echo_;
    std::string text_;
    size_t left_ = 0;
    bool ended_ = false;
  };

  absl::StatusOr<std::unique_ptr<rpc::Dialogue<v1::EchoRequest, v1::EchoResponse>>> SayEach(const rpc::Call&) {
    return std::make_unique<Dialogue>(*this);
  }
  absl::StatusOr<v1::EchoResponse> Say(const rpc::Call& call, const v1::EchoRequest& request) {
    return handler(call, request);
  }
  absl::StatusOr<std::unique_ptr<rpc::Stream<v1::EchoResponse>>> SayOften(const rpc::Call&,
                                                                          const v1::EchoRequest& request) {
    return std::make_unique<Stream>(*this, request);
  }

  rpc::Service service_;
};

}  // namespace masthead::testing
