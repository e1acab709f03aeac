// What ArticlesService keeps of an article, and who may write what.
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "masthead/articles/v1/live_coverage_service.grpc.pb.h"
#include "tests/articles/article/random_article.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class ArticleFieldsTest : public Newsroom {
 protected:
  void SetUp() override {
    v1::CreatePlaceRequest request;
    request.set_place_id("kyiv");
    request.mutable_place()->set_display_name("Kyiv");
    v1::Place place;
    ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreatePlace, request, &place, editor_), IsOk());

    Create(Draft("Before"), "before");
    v1::CreateLiveCoverageRequest coverage;
    coverage.set_live_coverage_id("storm");
    coverage.mutable_live_coverage()->set_headline("The storm");
    coverage.mutable_live_coverage()->set_language_code("uk");
    v1::LiveCoverage storm;
    const auto live = v1::LiveCoverageService::NewStub(channel_);
    ASSERT_THAT(Call(*live, &v1::LiveCoverageService::Stub::CreateLiveCoverage, coverage, &storm, editor_), IsOk());
  }

  static void LeadToWhatIsThere(google::protobuf::RepeatedPtrField<v1::Block>& blocks) {
    for (v1::Block& block : blocks) {
      if (block.has_related()) {
        block.mutable_related()->clear_articles();
        block.mutable_related()->add_articles("articles/before");
      }
      if (block.has_live_coverage()) block.mutable_live_coverage()->set_live_coverage("liveCoverages/storm");
      if (block.has_gate()) LeadToWhatIsThere(*block.mutable_gate()->mutable_blocks());
    }
  }

  template <typename Request>
  grpc::Status As(const std::string& token,
                  grpc::Status (v1::ArticlesService::Stub::*method)(grpc::ClientContext*, const Request&, v1::Article*),
                  const Request& request, v1::Article* article) {
    return Call(*editing_, method, request, article, token);
  }
  grpc::Status CreateAs(const std::string& token, const v1::Article& article) {
    v1::CreateArticleRequest request;
    *request.mutable_article() = article;
    return As(token, &v1::ArticlesService::Stub::CreateArticle, request, &created_);
  }
  // Any article, but for what it refers to.
  v1::Article Random(uint32_t seed) {
    v1::Article article = RandomArticle(seed).Make();
    article.set_language_code("uk");
    article.set_section("sections/national");
    article.clear_additional_sections();
    article.clear_tags();
    article.set_places(0, "places/kyiv");
    article.clear_bylines();
    article.add_bylines()->set_contributor("contributors/news-desk");
    LeadToWhatIsThere(*article.mutable_body());
    return article;
  }

  const std::string admin_ = server_.StaffToken({"admin"});
  v1::Article created_;
};

TEST_F(ArticleFieldsTest, KeepsEveryFieldAndBlock) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    ASSERT_THAT(CreateAs(admin_, Random(seed)), IsOk()) << seed;
    const v1::Article loaded = Get(created_.name());
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(created_, loaded)) << seed;

    v1::Article updated = Update(loaded, {"*"});
    EXPECT_EQ(updated.etag(), loaded.etag()) << "an update of nothing writes nothing; seed " << seed;
  }
}

