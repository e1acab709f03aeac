#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "masthead/articles/v1/sharing_service.grpc.pb.h"
#include "services/articles/workers/cache_follower.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class GiftLinksTest : public Newsroom {
 protected:
  using Stub = v1::SharingService::Stub;

  GiftLinksTest() { articles_.cache_follower().Run({.deadline = absl::Now() + absl::Seconds(10)}); }

  v1::Article ForGold(const std::string& id) {
    v1::Article draft = Draft("Gated");
    draft.add_body()->mutable_paragraph()->mutable_text()->set_text("SECRET");
    draft.mutable_access()->set_level(v1::Access::PLANS);
    draft.mutable_access()->add_plans("tiers/gold");
    draft.mutable_access()->set_preview_paragraphs(1);
    return Publish(Create(draft, id));
  }

  grpc::Status TryGive(const std::string& article, int max_redemptions, const std::string& token,
                       v1::CreateGiftLinkResponse* response) {
    v1::CreateGiftLinkRequest request;
    request.set_parent(article);
    request.mutable_gift_link()->set_max_redemptions(max_redemptions);
    return Call(*sharing_, &Stub::CreateGiftLink, request, response, token);
  }

  v1::CreateGiftLinkResponse Give(const std::string& article, int max_redemptions) {
    v1::CreateGiftLinkResponse response;
    EXPECT_THAT(TryGive(article, max_redemptions, gold_, &response), IsOk());
    return response;
  }

  grpc::Status Unwrap(const std::string& gift, const std::string& reader_key, v1::ReadArticleResponse* response,
                      const std::string& token = "") {
    v1::ReadArticleRequest request;
    request.set_gift_token(gift);
    request.set_reader_key(reader_key);
    return Call(*reading_, &v1::ReadingService::Stub::ReadArticle, request, response, token);
  }

  v1::ReadAccess Access(const std::string& gift, const std::string& reader_key, const std::string& token = "") {
    v1::ReadArticleResponse response;
    EXPECT_THAT(Unwrap(gift, reader_key, &response, token), IsOk());
    EXPECT_EQ(response.access().granted(), response.SerializeAsString().find("SECRET") != std::string::npos);
    return response.access();
  }

  std::vector<v1::GiftLink> Links(const std::string& article, const std::string& token) {
    v1::ListGiftLinksRequest request;
    request.set_parent(article);
    v1::ListGiftLinksResponse response;
    EXPECT_THAT(Call(*sharing_, &Stub::ListGiftLinks, request, &response, token), IsOk());
    return {response.gift_links().begin(), response.gift_links().end()};
  }

  const std::string gold_ = server_.MemberToken("members/giver", {"tiers/gold"});
  const std::unique_ptr<Stub> sharing_ = v1::SharingService::NewStub(channel_);
};

TEST_F(GiftLinksTest, OpensOneArticleToSomebodyWithoutAMembershipAndNoOther) {
  const v1::Article article = ForGold("gated");
  const v1::Article other = ForGold("other");
  const v1::CreateGiftLinkResponse gift = Give(article.name(), 2);
  v1::ReadArticleResponse read;

  ASSERT_THAT(Unwrap(gift.token(), "browser-1", &read), IsOk());

  EXPECT_EQ(read.article().name(), article.name());
  EXPECT_EQ(read.access().reason(), v1::ReadAccess::GIFT);
  EXPECT_THAT(read.SerializeAsString(), HasSubstr("SECRET"));
  EXPECT_EQ(read.cache().scope(), v1::CachePolicy::PRIVATE);
  // What the gift opened is kept for nobody else.
  for (const std::string& name : {article.name(), article.url_path(), other.name()}) {
    ASSERT_THAT(Read(name, &read), IsOk());
    EXPECT_FALSE(read.access().granted());
    EXPECT_THAT(read.SerializeAsString(), Not(HasSubstr("SECRET")));
  }
}

TEST_F(GiftLinksTest, CountsReadersNotReloads) {
  const v1::Article article = ForGold("gated");
  const v1::CreateGiftLinkResponse gift = Give(article.name(), 2);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Access(gift.token(), "one").granted());
  EXPECT_TRUE(Access(gift.token(), "two").granted());

  const v1::ReadAccess third = Access(gift.token(), "three");

  EXPECT_FALSE(third.granted());
  EXPECT_TRUE(third.gift_is_over());
  EXPECT_EQ(third.reason(), v1::ReadAccess::PLAN_REQUIRED);
  EXPECT_TRUE(Access(gift.token(), "one").granted()) << "who has come may come again";
  ASSERT_THAT(Links(article.name(), editor_), SizeIs(1));
  EXPECT_EQ(Links(article.name(), editor_)[0].redemption_count(), 2);
  EXPECT_EQ(Links(article.name(), editor_)[0].state(), v1::LINK_STATE_USED_UP);
}

