#include "common/rpc/service.h"

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/telemetry/log.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/proto_buffer_writer.h"

namespace masthead::rpc {
namespace {

// A wiring bug: better no process than one that serves half its contract.
[[noreturn]] void Abort(absl::string_view message, absl::string_view method) {
  telemetry::Error(message, {{"method", std::string(method)}});
  std::abort();
}

const google::protobuf::MethodDescriptor& FindMethod(const google::protobuf::ServiceDescriptor& service,
                                                     const char* name, const google::protobuf::Descriptor* request,
                                                     const google::protobuf::Descriptor* response, bool server_streams,
                                                     bool client_streams) {
  const google::protobuf::MethodDescriptor* method = service.FindMethodByName(name);
  if (method == nullptr) Abort("no such RPC", absl::StrCat(service.full_name(), ".", name));
  const bool matches = method->input_type() == request && method->output_type() == response &&
                       method->server_streaming() == server_streams && method->client_streaming() == client_streams;
  if (!matches) Abort("the handler's types are not the RPC's", method->full_name());
  return *method;
}

}  // namespace

absl::Status ParseRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message& request) {
  grpc::ByteBuffer copy = bytes;  // Shares the slices; the reader wants a mutable buffer.
  grpc::ProtoBufferReader reader(&copy);
  if (reader.status().ok() && request.ParseFromZeroCopyStream(&reader)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("the bytes are no valid ", request.GetDescriptor()->full_name()),
                   {kCommonErrorDomain, "MALFORMED_REQUEST"});
}

grpc::ByteBuffer ToByteBuffer(const google::protobuf::Message& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

void Service::Add(const char* name, const google::protobuf::Descriptor* request,
                  const google::protobuf::Descriptor* response, UnaryMethod method) {
  method.descriptor =
      &FindMethod(*descriptor_, name, request, response, /*server_streams=*/false, /*client_streams=*/false);
  unary_.push_back(std::move(method));
}

void Service::Add(const char* name, const google::protobuf::Descriptor* request,
                  const google::protobuf::Descriptor* response, StreamMethod method) {
  method.descriptor =
      &FindMethod(*descriptor_, name, request, response, /*server_streams=*/true, /*client_streams=*/false);
  streams_.push_back(std::move(method));
}

void Service::Add(const char* name, const google::protobuf::Descriptor* request,
                  const google::protobuf::Descriptor* response, DialogueMethod method) {
  method.descriptor =
      &FindMethod(*descriptor_, name, request, response, /*server_streams=*/true, /*client_streams=*/true);
  dialogues_.push_back(std::move(method));
}

}  // namespace masthead::rpc
