// An import of members beside what it costs at least: a plain COPY of the same columns.
//
//   member_import_bench [--members=1000000] [--rounds=5]
//
// Each round imports a file of members who are not there yet over gRPC (parsed, checked, sealed, announced), then
// copies the rows that came of it, as Postgres itself wrote them, into an empty table with the same indexes. The server
// is a process of its own, plain text on loopback. Medians; exits with 1 if importing is below the bar.
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "masthead/memberships/v1/member_exchange_service.grpc.pb.h"
#include "services/memberships/memberships.h"
#include "tests/bench/measured_calls.h"
#include "tests/bench/memberships_server.h"
#include "tests/bench/server_process.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

ABSL_FLAG(int, members, 1'000'000, "Members in a file.");
ABSL_FLAG(int, rounds, 5, "Imports.");
ABSL_FLAG(std::string, role, "", "For the program's own children.");
ABSL_FLAG(std::string, dsn, "", "For the program's own children.");

namespace masthead::memberships {
namespace {

constexpr double kBar = 0.4;
constexpr size_t kMessageBytes = 512 * 1024;

std::string MakeFile(int members) {
  std::string file = "email,name,labels,locale,time_zone\n";
  for (int i = 0; i < members; ++i) {
    absl::StrAppend(&file, "reader.number", i, "@readers", i % 100, ".example,Reader Number ", i,
                    ",source=paper;wave=", i % 10, ",uk,Europe/Kyiv\n");
  }
  return file;
}

// Members a second.
double Import(const bench::ServerProcess& server, const std::string& file) {
  v1::MemberExchangeService::Stub stub(grpc::CreateChannel(server.target(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  testing::Authorize(context, server.word(1));
  const absl::Time start = absl::Now();
  const auto stream = stub.ImportMembers(&context);
  std::thread writer([&] {
    v1::ImportMembersRequest request;
    for (size_t i = 0; i < file.size(); i += kMessageBytes) {
      request.set_data(file.substr(i, kMessageBytes));
      if (!stream->Write(request)) break;
    }
    stream->WritesDone();
  });
  v1::ImportMembersResponse response;
  while (stream->Read(&response)) {
  }
  writer.join();
  const grpc::Status status = stream->Finish();
  if (!status.ok() || response.created_count() != absl::GetFlag(FLAGS_members)) {
    std::cerr << "only " << response.created_count() << " were imported: " << status.error_message() << std::endl;
    std::exit(2);
  }
  return absl::GetFlag(FLAGS_members) / absl::ToDoubleSeconds(absl::Now() - start);
}

double Copy(testing::TestDatabase& postgres) {
  const std::string file =
      absl::StrCat("'", postgres.QueryValue("SHOW data_directory"), "/", postgres.name(), ".copy'");
  postgres.Execute(absl::StrCat("DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE members INCLUDING ALL); ",
                                "COPY members TO ", file, "; CHECKPOINT"));
  const absl::Time start = absl::Now();
  postgres.Execute(absl::StrCat("COPY copied FROM ", file));
  return absl::GetFlag(FLAGS_members) / absl::ToDoubleSeconds(absl::Now() - start);
}

int Run() {
  testing::TestDatabase postgres(Schema());
  const bench::ServerProcess server({"--role=memberships", absl::StrCat("--dsn=", postgres.dsn())});
  const std::string file = MakeFile(absl::GetFlag(FLAGS_members));
  std::vector<double> imported;
  std::vector<double> copied;
  for (int round = 0; round < absl::GetFlag(FLAGS_rounds); ++round) {
    postgres.Execute("TRUNCATE members, event CASCADE");
    imported.push_back(Import(server, file));
    copied.push_back(Copy(postgres));
  }
  const double ratio = bench::Median(imported) / bench::Median(copied);
  std::printf("%d members, medians of %d\n", absl::GetFlag(FLAGS_members), absl::GetFlag(FLAGS_rounds));
  std::printf("%-28s %8.0f a second\n", "COPY", bench::Median(copied));
  std::printf("%-28s %8.0f a second   %.2f (bar %.2f)\n", "ImportMembers", bench::Median(imported), ratio, kBar);
  return ratio >= kBar ? 0 : 1;
}

}  // namespace
}  // namespace masthead::memberships

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As our binaries do.
  if (absl::GetFlag(FLAGS_role) == "memberships") {
    return masthead::memberships::ServeMemberships(absl::GetFlag(FLAGS_dsn), 6);
  }
  return masthead::memberships::Run();
}
