// Taking an archive out, and bringing it back in elsewhere.
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "masthead/articles/v1/corrections_service.grpc.pb.h"
#include "masthead/articles/v1/live_coverage_service.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "tests/articles/article/random_article.h"
#include "tests/articles/exchange/archives.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// Another newsroom, without anything in it.
struct EmptyNewsroom {
  testing::TestDatabase postgres{Schema()};
  const crypto::MacKey key = crypto::MacKey::Random();
  Articles articles{postgres.database(), Clock::System(), key};
  testing::TestServer server{articles.services()};
  const std::string admin = server.StaffToken({"admin"}, "staffMembers/chief");
};

v1::ExportArticlesRequest Everything() {
  v1::ExportArticlesRequest request;
  request.set_all_revisions(true);
  return request;
}

v1::ImportArticlesRequest Native() {
  v1::ImportArticlesRequest settings;
  settings.set_format(v1::ImportArticlesRequest::NATIVE);
  return settings;
}

// What cannot be the same elsewhere: who made the catalogue when.
template <typename Topic>
void ForgetOrigin(Topic& topic) {
  topic.clear_etag();
  topic.clear_create_time();
  topic.clear_update_time();
}

// A line for each message; maps are in no order on the wire.
std::vector<std::string> Comparable(std::vector<v1::ExportArticlesResponse> archive) {
  std::vector<std::string> lines;
  for (v1::ExportArticlesResponse& message : archive) {
    if (message.has_contributor()) ForgetOrigin(*message.mutable_contributor());
    if (message.has_section()) ForgetOrigin(*message.mutable_section());
    if (message.has_tag()) ForgetOrigin(*message.mutable_tag());
    if (message.has_place()) ForgetOrigin(*message.mutable_place());
    lines.push_back(nlohmann::json::parse(ToJson({message})).dump());
  }
  return lines;
}

// What an article leads to must be there when it is saved.
void LeadTo(const std::string& article, const std::string& coverage,
            google::protobuf::RepeatedPtrField<v1::Block>& blocks) {
  for (v1::Block& block : blocks) {
    if (block.has_related()) block.mutable_related()->set_articles(0, article);
    if (block.has_live_coverage()) block.mutable_live_coverage()->set_live_coverage(coverage);
    if (block.has_gate()) LeadTo(article, coverage, *block.mutable_gate()->mutable_blocks());
  }
}

