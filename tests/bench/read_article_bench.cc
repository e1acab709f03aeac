// ReadArticle beside a bare raw-callback echo of the same bytes: what the server's CPU pays for a call, and calls a
// second.
//
//   read_article_bench [--seconds=2] [--in_flight=64] [--body_bytes=5000] [--skip_overload]
//
// Echo, ReadArticle without credentials and ReadArticle with a member's token are measured in turns, five rounds;
// medians. Each server is a process of its own, so that its CPU can be told from the client's; plain text on loopback
// for both. Then an open loop at three times the measured capacity. Exits with 1 below a bar.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "masthead/articles/v1/articles_service.grpc.pb.h"
#include "masthead/articles/v1/reading_service.grpc.pb.h"
#include "masthead/articles/v1/taxonomy_service.grpc.pb.h"
#include "services/articles/articles.h"
#include "tests/bench/call_load.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/measured_calls.h"
#include "tests/bench/overload.h"
#include "tests/bench/reading_servers.h"
#include "tests/bench/server_process.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

ABSL_FLAG(double, seconds, 2, "Length of one measurement.");
ABSL_FLAG(int, in_flight, 64, "Calls in flight in the closed loop.");
ABSL_FLAG(int, body_bytes, 5000, "Text of the article.");
ABSL_FLAG(bool, skip_overload, false, "Only the ratios.");
ABSL_FLAG(std::string, role, "", "For the program's own children.");
ABSL_FLAG(std::string, dsn, "", "For the program's own children.");
ABSL_FLAG(int, response_bytes, 0, "For the program's own children.");

namespace masthead::articles {
namespace {

constexpr int kRounds = 5;
constexpr double kPublicBar = 0.80;
constexpr double kTokenBar = 0.70;
constexpr char kListMethod[] = "/masthead.articles.v1.ReadingService/ListPublishedArticles";

template <typename Stub, typename Request, typename Response>
Response Ask(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
             const Request& request, const std::string& token) {
  grpc::ClientContext context;
  testing::Authorize(context, token);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) {
    std::cerr << status.error_message() << std::endl;
    std::exit(2);
  }
  return response;
}

std::string Sentence(int bytes) {
  const std::string words = "Residents who flocked to the peninsula are preparing to leave, the centre reported. ";
  std::string text;
  while (static_cast<int>(text.size()) < bytes) text += words;
  return text.substr(0, bytes);
}

// Publishes the article that is read, and more for the list; gives its path.
std::string PublishArticles(const bench::ServerProcess& server) {
  const auto channel = grpc::CreateChannel(server.target(), grpc::InsecureChannelCredentials());
  const std::string& editor = server.word(1);
  const auto taxonomy = v1::TaxonomyService::NewStub(channel);
  v1::CreateSectionRequest section;
  section.set_section_id("national");
  section.mutable_section()->set_display_name("National");
  Ask(*taxonomy, &v1::TaxonomyService::Stub::CreateSection, section, editor);
  v1::CreateContributorRequest desk;
  desk.set_contributor_id("news-desk");
  desk.mutable_contributor()->set_kind(v1::Contributor::DESK);
  desk.mutable_contributor()->set_display_name("The news desk");
  desk.mutable_contributor()->set_biography("We are the news team.");
  Ask(*taxonomy, &v1::TaxonomyService::Stub::CreateContributor, desk, editor);

  const auto editing = v1::ArticlesService::NewStub(channel);
  std::string path;
  for (int i = 0; i < 30; ++i) {
    v1::CreateArticleRequest create;
    create.mutable_article()->set_headline("Mobilization in Crimea");
    create.mutable_article()->set_dek("Occupying forces intensify their efforts.");
    create.mutable_article()->set_language_code("en");
    create.mutable_article()->set_section("sections/national");
    create.mutable_article()->add_bylines()->set_contributor("contributors/news-desk");
    for (int left = absl::GetFlag(FLAGS_body_bytes); left > 0; left -= 500) {
      create.mutable_article()->add_body()->mutable_paragraph()->mutable_text()->set_text(
          Sentence(std::min(left, 500)));
    }
    v1::PublishArticleRequest publish;
    publish.set_name(Ask(*editing, &v1::ArticlesService::Stub::CreateArticle, create, editor).name());
    publish.set_etag("*");
    path = Ask(*editing, &v1::ArticlesService::Stub::PublishArticle, publish, editor).url_path();
  }
  return path;
}

int Run() {
  testing::TestDatabase postgres(Schema());
  const bench::ServerProcess articles({"--role=articles", absl::StrCat("--dsn=", postgres.dsn())});
  v1::ReadArticleRequest read;
  read.set_url_path(PublishArticles(articles));
  const auto reading =
      v1::ReadingService::NewStub(grpc::CreateChannel(articles.target(), grpc::InsecureChannelCredentials()));
  const size_t bytes = Ask(*reading, &v1::ReadingService::Stub::ReadArticle, read, articles.word(2)).ByteSizeLong();
  const bench::ServerProcess echo({"--role=echo", absl::StrCat("--response_bytes=", bytes)});

  const std::string request = read.SerializeAsString();
  bench::MeasuredCalls echoed = {"echo", echo.pid(),
                                 bench::CallLoad(echo.target(), 1, bench::kEchoMethod, request, "")};
  bench::MeasuredCalls open = {"ReadArticle, no credentials", articles.pid(),
                               bench::CallLoad(articles.target(), 1, kReadMethod, request, "")};
  bench::MeasuredCalls member = {"ReadArticle, member's token", articles.pid(),
                                 bench::CallLoad(articles.target(), 1, kReadMethod, request, articles.word(2))};
  const absl::Duration length = absl::Seconds(absl::GetFlag(FLAGS_seconds));
  for (bench::MeasuredCalls* subject : {&echoed, &open, &member})
    subject->load.Closed(absl::GetFlag(FLAGS_in_flight), length / 4);
  for (int round = 0; round < kRounds; ++round) {
    for (bench::MeasuredCalls* subject : {&echoed, &open, &member})
      subject->Measure(absl::GetFlag(FLAGS_in_flight), length);
  }
  std::printf("answers of %d bytes, %d in flight, medians of %d\n", static_cast<int>(bytes),
              absl::GetFlag(FLAGS_in_flight), kRounds);
  std::printf("%-28s %8.1f us CPU %9.0f calls/s\n", echoed.title, bench::Median(echoed.cpu_micros),
              bench::Median(echoed.rates));
  bool passed = bench::RatioByCpu(open, echoed, kPublicBar) >= kPublicBar;
  passed = bench::RatioByCpu(member, echoed, kTokenBar) >= kTokenBar && passed;
  if (absl::GetFlag(FLAGS_skip_overload)) return passed ? 0 : 1;

  bench::CallLoad crowd(articles.target(), 8, kReadMethod, request, "");
  passed = bench::Overload("ReadArticle, overloaded", articles.pid(), crowd, 64, length) && passed;
  v1::ListPublishedArticlesRequest list;
  bench::CallLoad lists(articles.target(), 8, kListMethod, list.SerializeAsString(), "");
  passed = bench::Overload("ListPublished, overloaded", articles.pid(), lists, 16, length) && passed;
  return passed ? 0 : 1;
}

}  // namespace
}  // namespace masthead::articles

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As our binaries do.
  const std::string role = absl::GetFlag(FLAGS_role);
  if (role == "echo") return masthead::bench::ServeEcho(absl::GetFlag(FLAGS_response_bytes));
  if (role == "articles") return masthead::articles::ServeArticles(absl::GetFlag(FLAGS_dsn));
  return masthead::articles::Run();
}
