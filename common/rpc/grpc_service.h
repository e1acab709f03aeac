// A rpc::Service as gRPC sees it: raw callback methods under the names of its descriptor.
#pragma once

#include <deque>
#include <string>

#include "common/rpc/call_runner.h"
#include "common/rpc/service.h"
#include "grpcpp/impl/codegen/service_type.h"

namespace masthead::rpc {

// Does what the code that protoc generates does for raw callback methods, without being generated: so one template
// serves every RPC, and malformed bytes reach our own parser instead of gRPC's, which reports them as a server's fault.
class GrpcService final : public grpc::Service {
 public:
  explicit GrpcService(Runtime& runtime) : runtime_(runtime) {}

  void Add(const UnaryMethod& handler, options::v1::Policy policy);
  void Add(const StreamMethod& handler, options::v1::Policy policy);
  void Add(const DialogueMethod& handler, options::v1::Policy policy);

 private:
  const MethodRuntime& AddRuntime(const google::protobuf::MethodDescriptor& method, options::v1::Policy policy);

  Runtime& runtime_;
  std::deque<std::string> names_;  // gRPC keeps pointers to them.
  std::deque<MethodRuntime> methods_;
};

}  // namespace masthead::rpc