TEST_F(ArticleFieldsTest, ReadersGetTheFieldsThatAreTheirs) {
  v1::Article article = Random(3);
  article.clear_embargo_until();
  article.clear_geo_restriction();
  article.clear_legal_hold();
  article.mutable_access()->Clear();
  ASSERT_THAT(CreateAs(admin_, article), IsOk());
  Publish(created_);

  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(created_.name(), &read), IsOk());

  const v1::PublishedArticle& published = read.article();
  EXPECT_EQ(published.short_headline(), article.short_headline());
  EXPECT_EQ(published.type(), article.type());
  EXPECT_EQ(published.urgency(), article.urgency());
  EXPECT_EQ(published.places(0), article.places(0));
  EXPECT_EQ(published.digital_source(), article.digital_source());
  EXPECT_EQ(published.display_time().seconds(), -86'400);
  using google::protobuf::util::MessageDifferencer;
  EXPECT_TRUE(MessageDifferencer::Equals(published.source(), article.source()));
  EXPECT_TRUE(MessageDifferencer::Equals(published.rights(), article.rights()));
  EXPECT_TRUE(MessageDifferencer::Equals(published.seo(), article.seo()));
  EXPECT_TRUE(MessageDifferencer::Equals(published.social(), article.social()));
  EXPECT_TRUE(MessageDifferencer::Equals(published.content_warnings(0), article.content_warnings(0)));
  EXPECT_TRUE(MessageDifferencer::Equals(published.custom_fields(), article.custom_fields()));
}

TEST_F(ArticleFieldsTest, LabelsAndAlternativeIdsMakeNoRevision) {
  v1::Article article = Create(Draft("Crimea"));
  (*article.mutable_labels())["desk"] = "war";
  (*article.mutable_alt_ids())["ghost"] = "5f1";
  article.set_legal_hold(true);

  v1::Article updated = Update(article, {"labels", "alt_ids", "legal_hold"});

  EXPECT_EQ(updated.revision(), 1);
  EXPECT_NE(updated.etag(), article.etag());
  EXPECT_EQ(updated.labels().at("desk"), "war");
  EXPECT_EQ(Get(article.name()).SerializeAsString(), updated.SerializeAsString());
  EXPECT_EQ(Update(updated, {"labels", "alt_ids"}).etag(), updated.etag());
  EXPECT_THAT(TryUpdate(article, {"labels"}), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST_F(ArticleFieldsTest, AnAlternativeIdBelongsToOneArticle) {
  v1::Article article = Draft("One");
  (*article.mutable_alt_ids())["ghost"] = "5f1";
  const v1::Article holder = Create(article);

  const grpc::Status status = TryCreate(article);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAlreadyExists, "ALT_ID_TAKEN"));
  EXPECT_THAT(status.error_details(), HasSubstr(holder.name()));
  (*article.mutable_alt_ids())["wordpress"] = "5f1";
  article.mutable_alt_ids()->erase("ghost");
  EXPECT_THAT(TryCreate(article), IsOk()) << "another scheme is another thing";

  v1::Article released = holder;
  released.clear_alt_ids();
  Update(released, {"alt_ids"});
  article.clear_alt_ids();
  (*article.mutable_alt_ids())["ghost"] = "5f1";
  EXPECT_THAT(TryCreate(article), IsOk());
}

TEST_F(ArticleFieldsTest, HtmlAsItIsIsWrittenByTheTrusted) {
  v1::Article article = Draft("Crimea");
  article.add_body()->mutable_raw_html()->set_html("<b>x</b>");
  EXPECT_THAT(CreateAs(editor_, article), StatusIs(absl::StatusCode::kPermissionDenied, "ROLE_REQUIRED"));
  EXPECT_THAT(CreateAs(server_.BackendToken({"articles.write"}), article),
              StatusIs(absl::StatusCode::kPermissionDenied, "ROLE_REQUIRED"));
  EXPECT_THAT(CreateAs(server_.BackendToken({"articles.write", "articles.raw_html"}), article), IsOk());
  ASSERT_THAT(CreateAs(admin_, article), IsOk());

  v1::Article changed = created_;
  changed.mutable_body(0)->mutable_paragraph()->mutable_text()->set_text("Edited around it.");
  changed = Update(changed, {"body"});
  changed.mutable_body(1)->mutable_raw_html()->set_html("<i>x</i>");
  EXPECT_THAT(TryUpdate(changed, {"body"}), StatusIs(absl::StatusCode::kPermissionDenied, "ROLE_REQUIRED"));
}

