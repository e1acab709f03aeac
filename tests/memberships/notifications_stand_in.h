// Speaks the proto of notifications' transactional lane, and keeps what it was asked to send. The real one is met in
// tests/e2e.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "common/rpc/channel.h"
#include "grpcpp/channel.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "masthead/notifications/v1/transactional_service.grpc.pb.h"

namespace masthead::memberships {

class NotificationsStandIn final : public notifications::v1::TransactionalService::Service {
 public:
  using Letter = notifications::v1::SendTransactionalRequest;

  NotificationsStandIn() {
    grpc::ServerBuilder builder;
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    channel_ = server_->InProcessChannel({});
  }
  ~NotificationsStandIn() override { server_->Shutdown(std::chrono::system_clock::now()); }

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // What it says from now on; OK takes letters.
  void Answer(absl::Status status) {
    MutexLock lock(mutex_);
    answer_ = std::move(status);
  }

  // Taken so far, oldest first.
  std::vector<Letter> letters() {
    MutexLock lock(mutex_);
    return letters_;
  }
  int calls() {
    MutexLock lock(mutex_);
    return calls_;
  }

 private:
  grpc::Status SendTransactional(grpc::ServerContext*, const Letter* request,
                                 notifications::v1::Message* response) override {
    MutexLock lock(mutex_);
    ++calls_;
    if (!answer_.ok()) return rpc::ToGrpcStatus(answer_);
    for (const Letter& known : letters_) {
      if (known.request_id() == request->request_id()) return grpc::Status::OK;
    }
    letters_.push_back(*request);
    response->set_name(absl::StrCat("messages/", request->request_id()));
    return grpc::Status::OK;
  }

  Mutex mutex_;
  absl::Status answer_ ABSL_GUARDED_BY(mutex_);
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Letter> letters_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace masthead::memberships
