// EventsService over real gRPC and TLS, with the messages of articles; notifications is who follows.
#include "common/events/feed_service.h"

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "common/events/consumer.h"
#include "common/rpc/channel.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "masthead/articles/v1/events_service.grpc.pb.h"
#include "tests/common/events/newsroom.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace masthead::events {
namespace {

namespace v1 = ::masthead::articles::v1;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::masthead::testing::TestDatabase;
using ::masthead::testing::TestServer;

struct Proto {
  using Event = v1::Event;
  using ListRequest = v1::ListEventsRequest;
  using ListResponse = v1::ListEventsResponse;
  using WatchRequest = v1::WatchEventsRequest;
  using WatchResponse = v1::WatchEventsResponse;
};

class FeedServiceTest : public ::testing::Test {
 protected:
  FeedServiceTest() {
    events_.Register(service_);
    server_ = std::make_unique<TestServer>(std::vector<const rpc::Service*>{&service_});
    stub_ = v1::EventsService::NewStub(server_->ChannelAs("notifications"));
  }

  void Publish(const std::string& article, int64_t revision) {
    v1::Event event;
    event.set_event_id(ids::NewUuid());
    event.set_type("article.published");
    event.set_resource(article);
    event.set_revision(revision);
    ASSERT_THAT(owner_.database().Write(Soon(),
                                        [&](db::Transaction& tx) {
                                          feed_.Append(tx, {.event_id = event.event_id(),
                                                            .type = event.type(),
                                                            .resource = event.resource(),
                                                            .revision = event.revision(),
                                                            .payload = event.SerializeAsString()});
                                          return absl::OkStatus();
                                        }),
                IsOk());
  }

  grpc::Status List(const std::string& cursor, int size, v1::ListEventsResponse& response) {
    grpc::ClientContext context;
    rpc::Prepare(context, absl::Now() + absl::Seconds(10));
    v1::ListEventsRequest request;
    request.set_after_cursor(cursor);
    request.set_max_batch_size(size);
    return stub_->ListEvents(&context, request, &response);
  }

  std::unique_ptr<SourceStream> Watch(grpc::ClientContext& context, const std::string& cursor) {
    v1::WatchEventsRequest request;
    request.set_after_cursor(cursor);
    return std::make_unique<ReaderStream<v1::WatchEventsResponse>>(stub_->WatchEvents(&context, request));
  }

  TestDatabase owner_{Schema()};
  Feed feed_{owner_.database(), TestKey()};
  FeedService<Proto> events_{feed_};
  rpc::Service service_{*v1::ListEventsRequest::descriptor()->file()->FindServiceByName("EventsService")};
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<v1::EventsService::Stub> stub_;
};

TEST_F(FeedServiceTest, ListsWithCursors) {
  for (int i = 1; i <= 3; ++i) Publish("articles/a", i);
  v1::ListEventsResponse response;
  ASSERT_THAT(List("", 2, response), IsOk());
  ASSERT_EQ(response.events_size(), 2);
  EXPECT_EQ(response.events(1).revision(), 2);
  EXPECT_EQ(response.events(1).cursor(), response.cursor());
  v1::ListEventsResponse rest;
  ASSERT_THAT(List(response.events(0).cursor(), 0, rest), IsOk());
  EXPECT_EQ(rest.events_size(), 2);
}

TEST_F(FeedServiceTest, RefusesBadCursorsAndSizes) {
  v1::ListEventsResponse response;
  EXPECT_THAT(List("garbage", 1, response), StatusIs(absl::StatusCode::kInvalidArgument, "CURSOR_INVALID"));
  EXPECT_THAT(List("", -1, response), StatusIs(absl::StatusCode::kInvalidArgument));
  grpc::ClientContext context;
  SourceBatch batch;
  const auto stream = Watch(context, "garbage");
  EXPECT_FALSE(stream->Read(batch));
  EXPECT_THAT(stream->Finish(), StatusIs(absl::StatusCode::kInvalidArgument, "CURSOR_INVALID"));
}

TEST_F(FeedServiceTest, WatchesAndProvesItsLife) {
  grpc::ClientContext context;
  const auto stream = Watch(context, "");
  SourceBatch batch;
  ASSERT_TRUE(stream->Read(batch));
  EXPECT_TRUE(batch.records.empty());
  const absl::Time start = absl::Now();
  ASSERT_TRUE(stream->Read(batch));
  EXPECT_LT(absl::Now() - start, absl::Seconds(8));
  Publish("articles/a", 1);
  while (batch.records.empty()) ASSERT_TRUE(stream->Read(batch));
  EXPECT_EQ(batch.records[0].resource, "articles/a");
  context.TryCancel();
  while (stream->Read(batch)) {
  }
  EXPECT_THAT(stream->Finish(), StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(FeedServiceTest, IsFollowedByAConsumer) {
  TestDatabase ours(Schema());
  Consumer consumer(
      ours.database(),
      {.source = "articles",
       .open = [&](grpc::ClientContext& context, const std::string& cursor) { return Watch(context, cursor); },
       .apply =
           [](db::Transaction& tx, const Record& event) {
             v1::Event parsed;
             if (!parsed.ParseFromString(event.payload)) return absl::InternalError("no event");
             tx.Query(kInsertEffect, parsed.event_id(), parsed.resource(), parsed.revision());
             return absl::OkStatus();
           }});
  consumer.Start();
  for (int i = 1; i <= 20; ++i) Publish("articles/a", i);
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (ours.QueryValue("SELECT count(*) FROM effect") != "20" && absl::Now() < deadline)
    absl::SleepFor(absl::Milliseconds(10));
  EXPECT_EQ(ours.QueryValue("SELECT count(*) || ' ' || max(revision) FROM effect"), "20 20");
  const absl::Time start = absl::Now();
  consumer.Stop();
  EXPECT_LT(absl::Now() - start, absl::Seconds(8));
}

}  // namespace
}  // namespace masthead::events