class Exporting : public Archives {
 protected:
  explicit Exporting(uint32_t seed = std::random_device()()) : dice_(seed), random_(seed) {
    std::cout << "seed " << seed << std::endl;
    v1::CreateTagRequest tag;
    tag.mutable_tag()->set_display_name("Weather");
    tag.set_tag_id("weather");
    v1::Tag made_tag;
    EXPECT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateTag, tag, &made_tag, editor_), IsOk());
    v1::CreatePlaceRequest place;
    place.mutable_place()->set_display_name("Kyiv");
    place.set_place_id("kyiv");
    v1::Place made_place;
    EXPECT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreatePlace, place, &made_place, editor_), IsOk());
    v1::CreateSectionRequest section;
    section.mutable_section()->set_display_name("Below");
    section.mutable_section()->set_parent("sections/national");
    section.set_section_id("a-below");  // Before its parent in the alphabet.
    v1::Section made_section;
    EXPECT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateSection, section, &made_section, editor_), IsOk());
    v1::CreateLiveCoverageRequest coverage;
    coverage.mutable_live_coverage()->set_headline("The storm");
    coverage.mutable_live_coverage()->set_language_code("en");
    coverage.set_live_coverage_id("storm");
    v1::LiveCoverage made_coverage;
    const auto live = v1::LiveCoverageService::NewStub(channel_);
    EXPECT_THAT(Call(*live, &v1::LiveCoverageService::Stub::CreateLiveCoverage, coverage, &made_coverage, editor_),
                IsOk());
    Create(Draft("Lighthouse"), "lighthouse");
  }

  int Number(int most) { return std::uniform_int_distribution<int>(0, most)(dice_); }

  // As anybody might write it, but of what there is.
  v1::Article RandomDraft() {
    v1::Article article = random_.Make();
    article.set_language_code("uk");
    article.set_section("sections/national");
    article.clear_additional_sections();
    if (Number(1) == 0) article.add_additional_sections("sections/a-below");
    article.set_tags(0, "tags/weather");
    article.set_places(0, "places/kyiv");
    article.mutable_bylines(0)->set_contributor("contributors/news-desk");
    article.set_legal_hold(false);
    article.clear_embargo_until();
    article.set_source_revision(0);
    LeadTo("articles/lighthouse", "liveCoverages/storm", *article.mutable_body());
    return article;
  }

  std::string MakeRandom() {
    v1::CreateArticleRequest request;
    *request.mutable_article() = RandomDraft();
    v1::Article created;
    EXPECT_THAT(Call(*editing_, &v1::ArticlesService::Stub::CreateArticle, request, &created, admin_), IsOk());
    return created.name();
  }

  // One of the things that happen to an article; what its state does not admit comes to nothing.
  void MoveAtRandom(const std::string& name) {
    using Stub = v1::ArticlesService::Stub;
    switch (Number(9)) {
      case 0:
      case 1:
        Move<v1::PublishArticleRequest>(&Stub::PublishArticle, name);
        break;
      case 2:
        TrySchedule(name, absl::Now() + absl::Hours(1 + Number(1000)));
        break;
      case 3:
        Move<v1::UnpublishArticleRequest>(&Stub::UnpublishArticle, name);
        break;
      case 4: {
        v1::RetractArticleRequest request;
        request.set_name(name);
        request.set_etag("*");
        request.set_notice("We were wrong.");
        v1::Article ignored;
        Call(*editing_, &Stub::RetractArticle, request, &ignored, admin_);
        break;
      }
      case 5:
        Move<v1::SubmitForReviewRequest>(&Stub::SubmitForReview, name);
        break;
      case 6:
        Correct(name);
        break;
      default: {
        v1::UpdateArticleRequest request;
        *request.mutable_article() = RandomDraft();
        request.mutable_article()->set_name(name);
        request.mutable_article()->set_etag("*");
        request.mutable_update_mask()->add_paths(Number(1) == 0 ? "slug" : "body");
        request.mutable_update_mask()->add_paths("headline");
        v1::Article ignored;
        Call(*editing_, &Stub::UpdateArticle, request, &ignored, admin_);
      }
    }
  }

  std::string Translate(const std::string& name, const std::string& language_code) {
    v1::CreateTranslationRequest request;
    request.set_name(name);
    request.set_language_code(language_code);
    v1::Article made;
    EXPECT_THAT(Call(*editing_, &v1::ArticlesService::Stub::CreateTranslation, request, &made, editor_), IsOk());
    return made.name();
  }

  void Link(const std::string& name, const std::string& translation_of) {
    v1::LinkTranslationRequest request;
    request.set_name(name);
    request.set_etag("*");
    request.set_translation_of(translation_of);
    v1::Article linked;
    EXPECT_THAT(Call(*editing_, &v1::ArticlesService::Stub::LinkTranslation, request, &linked, editor_), IsOk());
  }

  // All articles have that tag, and go on to.
  void MergeIntoAnother(const std::string& id) {
    v1::CreateTagRequest tag;
    tag.mutable_tag()->set_display_name("Storms");
    tag.set_tag_id("storms");
    v1::Tag made;
    EXPECT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateTag, tag, &made, editor_), IsOk());
    v1::MergeTagsRequest merge;
    merge.set_name("tags/storms");
    merge.set_etag("*");
    merge.add_sources("tags/" + id);
    EXPECT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::MergeTags, merge, &made, editor_), IsOk());
  }

  void Correct(const std::string& name) {
    const auto corrections = v1::CorrectionsService::NewStub(channel_);
    v1::CreateCorrectionRequest request;
    request.set_parent(name);
    request.set_article_etag("*");
    request.mutable_correction()->set_kind(v1::Correction::CLARIFICATION);
    request.mutable_correction()->mutable_text()->set_text("A name was misspelt.");
    v1::Correction made;
    if (!Call(*corrections, &v1::CorrectionsService::Stub::CreateCorrection, request, &made, editor_).ok()) return;
    v1::UpdateCorrectionRequest change;
    *change.mutable_correction() = made;
    change.mutable_correction()->mutable_text()->set_text("Two names were misspelt.");
    change.mutable_correction()->set_etag("*");
    change.mutable_update_mask()->add_paths("text");
    EXPECT_THAT(Call(*corrections, &v1::CorrectionsService::Stub::UpdateCorrection, change, &made, editor_), IsOk());
    if (Number(1) == 0) return;
    v1::WithdrawCorrectionRequest withdrawal;
    withdrawal.set_name(made.name());
    withdrawal.set_etag("*");
    withdrawal.set_reason("They were right.");
    EXPECT_THAT(Call(*corrections, &v1::CorrectionsService::Stub::WithdrawCorrection, withdrawal, &made, editor_),
                IsOk());
  }

  std::mt19937 dice_;
  RandomArticle random_;
};

