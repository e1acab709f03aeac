#include "common/resource/field_mask.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/api.pb.h"
#include "gtest/gtest.h"

namespace masthead::resource {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::Method;
using Fields = std::set<std::string>;

// A message with a bit of everything, as if `name` and `response_type_url` were output only.
constexpr absl::string_view kMutable[] = {"request_type_url", "request_streaming", "options"};

FieldMask Mask(std::initializer_list<const char*> paths) {
  FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

class FieldsToUpdateTest : public ::testing::Test {
 protected:
  Fields Find(const FieldMask& mask) { return FieldsToUpdate(mask, method_, kMutable, violations_); }

  Method method_;
  FieldViolations violations_;
};

TEST_F(FieldsToUpdateTest, TakesTheFieldsOfTheMaskPopulatedOrNot) {
  method_.set_request_streaming(true);
  EXPECT_EQ(Find(Mask({"request_type_url"})), Fields({"request_type_url"}));
  EXPECT_TRUE(violations_.empty());
}

TEST_F(FieldsToUpdateTest, TakesWhatIsPopulatedWithoutAMask) {
  EXPECT_EQ(Find(Mask({})), Fields());
  method_.set_name("ignored");
  method_.set_request_streaming(true);
  method_.add_options()->set_name("deadline");
  EXPECT_EQ(Find(Mask({})), Fields({"request_streaming", "options"}));
  EXPECT_TRUE(violations_.empty());
}

TEST_F(FieldsToUpdateTest, TakesEverythingMutableForAStar) {
  EXPECT_EQ(Find(Mask({"*"})), Fields({"request_type_url", "request_streaming", "options"}));
  EXPECT_TRUE(violations_.empty());
}

TEST_F(FieldsToUpdateTest, IgnoresFieldsThatCallersCannotWrite) {
  EXPECT_EQ(Find(Mask({"name", "response_type_url", "options"})), Fields({"options"}));
  EXPECT_TRUE(violations_.empty());
}

TEST_F(FieldsToUpdateTest, RefusesUnknownAndNestedPaths) {
  for (const char* path :
       {"title", "", ".", "options.name", "request_type_url.x", "Options", "options[0]", " options"}) {
    FieldViolations violations;
    FieldsToUpdate(Mask({path}), method_, kMutable, violations);
    EXPECT_FALSE(violations.empty()) << path;
  }
}

TEST_F(FieldsToUpdateTest, RefusesAStarThatIsNotAlone) {
  Find(Mask({"*", "options"}));
  EXPECT_FALSE(violations_.empty());
}

TEST_F(FieldsToUpdateTest, RefusesAnEndlessMask) {
  FieldMask mask;
  for (int i = 0; i <= kMaxMaskPaths; ++i) mask.add_paths("options");
  Find(mask);
  EXPECT_FALSE(violations_.empty());
}

}  // namespace
}  // namespace masthead::resource
