#include "tests/bench/reading_servers.h"

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/rpc/server.h"
#include "grpcpp/impl/codegen/rpc_service_method.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/codegen/service_type.h"
#include "grpcpp/server_builder.h"
#include "services/articles/articles.h"
#include "tests/bench/server_process.h"
#include "tests/support/test_server.h"

namespace masthead::articles {
namespace {

// The least that a gRPC server can do: bytes in, the same bytes out each time.
class Echo final : public grpc::Service {
 public:
  explicit Echo(int bytes) {
    const std::string text(bytes, 'x');
    grpc::Slice slice(text);
    answer_ = grpc::ByteBuffer(&slice, 1);
    AddMethod(new grpc::internal::RpcServiceMethod(kEchoMethod, grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    MarkMethodRawCallback(
        0, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
               [this](grpc::CallbackServerContext* context, const grpc::ByteBuffer*, grpc::ByteBuffer* response) {
                 *response = answer_;
                 grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
                 reactor->Finish(grpc::Status::OK);
                 return reactor;
               }));
  }

 private:
  grpc::ByteBuffer answer_;
};

}  // namespace

int ServeEcho(int response_bytes) {
  Echo echo(response_bytes);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 100);
  builder.RegisterService(&echo);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  bench::ServeUntilInputEnds(absl::StrCat(port));
  server->Shutdown();
  return 0;
}

int ServeArticles(const std::string& dsn) {
  db::Database database({.dsn = dsn});
  Articles articles(database, Clock::System(), crypto::MacKey::Random());
  const testing::TestIdentity identity;
  const auth::Authenticator authenticator(identity.keys(), Clock::System());
  rpc::Server server({.listen = "127.0.0.1:0", .health_listen = "", .lame_duck_quiet = absl::ZeroDuration()},
                     authenticator, grpc::InsecureServerCredentials(), [] { return absl::OkStatus(); });
  for (const rpc::Service* service : articles.services()) server.Add(*service);
  articles.StartWorkers();
  if (const absl::Status started = server.Start(); !started.ok()) {
    std::cerr << started << std::endl;
    return 1;
  }
  bench::ServeUntilInputEnds(absl::StrCat(server.port(), " ", identity.StaffToken({"editor"}), " ",
                                          identity.MemberToken("members/reader", {"tiers/gold"})));
  articles.StopWorkers();
  server.Drain();
  return 0;
}

}  // namespace masthead::articles
