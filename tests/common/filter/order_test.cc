#include "common/filter/order.h"

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::filter {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

const std::vector<OrderField>& Fields() {
  static const std::vector<OrderField> fields = {
      {.name = "publish_time", .sql = "s.publish_time", .type = "timestamptz", .descending = true},
      {.name = "headline", .sql = "s.headline COLLATE \"und-x-icu\"", .type = "text"}};
  return fields;
}

std::string Sql(absl::string_view text) {
  const absl::StatusOr<Order> order = Order::Parse(text, Fields(), "s.id");
  EXPECT_THAT(order, IsOk()) << text;
  return order.ok() ? order->ToSql() : "";
}

TEST(Order, BreaksTiesByIdInTheSameDirection) {
  EXPECT_EQ(Sql("publish_time desc"), "s.publish_time DESC, s.id DESC");
  EXPECT_EQ(Sql("publish_time"), "s.publish_time, s.id");
  EXPECT_EQ(Sql(" headline  asc "), "s.headline COLLATE \"und-x-icu\", s.id");
}

TEST(Order, TakesTheFirstFieldByDefault) { EXPECT_EQ(Sql(""), Sql("publish_time desc")); }

TEST(Order, ContinuesAfterARow) {
  const absl::StatusOr<Order> order = Order::Parse("publish_time desc", Fields(), "s.id");
  ASSERT_THAT(order, IsOk());
  db::Parameters parameters;
  EXPECT_EQ(order->KeySql(), "(s.publish_time)::text");
  EXPECT_EQ(order->AfterSql({"2026-03-01 06:00:00+00", "war"}, parameters),
            "(s.publish_time, s.id) < ($1::timestamptz, $2::text)");
  EXPECT_THAT(parameters.values(), ElementsAre("2026-03-01 06:00:00+00", "war"));
}

TEST(Order, RefusesWhatIsNotInTheList) {
  for (const char* text : {"password", "publish_time down", "publish_time, headline", "headline; DROP", "desc",
                           "publish_time desc desc", "(SELECT 1)"}) {
    const absl::Status status = Order::Parse(text, Fields(), "s.id").status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "BAD_ORDER_BY")) << text;
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("publish_time, headline"));
  }
}

TEST(Order, SaysNothingBackThatIsLong) {
  const absl::Status status = Order::Parse(std::string(1'000'000, 'a'), Fields(), "s.id").status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "BAD_ORDER_BY"));
  size_t bytes = status.message().size();
  status.ForEachPayload([&](absl::string_view, const absl::Cord& payload) { bytes += payload.size(); });
  EXPECT_LT(bytes, 1000);
}

}  // namespace
}  // namespace masthead::filter
