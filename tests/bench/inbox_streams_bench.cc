// What a reader costs who does nothing but wait: the memory that the service uses for streams of inboxes in which
// nothing happens, beside the bound that it is to stay below.
//
//   inbox_streams_bench [--streams=10000] [--channels=120]
//
// The service runs in a process of its own. Its resident memory is read before the first stream is opened and after
// every stream has had its first frame; then each reader is told something, and the time until the last stream has it
// is measured. Exits with 1 if all the streams together need more than the bound.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/token.h"
#include "common/rpc/server.h"
#include "grpcpp/create_channel.h"
#include "masthead/notifications/v1/inbox_service.grpc.pb.h"
#include "services/notifications/inbox/inbox_store.h"
#include "services/notifications/notifications.h"
#include "services/notifications/schema.h"
#include "tests/bench/server_process.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

ABSL_FLAG(int, streams, 10000, "Readers who wait.");
ABSL_FLAG(int, channels, 120, "Connections that their streams share: the server takes 100 streams on each.");
ABSL_FLAG(std::string, role, "", "For the program's own child.");
ABSL_FLAG(std::string, dsn, "", "For the program's own child.");

namespace masthead::notifications {
namespace {

constexpr double kBoundMegabytesOfTenThousand = 200;

double ResidentMegabytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == "VmRSS:" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

int Serve() {
  db::Database database({.dsn = absl::GetFlag(FLAGS_dsn), .max_connections = 8});
  const auto nowhere = grpc::CreateChannel("ipv4:127.0.0.1:1", grpc::InsecureChannelCredentials());
  NotificationsOptions options;
  options.letters = {.from = "alerts@news.example",
                     .from_name = "The Example",
                     .return_path = "bounces@news.example",
                     .domain = "news.example",
                     .public_base_url = "https://news.example"};
  options.route.smtp.host = "127.0.0.1";
  options.route.smtp.port = 1;
  Notifications notifications(database, crypto::MacKey::Random(), nowhere, nowhere, std::move(options));
  const testing::TestIdentity identity;
  const auth::Authenticator authenticator(identity.keys(), Clock::System());
  rpc::Server server({.listen = "127.0.0.1:0", .health_listen = "", .lame_duck_quiet = absl::ZeroDuration()},
                     authenticator, grpc::InsecureServerCredentials(), [] { return absl::OkStatus(); });
  for (const rpc::Service* service : notifications.services()) server.Add(*service);
  if (const absl::Status started = server.Start(); !started.ok()) {
    std::cerr << started << std::endl;
    return 1;
  }
  notifications.StartSending();
  bench::ServeUntilInputEnds(absl::StrCat(server.port(), " ", identity.BackendToken({"notifications.read"})));
  server.Drain();
  notifications.StopWorkers();
  return 0;
}

struct Reader {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<v1::StreamInboxResponse>> stream;
};

int Run() {
  const int streams = absl::GetFlag(FLAGS_streams);
  testing::TestDatabase postgres(Schema());
  postgres.Execute(
      absl::StrCat("INSERT INTO recipients (id) SELECT 'reader-' || i FROM generate_series(0, ", streams - 1, ") i"));
  const bench::ServerProcess server({"--role=notifications", absl::StrCat("--dsn=", postgres.dsn())});

  std::vector<std::unique_ptr<v1::InboxService::Stub>> stubs;
  for (int i = 0; i < absl::GetFlag(FLAGS_channels); ++i) {
    grpc::ChannelArguments own_connection;
    own_connection.SetInt("bench.channel", i);
    stubs.push_back(v1::InboxService::NewStub(
        grpc::CreateCustomChannel(server.target(), grpc::InsecureChannelCredentials(), own_connection)));
  }
  const double before = ResidentMegabytes(server.pid());
  std::vector<std::unique_ptr<Reader>> readers;
  v1::StreamInboxResponse frame;
  const absl::Time opening = absl::Now();
  for (int i = 0; i < streams; ++i) {
    readers.push_back(std::make_unique<Reader>());
    testing::Authorize(readers.back()->context, server.word(1));
    v1::StreamInboxRequest request;
    request.set_parent(absl::StrCat("recipients/reader-", i));
    readers.back()->stream = stubs[i % stubs.size()]->StreamInbox(&readers.back()->context, request);
    if (!readers.back()->stream->Read(&frame)) {
      std::cerr << "stream " << i << " was refused: " << readers.back()->stream->Finish().error_message() << std::endl;
      return 2;
    }
  }
  const double opened_in = absl::ToDoubleSeconds(absl::Now() - opening);
  const double used = ResidentMegabytes(server.pid()) - before;

  const absl::Time telling = absl::Now();
  std::vector<int64_t> numbers;
  for (int i = 1; i <= streams; ++i) numbers.push_back(i);
  const absl::Status told = postgres.database().Write({}, [&](db::Transaction& tx) {
    AddInboxItem(tx, numbers, {.id = "news", .title = "News"});
    return absl::OkStatus();
  });
  if (!told.ok()) {
    std::cerr << told << std::endl;
    return 2;
  }
  for (const std::unique_ptr<Reader>& reader : readers) reader->stream->Read(&frame);
  const double told_in = absl::ToDoubleSeconds(absl::Now() - telling);

  const double bound = kBoundMegabytesOfTenThousand * streams / 10000;
  std::printf("%d idle streams opened in %.1f s: %.0f MB, %.1f kB each; %.2f of the bound of %.0f MB\n", streams,
              opened_in, used, used * 1024 / streams, used / bound, bound);
  std::printf("all told by another process, to the last stream: %.2f s; then %.0f MB\n", told_in,
              ResidentMegabytes(server.pid()) - before);
  for (const std::unique_ptr<Reader>& reader : readers) reader->context.TryCancel();
  return used <= bound ? 0 : 1;
}

}  // namespace
}  // namespace masthead::notifications

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return absl::GetFlag(FLAGS_role).empty() ? masthead::notifications::Run() : masthead::notifications::Serve();
}