TEST_F(GiftLinksTest, IsNotUsedUpByThoseWhoMayReadAnyway) {
  const v1::Article article = ForGold("gated");
  const v1::CreateGiftLinkResponse gift = Give(article.name(), 1);
  EXPECT_EQ(Access(gift.token(), "", gold_).reason(), v1::ReadAccess::ENTITLED);
  EXPECT_EQ(Access(gift.token(), "desk", editor_).reason(), v1::ReadAccess::ENTITLED);
  EXPECT_EQ(Links(article.name(), editor_)[0].redemption_count(), 0);
  // A member of another tier is known by the token.
  EXPECT_EQ(Access(gift.token(), "", server_.MemberToken("members/other")).reason(), v1::ReadAccess::GIFT);
}

TEST_F(GiftLinksTest, GivesTheLastPlaceToOneOfManyWhoRaceForIt) {
  const v1::Article article = ForGold("gated");
  const v1::CreateGiftLinkResponse gift = Give(article.name(), 3);
  std::atomic<int> opened = 0;
  std::vector<std::thread> crowd;
  for (int i = 0; i < 16; ++i) {
    crowd.emplace_back([&, i] {
      for (int again = 0; again < 2; ++again) {
        if (Access(gift.token(), absl::StrCat("reader-", i)).granted()) ++opened;
      }
    });
  }
  for (std::thread& reader : crowd) reader.join();
  EXPECT_EQ(Links(article.name(), editor_)[0].redemption_count(), 3);
  EXPECT_LE(opened, 6);
  EXPECT_GE(opened, 3);
}

TEST_F(GiftLinksTest, EndsWhenItIsRevokedOrItsTimeIsOver) {
  const v1::Article article = ForGold("gated");
  const v1::CreateGiftLinkResponse revoked = Give(article.name(), 5);
  const v1::CreateGiftLinkResponse expired = Give(article.name(), 5);
  EXPECT_TRUE(Access(revoked.token(), "one").granted());
  v1::RevokeGiftLinkRequest request;
  request.set_name(revoked.gift_link().name());
  v1::GiftLink link;
  EXPECT_THAT(Call(*sharing_, &Stub::RevokeGiftLink, request, &link, server_.MemberToken("members/stranger")),
              StatusIs(absl::StatusCode::kNotFound, "LINK_NOT_FOUND"));
  ASSERT_THAT(Call(*sharing_, &Stub::RevokeGiftLink, request, &link, gold_), IsOk());
  postgres_.Execute("UPDATE gift_links SET expire_time = db_now() WHERE revoke_time IS NULL");
  for (const std::string& token : {revoked.token(), expired.token()}) {
    EXPECT_FALSE(Access(token, "one").granted());
    EXPECT_TRUE(Access(token, "one").gift_is_over());
  }
  EXPECT_THAT(Links(article.name(), gold_), SizeIs(2));
  EXPECT_THAT(Links(article.name(), server_.MemberToken("members/stranger")), IsEmpty());
}

TEST_F(GiftLinksTest, IsGivenByThoseWhoMayReadAndNotWithoutEnd) {
  const v1::Article article = ForGold("gated");
  v1::CreateGiftLinkResponse response;
  EXPECT_THAT(TryGive(article.name(), 1, server_.MemberToken("members/poor", {"tiers/silver"}), &response),
              StatusIs(absl::StatusCode::kPermissionDenied, "GIFT_NOT_YOURS"));
  EXPECT_THAT(TryGive(Create(Draft("Draft")).name(), 1, gold_, &response),
              StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  for (int i = 0; i < 10; ++i) Give(article.name(), 1);
  EXPECT_THAT(TryGive(article.name(), 1, gold_, &response),
              StatusIs(absl::StatusCode::kResourceExhausted, "GIFT_LIMIT"));
  EXPECT_THAT(TryGive(article.name(), 1, editor_, &response), IsOk());
  EXPECT_THAT(TryGive(article.name(), 1001, editor_, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(GiftLinksTest, SaysWhatIsWrongWithAnUnwrapping) {
  v1::ReadArticleResponse read;
  EXPECT_THAT(Unwrap("wrong", "one", &read), StatusIs(absl::StatusCode::kNotFound, "GIFT_TOKEN_INVALID"));
  EXPECT_THAT(Unwrap("wrong", "", &read), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  const v1::Article article = ForGold("gated");
  const std::string gift = Give(article.name(), 1).token();
  ASSERT_THAT(TryUnpublish(article.name()), IsOk());
  EXPECT_THAT(Unwrap(gift, "one", &read), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

}  // namespace
}  // namespace masthead::articles
