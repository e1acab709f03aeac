// SearchArticles and ListPublishedArticles over many articles, by gRPC on loopback.
//
//   search_bench [--articles=200000] [--calls=300]
//
// A word that is nowhere, one in twenty articles, one in all of the oldest tenth, and one in every second: p99
// of each, by relevance and by recency. Then page 1 of the list beside page 5,000, in turns; medians. Exits with 1
// below a bar.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "common/rpc/call_runner.h"
#include "masthead/articles/v1/reading_service.grpc.pb.h"
#include "services/articles/articles.h"
#include "services/articles/indexing/lexemes.h"
#include "tests/bench/call_load.h"
#include "tests/bench/filled_store.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

ABSL_FLAG(int, articles, 200'000, "Published articles.");
ABSL_FLAG(int, calls, 300, "Calls of each kind.");

namespace masthead::articles {
namespace {

constexpr absl::Duration kSearchBar = absl::Milliseconds(60);
constexpr double kPageBar = 1.2;
constexpr int kLatePage = 5000;

// As a newsroom would have written them over the years: 150 words of a vocabulary of 50,000, few of them often.
constexpr const char* kIndex[] = {
    "DROP INDEX search_documents_words",
    R"sql(
      INSERT INTO search_documents (article_id, revision, analysis, language_code, publish_time, words)
      SELECT a.id, 1, $analysis, 'en', a.publish_time, (
        SELECT string_agg('w' || (power(random(), 3) * 50000)::integer || ':' || place, ' ')
               || CASE WHEN random() < 0.5 THEN ' everysecond:7' ELSE '' END
               || CASE WHEN a.n % ($articles / 20) = 0 THEN ' twenty:9' ELSE '' END
               || CASE WHEN a.n <= $articles / 10 THEN ' longago:11' ELSE '' END
        FROM generate_series(1, 150) place
        WHERE a.n > 0)::tsvector
      FROM (SELECT id, publish_time, substr(id, 2)::integer AS n FROM articles) a)sql",
    "CREATE INDEX search_documents_words ON search_documents USING gin (words) WITH (fastupdate = off)",
    "ANALYZE",
};

class Bench {
 public:
  Bench() {
    bench::FillWithArticles(postgres_, absl::GetFlag(FLAGS_articles));
    for (const std::string statement : kIndex) {
      postgres_.Execute(absl::StrReplaceAll(statement, {{"$articles", absl::StrCat(absl::GetFlag(FLAGS_articles))},
                                                        {"$analysis", absl::StrCat(kAnalysisVersion)}}));
    }
    // What takes the statistics and the hint bits along is over.
    postgres_.Execute("VACUUM ANALYZE");
  }

  bool Search(const std::string& word, const std::string& order_by) {
    v1::SearchArticlesRequest request;
    request.set_query(word);
    request.set_order_by(order_by);
    v1::SearchArticlesResponse response;
    std::vector<absl::Duration> times;
    for (int i = 0; i < absl::GetFlag(FLAGS_calls); ++i) {
      times.push_back(
          Timed([&](grpc::ClientContext& context) { return reading_->SearchArticles(&context, request, &response); }));
    }
    const absl::Duration p99 = bench::Percentile(times, 0.99);
    std::printf("%-12s by %-9s %2d hits   median %6.2f ms   p99 %6.2f ms (bar 60)\n", word.c_str(), order_by.c_str(),
                response.hits_size(), absl::ToDoubleMilliseconds(bench::Percentile(times, 0.5)),
                absl::ToDoubleMilliseconds(p99));
    return p99 < kSearchBar;
  }

  bool ListPages() {
    v1::ListPublishedArticlesRequest first;
    v1::ListPublishedArticlesRequest late;
    v1::ListPublishedArticlesResponse response;
    const int pages = std::min(kLatePage, absl::GetFlag(FLAGS_articles) / 20 - 1);
    for (int page = 1; page < pages; ++page) {
      List(late, &response);
      late.set_page_token(response.next_page_token());
    }
    std::vector<absl::Duration> first_times;
    std::vector<absl::Duration> late_times;
    for (int i = 0; i < absl::GetFlag(FLAGS_calls); ++i) {
      first_times.push_back(List(first, &response));
      late_times.push_back(List(late, &response));
    }
    const absl::Duration first_median = bench::Percentile(first_times, 0.5);
    const absl::Duration late_median = bench::Percentile(late_times, 0.5);
    const double ratio = late_median / first_median;
    std::printf("page 1 %.2f ms, page %d %.2f ms: %.2f (bar %.1f)\n", absl::ToDoubleMilliseconds(first_median), pages,
                absl::ToDoubleMilliseconds(late_median), ratio, kPageBar);
    return ratio <= kPageBar;
  }

 private:
  absl::Duration List(const v1::ListPublishedArticlesRequest& request, v1::ListPublishedArticlesResponse* response) {
    return Timed(
        [&](grpc::ClientContext& context) { return reading_->ListPublishedArticles(&context, request, response); });
  }

  static absl::Duration Timed(const std::function<grpc::Status(grpc::ClientContext&)>& call) {
    grpc::ClientContext context;
    const absl::Time start = absl::Now();
    const grpc::Status status = call(context);
    if (!status.ok()) {
      std::cerr << status.error_message() << std::endl;
      std::exit(2);
    }
    return absl::Now() - start;
  }

  testing::TestDatabase postgres_{Schema()};
  Articles articles_{postgres_.database(), Clock::System(), crypto::MacKey::Random()};
  testing::TestServer server_{articles_.services()};
  std::unique_ptr<v1::ReadingService::Stub> reading_ = v1::ReadingService::NewStub(server_.Channel());
};

int Run() {
  Bench bench;
  bool passed = true;
  for (const char* const order : {"relevance", "recency"}) {
    for (const char* const word : {"nowhere", "twenty", "longago", "everysecond"}) {
      passed = bench.Search(word, order) && passed;
    }
  }
  passed = bench.ListPages() && passed;
  return passed ? 0 : 1;
}

}  // namespace
}  // namespace masthead::articles

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return masthead::rpc::Firewall("search_bench", [] { return absl::StatusOr<int>(masthead::articles::Run()); })
      .value_or(2);
}
