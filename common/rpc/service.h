// The one way in: every RPC of every service is registered here, and runs through the same steps.
//
//   rpc::Service service(*v1::ArticlesService::descriptor());           // reads names, types and policies from the
//   descriptor service.Unary("PublishArticle", this, &ArticlesService::Publish); service.Stream("WatchEvents", this,
//   &EventsService::Watch, &bell);
//
// A call arrives as bytes. Parse -> authenticate -> admit (policy) -> deadline -> executor -> handler -> status and
// details -> metrics, log. Malformed bytes are INVALID_ARGUMENT, a full executor UNAVAILABLE with RetryInfo, an
// exception INTERNAL with an incident identifier; what went wrong inside is logged and never told.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace masthead::rpc {

// One RPC without its types, as the server runs it.
struct UnaryMethod {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::function<std::unique_ptr<google::protobuf::Message>()> make_request;
  // Runs the handler; gives the response's bytes.
  std::function<absl::StatusOr<grpc::ByteBuffer>(const Call&, const google::protobuf::Message&)> handle;
  // Answers at once from memory if it can, on the transport's thread; null for most RPCs. Never blocks.
  std::function<std::optional<grpc::ByteBuffer>(const Call&, const google::protobuf::Message&)> handle_now;
};

// A Stream of bytes.
using ByteStream = Stream<grpc::ByteBuffer>;

struct StreamMethod {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::function<std::unique_ptr<google::protobuf::Message>()> make_request;
  std::function<absl::StatusOr<std::unique_ptr<ByteStream>>(const Call&, const google::protobuf::Message&)> open;
  Bell* bell = nullptr;
};

// A Dialogue of bytes.
class ByteDialogue {
 public:
  virtual ~ByteDialogue() = default;
  virtual absl::Status Take(const Scope& scope, const grpc::ByteBuffer& request) = 0;
  virtual absl::Status TakeEnd(const Scope& scope) = 0;
  virtual absl::StatusOr<Next<grpc::ByteBuffer>> Ask(const Scope& scope) = 0;
};

struct DialogueMethod {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::function<absl::StatusOr<std::unique_ptr<ByteDialogue>>(const Call&)> open;
};

// INVALID_ARGUMENT, MALFORMED_REQUEST, if the bytes are no such message (bad UTF-8 included).
absl::Status ParseRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message& request);

grpc::ByteBuffer ToByteBuffer(const google::protobuf::Message& message);

// The RPCs of one proto service, bound to handlers.
class Service {
 public:
  explicit Service(const google::protobuf::ServiceDescriptor& descriptor) : descriptor_(&descriptor) {}

  // Binds `absl::StatusOr<Response> (Object::*)(const Call&, const Request&)`.
  template <typename Object, typename Request, typename Response>
  void Unary(const char* name, Object* object,
             absl::StatusOr<Response> (Object::*method)(const Call&, const Request&)) {
    Add(name, Request::descriptor(), Response::descriptor(),
        UnaryMethod{.make_request = [] { return std::make_unique<Request>(); },
                    .handle = [object, method](const Call& call, const google::protobuf::Message& request)
                        -> absl::StatusOr<grpc::ByteBuffer> {
                      absl::StatusOr<Response> response = (object->*method)(call, static_cast<const Request&>(request));
                      if (!response.ok()) return response.status();
                      return ToByteBuffer(*response);
                    }});
  }

  // As Unary, for an RPC whose answers are kept serialised (`Bytes` of the response type): `now` may answer at once
  // from memory.
  template <typename Response, typename Object, typename Request>
  void UnaryBytes(const char* name, Object* object,
                  absl::StatusOr<grpc::ByteBuffer> (Object::*method)(const Call&, const Request&),
                  std::optional<grpc::ByteBuffer> (Object::*now)(const Call&, const Request&)) {
    Add(name, Request::descriptor(), Response::descriptor(),
        UnaryMethod{.make_request = [] { return std::make_unique<Request>(); },
                    .handle =
                        [object, method](const Call& call, const google::protobuf::Message& request) {
                          return (object->*method)(call, static_cast<const Request&>(request));
                        },
                    .handle_now =
                        [object, now](const Call& call, const google::protobuf::Message& request) {
                          return (object->*now)(call, static_cast<const Request&>(request));
                        }});
  }

