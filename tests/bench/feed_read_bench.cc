// How many events a second a consumer reads of a long feed, batch after batch of a thousand: by ListEvents over gRPC on
// loopback, by WatchEvents, and from the table without either.
//
//   feed_read_bench [--events=500000]
//
// Events like those of a publication. Five rounds in turns, medians. Exits with 1 below the bar.
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/clock/clock.h"
#include "common/crypto/mac.h"
#include "common/events/feed.h"
#include "common/rpc/call_runner.h"
#include "masthead/articles/v1/events_service.grpc.pb.h"
#include "services/articles/articles.h"
#include "tests/bench/measured_calls.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

ABSL_FLAG(int, events, 500'000, "Events in the feed.");

namespace masthead::articles {
namespace {

constexpr int kRounds = 5;
constexpr int kBatch = 1000;
constexpr double kBar = 50'000;  // Events a second, each way.

std::string Payload() {
  v1::Event event;
  event.set_event_id("01890a5d-ac96-774b-bcce-b302099a8057");
  event.set_type("article.published");
  event.set_resource("articles/01890a5d-ac96-774b-bcce-b302099a8057");
  event.set_revision(7);
  v1::ArticleFacts& facts = *event.mutable_article_published()->mutable_facts();
  facts.set_article(event.resource());
  facts.set_article_revision(6);
  facts.set_language_code("uk");
  facts.set_section("sections/national");
  for (const char* tag : {"tags/kyiv", "tags/energy", "tags/drones"}) facts.add_tags(tag);
  facts.add_contributors("contributors/news-desk");
  facts.set_url_path("/uk/residents-who-flocked-to-the-peninsula-are-preparing-to-leave");
  return event.SerializeAsString();
}

class Bench {
 public:
  Bench() {
    postgres_.Execute(
        absl::StrCat("INSERT INTO event (event_id, type, resource, revision, payload, traceparent) SELECT 'e' || n,"
                     " 'article.published', 'articles/a' || n, 7, decode('",
                     absl::BytesToHexString(Payload()), "', 'hex'), '' FROM generate_series(1, ",
                     absl::GetFlag(FLAGS_events), ") n"));
    postgres_.Execute("VACUUM ANALYZE event");
  }

  int64_t ReadTable() {
    int64_t read = 0;
    std::string cursor;
    for (;;) {
      absl::StatusOr<events::Batch> batch = feed_.Read({.deadline = absl::Now() + absl::Seconds(60)}, cursor, kBatch);
      if (!batch.ok()) Fail(std::string(batch.status().message()));
      read += static_cast<int64_t>(batch->records.size());
      if (batch->records.empty()) return read;
      cursor = batch->cursor;
    }
  }

  int64_t List() {
    int64_t read = 0;
    v1::ListEventsRequest request;
    request.set_max_batch_size(kBatch);
    for (;;) {
      grpc::ClientContext context;
      testing::Authorize(context, token_);
      v1::ListEventsResponse response;
      const grpc::Status status = events_->ListEvents(&context, request, &response);
      if (!status.ok()) Fail(status.error_message());
      read += response.events_size();
      if (response.events().empty()) return read;
      request.set_after_cursor(response.cursor());
    }
  }

  int64_t Watch() {
    grpc::ClientContext context;
    testing::Authorize(context, token_);
    v1::WatchEventsRequest request;
    request.set_max_batch_size(kBatch);
    const auto stream = events_->WatchEvents(&context, request);
    int64_t read = 0;
    v1::WatchEventsResponse batch;
    while (read < absl::GetFlag(FLAGS_events) && stream->Read(&batch)) read += batch.events_size();
    context.TryCancel();
    return read;
  }

 private:
  [[noreturn]] static void Fail(const std::string& message) {
    std::cerr << message << std::endl;
    std::exit(2);
  }

  testing::TestDatabase postgres_{Schema()};
  const crypto::MacKey key_ = crypto::MacKey::Random();
  Articles articles_{postgres_.database(), Clock::System(), key_};
  events::Feed feed_{postgres_.database(), key_};
  testing::TestServer server_{articles_.services()};
  const std::string token_ = server_.StaffToken({"admin"});
  std::unique_ptr<v1::EventsService::Stub> events_ = v1::EventsService::NewStub(server_.Channel());
};

// One way to read the feed.
struct Way {
  const char* title;
  std::function<int64_t()> read;
  std::vector<double> rates = {};

  void Measure() {
    const absl::Time start = absl::Now();
    const int64_t events = read();
    if (events != absl::GetFlag(FLAGS_events)) {
      std::cerr << title << " read " << events << " events" << std::endl;
      std::exit(2);
    }
    rates.push_back(static_cast<double>(events) / absl::ToDoubleSeconds(absl::Now() - start));
  }
};

int Run() {
  Bench bench;
  std::vector<Way> ways = {{"ListEvents", [&] { return bench.List(); }},
                           {"WatchEvents", [&] { return bench.Watch(); }},
                           {"the table", [&] { return bench.ReadTable(); }}};
  for (int round = 0; round < kRounds; ++round) {
    for (Way& way : ways) way.Measure();
  }
  bool passed = true;
  for (const Way& way : ways) {
    const double rate = bench::Median(way.rates);
    std::printf("%-12s %9.0f events/s (bar %.0f)\n", way.title, rate, kBar);
    passed = passed && rate >= kBar;
  }
  return passed ? 0 : 1;
}

}  // namespace
}  // namespace masthead::articles

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return masthead::rpc::Firewall("feed_read_bench", [] { return absl::StatusOr<int>(masthead::articles::Run()); })
      .value_or(2);
}
