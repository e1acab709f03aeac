#include "common/base/errors.h"

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace masthead {
namespace {

template <typename Detail>
Detail DetailOf(const absl::Status& status) {
  Detail detail;
  const auto payload = status.GetPayload("type.googleapis.com/" + Detail::descriptor()->full_name());
  EXPECT_TRUE(payload.has_value() && detail.ParseFromString(std::string(*payload)));
  return detail;
}

TEST(Errors, TellProgramsWhoReportsWhat) {
  const absl::Status status =
      MakeError(absl::StatusCode::kFailedPrecondition, "publish it first",
                {.domain = "articles.masthead", .reason = "NOT_PUBLISHED", .metadata = {{"state", "DRAFT"}}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "publish it first");
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.domain(), "articles.masthead");
  EXPECT_EQ(info.reason(), "NOT_PUBLISHED");
  EXPECT_EQ(info.metadata().at("state"), "DRAFT");
  EXPECT_EQ(ErrorReason(status), "NOT_PUBLISHED");
}

TEST(Errors, WithoutDetailsHaveNoReason) {
  EXPECT_EQ(ErrorReason(absl::InternalError("")), "");
  EXPECT_EQ(ErrorReason(absl::OkStatus()), "");
}

TEST(Errors, SayWhenToTryAgain) {
  const auto retry = DetailOf<google::rpc::RetryInfo>(WithRetry(absl::UnavailableError(""), absl::Milliseconds(1250)));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 250'000'000);
}

TEST(Errors, NameTheResourceTheyAreAbout) {
  const auto resource =
      DetailOf<google::rpc::ResourceInfo>(WithResource(absl::NotFoundError(""), "masthead.dev/Article", "articles/a"));
  EXPECT_EQ(resource.resource_type(), "masthead.dev/Article");
  EXPECT_EQ(resource.resource_name(), "articles/a");
}

TEST(Errors, SuccessTakesNoDetails) {
  EXPECT_EQ(WithRetry(absl::OkStatus(), absl::Seconds(1)), absl::OkStatus());
  EXPECT_EQ(WithResource(absl::OkStatus(), "", ""), absl::OkStatus());
}

TEST(FieldViolations, AreToldAllAtOnce) {
  FieldViolations violations;
  EXPECT_TRUE(violations.ToStatus().ok());
  violations.Add("article.headline", "must not be empty");
  violations.Add("article.blocks[2].text", "must not hold U+0000");
  EXPECT_FALSE(violations.empty());

  const absl::Status status = violations.ToStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "article.headline must not be empty");
  EXPECT_EQ(ErrorReason(status), "INVALID_FIELD");
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).domain(), kCommonErrorDomain);
  const auto request = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(request.field_violations_size(), 2);
  EXPECT_EQ(request.field_violations(1).field(), "article.blocks[2].text");
  EXPECT_EQ(request.field_violations(1).description(), "must not hold U+0000");
}

TEST(FieldViolations, AreToldAsFarAsAnAnswerHasRoom) {
  FieldViolations violations;
  for (int i = 0; i < 100'000; ++i) violations.Add("field", "is wrong");

  const auto request = DetailOf<google::rpc::BadRequest>(violations.ToStatus());
  EXPECT_LT(request.ByteSizeLong(), 6000);
  const int told = request.field_violations_size() - 1;
  EXPECT_GT(told, 100);
  EXPECT_EQ(request.field_violations(told).description(),
            "and " + std::to_string(100'000 - told) + " more that are wrong");
}

TEST(FieldViolations, OfAPartStandBelowIt) {
  FieldViolations part;
  part.Add("headline", "is wrong");
  FieldViolations violations;
  violations.AddAll("updates[2]", part);
  EXPECT_EQ(violations.ToStatus().message(), "updates[2].headline is wrong");
}

}  // namespace
}  // namespace masthead
