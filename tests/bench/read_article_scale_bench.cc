// ReadArticle from memory beside an echo of the same bytes, whatever the number of articles in the store.
//
//   read_article_scale_bench [--articles=10,10000,1000000] [--seconds=2] [--in_flight=64]
//
// One service for each number, each with a database of its own and in a process of its own, and the echo are measured
// in turns, five rounds; medians of the server's CPU per call. Exits with 1 if one of them is below the bar, or the
// dearest is too far from the cheapest.
#include <algorithm>
#include <cstdio>
#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/call_runner.h"
#include "grpcpp/create_channel.h"
#include "masthead/articles/v1/reading_service.grpc.pb.h"
#include "services/articles/articles.h"
#include "services/articles/indexing/lexemes.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/filled_store.h"
#include "tests/bench/measured_calls.h"
#include "tests/bench/reading_servers.h"
#include "tests/bench/server_process.h"
#include "tests/support/test_database.h"

ABSL_FLAG(std::vector<std::string>, articles, std::vector<std::string>({"10", "10000", "1000000"}),
          "How many articles are in the stores.");
ABSL_FLAG(double, seconds, 2, "Length of one measurement.");
ABSL_FLAG(int, in_flight, 64, "Calls in flight in the closed loop.");
ABSL_FLAG(std::string, role, "", "For the program's own children.");
ABSL_FLAG(std::string, dsn, "", "For the program's own children.");
ABSL_FLAG(int, response_bytes, 0, "For the program's own children.");

namespace masthead::articles {
namespace {

constexpr int kRounds = 5;
constexpr double kBar = 0.85;
constexpr double kSpreadBar = 1.10;
constexpr char kPath[] = "/en/a1";

// Searches find all of them: nothing is left to be indexed while reading is measured.
constexpr char kIndex[] = R"sql(
  INSERT INTO search_documents (article_id, revision, analysis, language_code, publish_time, words)
  SELECT article_id, revision, $analysis, language_code, publish_time, 'story:1'
  FROM published_articles)sql";

// A service over so many articles.
class Store {
 public:
  explicit Store(int articles) : title_(absl::StrCat("of ", articles, " articles")) {
    bench::FillWithArticles(postgres_, articles);
    postgres_.Execute(absl::StrReplaceAll(kIndex, {{"$analysis", absl::StrCat(kAnalysisVersion)}}));
    postgres_.Execute("VACUUM ANALYZE");
    server_ = std::make_unique<bench::ServerProcess>(
        std::vector<std::string>{"--role=articles", absl::StrCat("--dsn=", postgres_.dsn())});
  }

  const std::string& title() const { return title_; }
  const bench::ServerProcess& server() const { return *server_; }

  size_t BytesOfAnswer() const {
    const auto reading =
        v1::ReadingService::NewStub(grpc::CreateChannel(server_->target(), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    v1::ReadArticleRequest request;
    request.set_url_path(kPath);
    v1::ReadArticleResponse response;
    const grpc::Status status = reading->ReadArticle(&context, request, &response);
    if (!status.ok() || !response.has_article()) {
      std::cerr << "no article at " << kPath << ": " << status.error_message() << std::endl;
      std::exit(2);
    }
    return response.ByteSizeLong();
  }

 private:
  const std::string title_;
  testing::TestDatabase postgres_{Schema()};
  std::unique_ptr<bench::ServerProcess> server_;
};

// Whether all are cheap enough, and the dearest is not far from the cheapest.
bool Judge(const std::vector<bench::MeasuredCalls>& reads, const bench::MeasuredCalls& echo) {
  bool passed = true;
  std::vector<double> medians;
  for (const bench::MeasuredCalls& read : reads) {
    passed = bench::RatioByCpu(read, echo, kBar) >= kBar && passed;
    medians.push_back(bench::Median(read.cpu_micros));
  }
  const auto [cheapest, dearest] = std::minmax_element(medians.begin(), medians.end());
  const double spread = *dearest / *cheapest;
  std::printf("the dearest beside the cheapest: %.2f (bar %.2f)\n", spread, kSpreadBar);
  return passed && spread <= kSpreadBar;
}

int Run() {
  std::deque<Store> stores;
  for (const std::string& articles : absl::GetFlag(FLAGS_articles)) {
    int number = 0;
    if (!absl::SimpleAtoi(articles, &number) || number < 1) {
      std::cerr << "--articles takes numbers" << std::endl;
      return 2;
    }
    stores.emplace_back(number);
  }
  const size_t bytes = stores.front().BytesOfAnswer();
  const bench::ServerProcess echo_server({"--role=echo", absl::StrCat("--response_bytes=", bytes)});

  v1::ReadArticleRequest request;
  request.set_url_path(kPath);
  const std::string sent = request.SerializeAsString();
  bench::MeasuredCalls echo = {"echo", echo_server.pid(),
                               bench::CallLoad(echo_server.target(), 1, bench::kEchoMethod, sent, "")};
  std::vector<bench::MeasuredCalls> reads;
  for (const Store& store : stores) {
    reads.push_back({store.title().c_str(), store.server().pid(),
                     bench::CallLoad(store.server().target(), 1, kReadMethod, sent, "")});
  }
  const absl::Duration length = absl::Seconds(absl::GetFlag(FLAGS_seconds));
  const int in_flight = absl::GetFlag(FLAGS_in_flight);
  echo.load.Closed(in_flight, length / 4);
  for (bench::MeasuredCalls& read : reads) read.load.Closed(in_flight, length / 4);
  for (int round = 0; round < kRounds; ++round) {
    echo.Measure(in_flight, length);
    for (bench::MeasuredCalls& read : reads) read.Measure(in_flight, length);
  }
  std::printf("answers of %d bytes, %d in flight, medians of %d\n", static_cast<int>(bytes), in_flight, kRounds);
  return Judge(reads, echo) ? 0 : 1;
}

}  // namespace
}  // namespace masthead::articles

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As our binaries do.
  const std::string role = absl::GetFlag(FLAGS_role);
  if (role == "echo") return masthead::bench::ServeEcho(absl::GetFlag(FLAGS_response_bytes));
  if (role == "articles") return masthead::articles::ServeArticles(absl::GetFlag(FLAGS_dsn));
  return masthead::rpc::Firewall("read_article_scale_bench",
                                 [] { return absl::StatusOr<int>(masthead::articles::Run()); })
      .value_or(2);
}
