// Channels and contexts for calling the other services.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/status.h"

namespace masthead::rpc {

// A channel with round robin, keepalive, DNS refreshed at most every second, and retries of UNAVAILABLE with a budget.
// `target` is `dns:///articles:8443` or `ipv4:127.0.0.1:7401,127.0.0.1:7402`.
std::shared_ptr<grpc::Channel> Connect(const std::string& target,
                                       const std::shared_ptr<grpc::ChannelCredentials>& credentials);

// Sets the deadline, the trace of the current thread and, if given, the token of the user we act for.
void Prepare(grpc::ClientContext& context, absl::Time deadline, absl::string_view authorization = {});

// The wire forms. The payloads of `status` become google.rpc.Status details.
google::rpc::Status ToRpcStatus(const absl::Status& status);
grpc::Status ToGrpcStatus(const absl::Status& status);

// The inverse, for clients.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace masthead::rpc
