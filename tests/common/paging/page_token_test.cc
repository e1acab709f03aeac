#include "common/paging/page_token.h"

#include <memory>

#include "common/base/errors.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "gtest/gtest.h"

namespace masthead::paging {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::Message;
using Values = std::vector<std::string>;

// Two List requests of a made-up service, so that this room needs to know none of ours.
class PageTokensTest : public ::testing::Test {
 protected:
  PageTokensTest() {
    google::protobuf::FileDescriptorProto file;
    file.set_name("paging_test.proto");
    file.set_syntax("proto3");
    for (const char* name : {"ListDesksRequest", "ListBeatsRequest"}) {
      DescriptorProto& message = *file.add_message_type();
      message.set_name(name);
      int number = 0;
      for (const char* field : {"filter", "page_token", "page_size"}) {
        FieldDescriptorProto& added = *message.add_field();
        added.set_name(field);
        added.set_number(++number);
        added.set_label(FieldDescriptorProto::LABEL_OPTIONAL);
        added.set_type(number == 3 ? FieldDescriptorProto::TYPE_INT32 : FieldDescriptorProto::TYPE_STRING);
      }
    }
    pool_.BuildFile(file);
    desks_ = Make("ListDesksRequest");
  }

  std::unique_ptr<Message> Make(const std::string& name) {
    return std::unique_ptr<Message>(factory_.GetPrototype(pool_.FindMessageTypeByName(name))->New());
  }

  static void Set(Message& message, const std::string& field, const std::string& value) {
    message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(field), value);
  }

  static void ExpectBad(const absl::StatusOr<Values>& read) {
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ErrorReason(read.status()), "BAD_PAGE_TOKEN");
    EXPECT_EQ(read.status().message(), "page_token is not one that this method gave you for these arguments");
  }

  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_{&pool_};
  const crypto::MacKey key_ = crypto::MacKey::Random();
  const PageTokens tokens_{key_};
  std::unique_ptr<Message> desks_;
};

TEST_F(PageTokensTest, ReadsBackTheRowItWasMadeFor) {
  const Values after = {"2024-02-24T04:00:00Z", "", std::string("\0\n\xFF", 3), std::string(300, 'x')};
  Set(*desks_, "page_token", tokens_.Make("staffMembers/olena", *desks_, after));
  const absl::StatusOr<Values> read = tokens_.Read("staffMembers/olena", *desks_);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, after);
}

TEST_F(PageTokensTest, StartsAtTheTopWithoutAToken) {
  const absl::StatusOr<Values> read = tokens_.Read("staffMembers/olena", *desks_);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, Values());
}

TEST_F(PageTokensTest, LetsThePageSizeChange) {
  Set(*desks_, "page_token", tokens_.Make("staffMembers/olena", *desks_, {"a"}));
  desks_->GetReflection()->SetInt32(desks_.get(), desks_->GetDescriptor()->FindFieldByName("page_size"), 7);
  EXPECT_TRUE(tokens_.Read("staffMembers/olena", *desks_).ok());
}

TEST_F(PageTokensTest, IsGoodForOneCallerOneMethodAndTheSameArguments) {
  const std::string token = tokens_.Make("staffMembers/olena", *desks_, {"a"});
  Set(*desks_, "page_token", token);
  ExpectBad(tokens_.Read("staffMembers/petro", *desks_));

  std::unique_ptr<Message> beats = Make("ListBeatsRequest");
  Set(*beats, "page_token", token);
  ExpectBad(tokens_.Read("staffMembers/olena", *beats));

  Set(*desks_, "filter", "state = PUBLISHED");
  ExpectBad(tokens_.Read("staffMembers/olena", *desks_));
}

TEST_F(PageTokensTest, IsGoodForOneKey) {
  Set(*desks_, "page_token", PageTokens(crypto::MacKey::Random()).Make("staffMembers/olena", *desks_, {"a"}));
  ExpectBad(tokens_.Read("staffMembers/olena", *desks_));
}

TEST_F(PageTokensTest, RefusesEveryChangedByte) {
  const std::string token = tokens_.Make("staffMembers/olena", *desks_, {"a", "b"});
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    Set(*desks_, "page_token", changed);
    ExpectBad(tokens_.Read("staffMembers/olena", *desks_));
  }
}

TEST_F(PageTokensTest, RefusesWhatIsNoToken) {
  for (const std::string& token :
       {std::string("1"), std::string("AQ"), std::string("../../etc/passwd"), std::string("' OR 1=1"),
        std::string(5000, 'A'), tokens_.Make("staffMembers/olena", *desks_, {"a"}) + "=",
        tokens_.Make("staffMembers/olena", *desks_, {"a"}) + "AAAA"}) {
    Set(*desks_, "page_token", token);
    ExpectBad(tokens_.Read("staffMembers/olena", *desks_));
  }
}

TEST(PageSize, FallsBackAndIsCapped) {
  EXPECT_EQ(*PageSize(0, 50, 1000), 50);
  EXPECT_EQ(*PageSize(10, 50, 1000), 10);
  EXPECT_EQ(*PageSize(5000, 50, 1000), 1000);
  const absl::StatusOr<int> negative = PageSize(-1, 50, 1000);
  EXPECT_EQ(negative.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ErrorReason(negative.status()), "INVALID_FIELD");
}

}  // namespace
}  // namespace masthead::paging
