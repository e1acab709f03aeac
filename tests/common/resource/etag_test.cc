#include "common/resource/etag.h"

#include <limits>

#include "common/base/errors.h"
#include "gtest/gtest.h"

namespace masthead::resource {
namespace {

TEST(Etag, IsQuotedAndTellsRevisionsApart) {
  EXPECT_EQ(Etag(1), "\"1\"");
  EXPECT_EQ(Etag(255), "\"ff\"");
  EXPECT_EQ(Etag(std::numeric_limits<int64_t>::max()), "\"7fffffffffffffff\"");
}

TEST(CheckEtag, AdmitsTheRevisionThatWasRead) {
  EXPECT_TRUE(CheckEtag(Etag(7), 7, "articles/kyiv").ok());
  EXPECT_TRUE(CheckEtag("*", 7, "articles/kyiv").ok());
}

TEST(CheckEtag, RefusesAStaleOne) {
  for (const char* etag : {"\"6\"", "7", "W/\"7\"", "\"07\"", "\"7\" ", "\"*\"", "''"}) {
    const absl::Status status = CheckEtag(etag, 7, "articles/kyiv");
    EXPECT_EQ(status.code(), absl::StatusCode::kAborted) << etag;
    EXPECT_EQ(ErrorReason(status), "ETAG_MISMATCH") << etag;
  }
}

TEST(CheckEtag, AsksForAMissingOne) {
  const absl::Status status = CheckEtag("", 7, "articles/kyiv");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ErrorReason(status), "ETAG_REQUIRED");
}

}  // namespace
}  // namespace masthead::resource