TEST_F(ArticleFieldsTest, AnUpdateOfNothingMayCreateIt) {
  v1::UpdateArticleRequest request;
  *request.mutable_article() = Draft("Crimea");
  request.mutable_article()->set_name("articles/crimea");
  v1::Article article;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::UpdateArticle, request, &article),
              StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  request.set_allow_missing(true);
  request.mutable_update_mask()->add_paths("headline");
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::UpdateArticle, request, &article), IsOk());
  EXPECT_EQ(article.name(), "articles/crimea");
  EXPECT_EQ(article.section(), "sections/national") << "all fields, whatever the mask";

  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::UpdateArticle, request, &article),
              StatusIs(absl::StatusCode::kInvalidArgument, "ETAG_REQUIRED"));

  v1::DeleteArticleRequest remove;
  remove.set_name("articles/crimea");
  remove.set_etag("*");
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::DeleteArticle, remove, &article), IsOk());
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::UpdateArticle, request, &article),
              StatusIs(absl::StatusCode::kAlreadyExists, "ARTICLE_ID_TAKEN"));
}

TEST_F(ArticleFieldsTest, ACopyIsADraftOfItsOwn) {
  v1::Article article = Draft("Crimea");
  article.set_slug("chosen");
  (*article.mutable_labels())["desk"] = "war";
  (*article.mutable_alt_ids())["ghost"] = "5f1";
  article = Publish(Create(article));

  v1::DuplicateArticleRequest request;
  request.set_name(article.name());
  request.set_article_id("copy");
  v1::Article copy;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::DuplicateArticle, request, &copy), IsOk());

  EXPECT_EQ(copy.name(), "articles/copy");
  EXPECT_EQ(copy.state(), v1::Article::DRAFT);
  EXPECT_EQ(copy.revision(), 1);
  EXPECT_EQ(copy.slug(), "crimea");
  EXPECT_EQ(copy.headline(), "Crimea");
  EXPECT_EQ(copy.body(0).SerializeAsString(), article.body(0).SerializeAsString());
  EXPECT_EQ(copy.labels().at("desk"), "war");
  EXPECT_TRUE(copy.alt_ids().empty());
  EXPECT_FALSE(copy.has_publish_time());
  EXPECT_NE(copy.uid(), article.uid());
}

TEST_F(ArticleFieldsTest, SuggestsTheSlugThatASaveWouldGive) {
  const v1::Article holder = Create(Draft("Місто Київ"));
  v1::SuggestSlugRequest request;
  request.set_language_code("EN");
  request.set_headline("Місто Київ");
  v1::SuggestSlugResponse response;
  const auto suggest = [&] { return Edit(&v1::ArticlesService::Stub::SuggestSlug, request, &response); };
  ASSERT_THAT(suggest(), IsOk());
  EXPECT_EQ(response.slug(), "misto-kyiv-2");
  EXPECT_FALSE(response.exact());
  EXPECT_EQ(Create(Draft("Місто Київ")).slug(), "misto-kyiv-2");

  request.set_article(holder.name());
  ASSERT_THAT(suggest(), IsOk());
  EXPECT_EQ(response.slug(), "misto-kyiv") << "its own";
  EXPECT_TRUE(response.exact());
  request.set_slug("Not a slug");
  EXPECT_THAT(suggest(), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.set_slug("free");
  request.set_article("articles/nothing");
  EXPECT_THAT(suggest(), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

TEST_F(ArticleFieldsTest, TellsOfManyWrongFieldsWhatTheAnswerHasRoomFor) {
  v1::Article article = Draft("Crimea");
  for (int i = 0; i < 1000; ++i) article.add_body()->mutable_image();

  const grpc::Status status = TryCreate(article);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(status.error_details(), HasSubstr("article.body[1].image.uri"));
  EXPECT_THAT(status.error_details(), HasSubstr("more that are wrong"));
}

}  // namespace
}  // namespace masthead::articles
