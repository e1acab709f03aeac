#include "common/rpc/grpc_service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/impl/codegen/rpc_service_method.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"

namespace masthead::rpc {
namespace {

using grpc::ByteBuffer;
using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;

std::string WireName(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

}  // namespace

void GrpcService::Add(const UnaryMethod& handler, options::v1::Policy policy) {
  const MethodRuntime& method = AddRuntime(*handler.descriptor, std::move(policy));
  AddMethod(new RpcServiceMethod(names_.back().c_str(), RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(static_cast<int>(methods_.size()) - 1,
                        new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
                            [this, &method, &handler](grpc::CallbackServerContext* context, const ByteBuffer* request,
                                                      ByteBuffer* response) {
                              return RunUnary(runtime_, method, handler, *context, *request, *response);
                            }));
}

void GrpcService::Add(const StreamMethod& handler, options::v1::Policy policy) {
  const MethodRuntime& method = AddRuntime(*handler.descriptor, std::move(policy));
  AddMethod(new RpcServiceMethod(names_.back().c_str(), RpcMethod::SERVER_STREAMING, nullptr));
  MarkMethodRawCallback(static_cast<int>(methods_.size()) - 1,
                        new grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>(
                            [this, &method, &handler](grpc::CallbackServerContext* context, const ByteBuffer* request) {
                              return RunStream(runtime_, method, handler, *context, *request);
                            }));
}

void GrpcService::Add(const DialogueMethod& handler, options::v1::Policy policy) {
  const MethodRuntime& method = AddRuntime(*handler.descriptor, std::move(policy));
  AddMethod(new RpcServiceMethod(names_.back().c_str(), RpcMethod::BIDI_STREAMING, nullptr));
  MarkMethodRawCallback(static_cast<int>(methods_.size()) - 1,
                        new grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>(
                            [this, &method, &handler](grpc::CallbackServerContext* context) {
                              return RunDialogue(runtime_, method, handler, *context);
                            }));
}

const MethodRuntime& GrpcService::AddRuntime(const google::protobuf::MethodDescriptor& method,
                                             options::v1::Policy policy) {
  names_.push_back(WireName(method));
  return methods_.emplace_back(method, std::move(policy));
}

}  // namespace masthead::rpc