TEST_F(Exporting, ImportsBackToTheSameState) {
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) names.push_back(MakeRandom());
  for (int i = 0; i < 90; ++i) MoveAtRandom(names[Number(11)]);
  Translate(Translate(names[0], "en"), "de");
  Link("articles/lighthouse", names[1]);  // Which is the later one.
  MergeIntoAnother("weather");
  const std::vector<v1::ExportArticlesResponse> archive = Export(Everything());

  EmptyNewsroom elsewhere;
  const Imported imported = ImportFile(elsewhere.server.Channel(), elsewhere.admin, Native(), ToJson(archive), 100'000);
  ASSERT_THAT(imported.status, IsOk());
  for (const v1::ImportedItem& item : imported.items) {
    EXPECT_EQ(item.outcome(), v1::ImportedItem::CREATED) << item.ShortDebugString();
  }
  const auto there = ExportFrom(elsewhere.server.Channel(), elsewhere.admin, Everything());
  EXPECT_EQ(Comparable(there), Comparable(archive));

  const Imported again = ImportFile(elsewhere.server.Channel(), elsewhere.admin, Native(), ToJson(archive));
  EXPECT_THAT(again.Outcomes(), Each(std::string("UNCHANGED")));
  EXPECT_EQ(Comparable(ExportFrom(elsewhere.server.Channel(), elsewhere.admin, Everything())), Comparable(archive));
}

TEST_F(Exporting, TakesReadersWhereTheyHaveBeen) {
  v1::Article draft = Draft("Storm");
  draft.set_slug("storm");
  v1::Article article = Publish(Create(draft));
  article.set_slug("great-storm");
  article = Update(article, {"slug"});
  Publish(article);
  EmptyNewsroom elsewhere;
  ImportFile(elsewhere.server.Channel(), elsewhere.admin, Native(), ToJson(Export(Everything())));
  const auto reading = v1::ReadingService::NewStub(elsewhere.server.Channel());
  for (const char* path : {"/en/storm", "/en/great-storm"}) {
    v1::ReadArticleRequest request;
    request.set_url_path(path);
    v1::ReadArticleResponse response;
    EXPECT_THAT(Call(*reading, &v1::ReadingService::Stub::ReadArticle, request, &response, ""), IsOk()) << path;
  }
}

TEST_F(Exporting, GoesOnAfterAnArticleAndTakesOnlyWhatIsAskedFor) {
  const std::string first = Create(Draft("First")).name();
  const std::string second = Publish(Create(Draft("Second"))).name();
  v1::ExportArticlesRequest request;
  request.set_after(first);
  const auto rest = Export(request);
  ASSERT_THAT(rest, SizeIs(2));
  EXPECT_EQ(rest[1].article().article().name(), second);
  request.Clear();
  request.set_filter("state = DRAFT");
  const auto drafts = Export(request);
  EXPECT_EQ(drafts.back().article().article().name(), first);
}

TEST_F(Exporting, IsForEditorsAndAnImportForAdminsAlone) {
  const auto stub = v1::ExchangeService::NewStub(channel_);
  grpc::ClientContext context;
  testing::Authorize(context, server_.StaffToken({"reporter"}));
  v1::ExportArticlesResponse response;
  const auto stream = stub->ExportArticles(&context, Everything());
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_FALSE(ExportFrom(channel_, editor_, Everything()).empty());
  EXPECT_THAT(ImportFile(channel_, editor_, Native(), "").status,
              testing::StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace masthead::articles