  // Binds `absl::StatusOr<std::unique_ptr<rpc::Stream<Response>>> (Object::*)(const Call&, const Request&)`, which
  // opens one call's stream; neither argument outlives that. `bell`, if any, wakes the streams that wait.
  template <typename Object, typename Request, typename Response>
  void ServerStream(const char* name, Object* object,
                    absl::StatusOr<std::unique_ptr<Stream<Response>>> (Object::*method)(const Call&, const Request&),
                    Bell* bell = nullptr) {
    Add(name, Request::descriptor(), Response::descriptor(),
        StreamMethod{.make_request = [] { return std::make_unique<Request>(); },
                     .open = [object, method](const Call& call, const google::protobuf::Message& request)
                         -> absl::StatusOr<std::unique_ptr<ByteStream>> {
                       auto stream = (object->*method)(call, static_cast<const Request&>(request));
                       if (!stream.ok()) return stream.status();
                       return std::make_unique<Serialized<Response>>(*std::move(stream));
                     },
                     .bell = bell});
  }

  // Binds `absl::StatusOr<std::unique_ptr<rpc::Dialogue<Request, Response>>> (Object::*)(const Call&)`, which opens one
  // call in which both sides stream.
  template <typename Object, typename Request, typename Response>
  void BidiStream(const char* name, Object* object,
                  absl::StatusOr<std::unique_ptr<Dialogue<Request, Response>>> (Object::*method)(const Call&)) {
    Add(name, Request::descriptor(), Response::descriptor(),
        DialogueMethod{.open = [object, method](const Call& call) -> absl::StatusOr<std::unique_ptr<ByteDialogue>> {
          auto dialogue = (object->*method)(call);
          if (!dialogue.ok()) return dialogue.status();
          return std::make_unique<SerializedDialogue<Request, Response>>(*std::move(dialogue));
        }});
  }

  const google::protobuf::ServiceDescriptor& descriptor() const { return *descriptor_; }
  const std::vector<UnaryMethod>& unary_methods() const { return unary_; }
  const std::vector<StreamMethod>& stream_methods() const { return streams_; }
  const std::vector<DialogueMethod>& dialogue_methods() const { return dialogues_; }

 private:
  template <typename Response>
  static absl::StatusOr<Next<grpc::ByteBuffer>> Serialize(absl::StatusOr<Next<Response>> next) {
    if (!next.ok()) return next.status();
    switch (next->kind) {
      case Next<Response>::Kind::kMessage:
        return Next<grpc::ByteBuffer>::Message(ToByteBuffer(next->message));
      case Next<Response>::Kind::kWait:
        return Next<grpc::ByteBuffer>::Wait(next->patience);
      case Next<Response>::Kind::kEnd:
        break;
    }
    return Next<grpc::ByteBuffer>::End();
  }

  template <typename Response>
  class Serialized final : public ByteStream {
   public:
    explicit Serialized(std::unique_ptr<Stream<Response>> stream) : stream_(std::move(stream)) {}
    absl::StatusOr<Next<grpc::ByteBuffer>> Ask(const Scope& scope) override { return Serialize(stream_->Ask(scope)); }

   private:
    std::unique_ptr<Stream<Response>> stream_;
  };

  template <typename Request, typename Response>
  class SerializedDialogue final : public ByteDialogue {
   public:
    explicit SerializedDialogue(std::unique_ptr<Dialogue<Request, Response>> dialogue)
        : dialogue_(std::move(dialogue)) {}
    absl::Status Take(const Scope& scope, const grpc::ByteBuffer& bytes) override {
      Request request;
      if (absl::Status parsed = ParseRequest(bytes, request); !parsed.ok()) return parsed;
      return dialogue_->Take(scope, request);
    }
    absl::Status TakeEnd(const Scope& scope) override { return dialogue_->TakeEnd(scope); }
    absl::StatusOr<Next<grpc::ByteBuffer>> Ask(const Scope& scope) override { return Serialize(dialogue_->Ask(scope)); }

   private:
    std::unique_ptr<Dialogue<Request, Response>> dialogue_;
  };

  // Stops the process at start if the RPC does not exist or has other types: a wiring bug.
  void Add(const char* name, const google::protobuf::Descriptor* request, const google::protobuf::Descriptor* response,
           UnaryMethod method);
  void Add(const char* name, const google::protobuf::Descriptor* request, const google::protobuf::Descriptor* response,
           StreamMethod method);
  void Add(const char* name, const google::protobuf::Descriptor* request, const google::protobuf::Descriptor* response,
           DialogueMethod method);

  const google::protobuf::ServiceDescriptor* descriptor_;
  std::vector<UnaryMethod> unary_;
  std::vector<StreamMethod> streams_;
  std::vector<DialogueMethod> dialogues_;
};

}  // namespace masthead::rpc
