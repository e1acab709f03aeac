// A story in several languages.
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::masthead::testing::ToStatus;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class TranslationsServiceTest : public Newsroom {
 protected:
  using Stub = v1::ArticlesService::Stub;

  grpc::Status TryTranslate(const std::string& name, const std::string& language, v1::Article* translation = nullptr,
                            int64_t revision = 0) {
    v1::CreateTranslationRequest request;
    request.set_name(name);
    request.set_language_code(language);
    request.set_source_revision(revision);
    v1::Article ignored;
    return Edit(&Stub::CreateTranslation, request, translation != nullptr ? translation : &ignored);
  }
  v1::Article Translate(const v1::Article& article, const std::string& language) {
    v1::Article translation;
    EXPECT_THAT(TryTranslate(article.name(), language, &translation), IsOk());
    return translation;
  }

  grpc::Status TryLink(const std::string& name, const std::string& source, v1::Article* linked = nullptr) {
    v1::LinkTranslationRequest request;
    request.set_name(name);
    request.set_etag("*");
    request.set_translation_of(source);
    v1::Article ignored;
    return Edit(&Stub::LinkTranslation, request, linked != nullptr ? linked : &ignored);
  }
  v1::Article Unlink(const std::string& name) {
    v1::Article left;
    EXPECT_THAT(Move<v1::UnlinkTranslationRequest>(&Stub::UnlinkTranslation, name, &left), IsOk());
    return left;
  }

  v1::Article Rewritten(const std::string& name, const std::string& headline) {
    v1::Article article = Get(name);
    article.set_headline(headline);
    return Update(article, {"headline"});
  }

  // What a page of the article says in hreflang.
  std::vector<std::string> Alternates(const std::string& name) {
    v1::ReadArticleResponse response;
    EXPECT_THAT(Read(name, &response), IsOk());
    std::vector<std::string> paths;
    for (const auto& translation : response.article().translations()) {
      EXPECT_EQ(translation.url_path().rfind("/" + translation.language_code() + "/", 0), 0u);
      paths.push_back(translation.url_path());
    }
    return paths;
  }

  std::vector<std::string> Matching(const std::string& filter) {
    v1::ListArticlesRequest request;
    request.set_filter(filter);
    v1::ListArticlesResponse response;
    EXPECT_THAT(Edit(&Stub::ListArticles, request, &response), IsOk()) << filter;
    std::vector<std::string> names;
    for (const v1::Article& article : response.articles()) names.push_back(article.name());
    return names;
  }
};

TEST_F(TranslationsServiceTest, BeginsWithTheTextAndNotWithWhatBelongsToTheOriginalAlone) {
  v1::Article draft = Draft("Crimea");
  draft.set_slug("crimea-by-hand");
  draft.mutable_seo()->set_canonical_uri("https://wire.example.org/crimea");
  (*draft.mutable_alt_ids())["guid"] = "1";
  const v1::Article original = Publish(Create(draft));
  const v1::Article translation = Translate(original, "uk");
  EXPECT_EQ(translation.state(), v1::Article::DRAFT);
  EXPECT_EQ(translation.headline(), "Crimea");
  EXPECT_EQ(translation.body_size(), 1);
  EXPECT_EQ(translation.section(), "sections/national");
  EXPECT_EQ(translation.slug(), "crimea");
  EXPECT_EQ(translation.seo().canonical_uri(), "");
  EXPECT_THAT(translation.alt_ids(), IsEmpty());
  EXPECT_EQ(translation.translation_of(), original.name());
  EXPECT_EQ(translation.source_revision(), original.revision());
  EXPECT_FALSE(translation.translation_stale());
  EXPECT_THAT(translation.translations(), ElementsAre(Pair("en", original.name())));
  const v1::Article unchanged = Get(original.name());
  EXPECT_EQ(unchanged.etag(), original.etag()) << "being translated is no edit";
  EXPECT_THAT(unchanged.translations(), ElementsAre(Pair("uk", translation.name())));
  EXPECT_EQ(unchanged.translation_of(), "");
}

TEST_F(TranslationsServiceTest, IsASetWhicheverWasTranslatedFromWhich) {
  const v1::Article english = Create(Draft("Crimea"));
  const v1::Article ukrainian = Translate(english, "uk");
  const v1::Article french = Translate(ukrainian, "fr");
  EXPECT_EQ(french.translation_of(), ukrainian.name());
  EXPECT_THAT(french.translations(), UnorderedElementsAre(Pair("en", english.name()), Pair("uk", ukrainian.name())));
  EXPECT_THAT(Get(english.name()).translations(),
              UnorderedElementsAre(Pair("uk", ukrainian.name()), Pair("fr", french.name())));
  for (const std::string& member : {english.name(), ukrainian.name(), french.name()}) {
    EXPECT_THAT(Matching(absl::StrCat("translation_set = \"", member, "\"")),
                UnorderedElementsAre(english.name(), ukrainian.name(), french.name()));
  }
  EXPECT_THAT(Matching(absl::StrCat("translation_of = \"", ukrainian.name(), "\"")), ElementsAre(french.name()));
}

TEST_F(TranslationsServiceTest, HasOneArticleOfALanguage) {
  const v1::Article english = Create(Draft("Crimea"));
  const v1::Article ukrainian = Translate(english, "uk");
  const grpc::Status second = TryTranslate(english.name(), "uk");
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kAlreadyExists, "LANGUAGE_TAKEN"));
  EXPECT_EQ(ErrorMetadata(ToStatus(second), "holder"), ukrainian.name());
  EXPECT_THAT(TryTranslate(ukrainian.name(), "en"), StatusIs(absl::StatusCode::kAlreadyExists, "LANGUAGE_TAKEN"));
  EXPECT_THAT(TryTranslate(english.name(), "en"), StatusIs(absl::StatusCode::kAlreadyExists, "LANGUAGE_TAKEN"));
  EXPECT_THAT(TryTranslate(english.name(), "no language"),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(TryTranslate("articles/nothing", "uk"), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

TEST_F(TranslationsServiceTest, GivesALanguageToOneOfTwoTranslatorsAtTheSameMoment) {
  const v1::Article english = Create(Draft("Crimea"));
  const v1::Article french = Translate(english, "fr");
  std::vector<grpc::Status> results(8);
  std::vector<std::thread> translators;
  for (size_t i = 0; i < results.size(); ++i) {
    translators.emplace_back([&, i] { results[i] = TryTranslate(i % 2 == 0 ? english.name() : french.name(), "uk"); });
  }
  for (std::thread& translator : translators) translator.join();
  int made = 0;
  for (const grpc::Status& result : results) {
    made += result.ok() ? 1 : 0;
    EXPECT_THAT(result, AnyOf(IsOk(), StatusIs(absl::StatusCode::kAlreadyExists, "LANGUAGE_TAKEN")));
  }
  EXPECT_EQ(made, 1);
}

TEST_F(TranslationsServiceTest, IsStaleWhenReadersOfTheOriginalHaveALaterText) {
  const v1::Article english = Publish(Create(Draft("Crimea")));
  v1::Article ukrainian = Translate(english, "uk");
  const v1::Article rewritten = Rewritten(english.name(), "Crimea, again");
  EXPECT_FALSE(Get(ukrainian.name()).translation_stale()) << "nobody reads it yet";
  Publish(rewritten);
  ukrainian = Get(ukrainian.name());
  EXPECT_TRUE(ukrainian.translation_stale());
  EXPECT_THAT(Matching("translation_stale = true"), ElementsAre(ukrainian.name()));

  ukrainian.set_source_revision(rewritten.revision());
  ukrainian = Update(ukrainian, {"source_revision"});
  EXPECT_FALSE(ukrainian.translation_stale());
  EXPECT_THAT(Matching("translation_stale = true"), IsEmpty());
  ukrainian.set_source_revision(rewritten.revision() + 1);
  EXPECT_THAT(TryUpdate(ukrainian, {"source_revision"}), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(TranslationsServiceTest, TranslatesARevisionOfTheTranslatorsChoice) {
  const v1::Article english = Create(Draft("First"));
  Rewritten(english.name(), "Second");
  v1::Article translation;
  ASSERT_THAT(TryTranslate(english.name(), "uk", &translation, 1), IsOk());
  EXPECT_EQ(translation.headline(), "First");
  EXPECT_EQ(translation.source_revision(), 1);
  EXPECT_THAT(TryTranslate(english.name(), "fr", nullptr, 9),
              StatusIs(absl::StatusCode::kNotFound, "REVISION_NOT_FOUND"));
}

TEST_F(TranslationsServiceTest, TellsReadersOfTranslationsThatArePublicAndOfNoOther) {
  const v1::Article english = Publish(Create(Draft("Crimea")));
  EXPECT_THAT(Alternates(english.name()), IsEmpty());
  const v1::Article ukrainian = Translate(english, "uk");
  const v1::Article french = Translate(english, "fr");
  v1::ReadArticleResponse answer;
  ASSERT_THAT(Read(english.name(), &answer), IsOk());
  EXPECT_THAT(answer.DebugString(), Not(HasSubstr(ukrainian.name())));

  // The answer about the original was kept, and is dropped.
  Publish(ukrainian);
  EXPECT_THAT(Alternates(english.name()), ElementsAre("/uk/crimea"));
  EXPECT_THAT(Alternates(ukrainian.name()), ElementsAre("/en/crimea"));
  const v1::Event event = Events().back();
  EXPECT_THAT(event.article_published().facts().translations(), ElementsAre(english.name()));

  ASSERT_THAT(TryUnpublish(ukrainian.name()), IsOk());
  EXPECT_THAT(Alternates(english.name()), IsEmpty());
}

TEST_F(TranslationsServiceTest, LinksWhatWasWrittenApartAndUnlinksIt) {
  const v1::Article english = Publish(Create(Draft("Crimea")));
  v1::Article draft = Draft("Крим");
  draft.set_language_code("uk");
  const v1::Article ukrainian = Publish(Create(draft));
  EXPECT_THAT(Alternates(english.name()), IsEmpty());
  v1::Article linked;
  ASSERT_THAT(TryLink(ukrainian.name(), english.name(), &linked), IsOk());
  EXPECT_EQ(linked.translation_of(), english.name());
  EXPECT_EQ(linked.revision(), ukrainian.revision()) << "no edit of the text";
  EXPECT_NE(linked.etag(), ukrainian.etag());
  EXPECT_THAT(Alternates(english.name()), ElementsAre("/uk/krym"));
  v1::Article again;
  ASSERT_THAT(TryLink(ukrainian.name(), english.name(), &again), IsOk());
  EXPECT_EQ(again.etag(), linked.etag());

  const v1::Article other = Create(Draft("Another"));
  EXPECT_THAT(TryLink(ukrainian.name(), other.name()),
              StatusIs(absl::StatusCode::kFailedPrecondition, "IN_TRANSLATION_SET"));
  EXPECT_THAT(TryLink(other.name(), ukrainian.name()), StatusIs(absl::StatusCode::kAlreadyExists, "LANGUAGE_TAKEN"));
  EXPECT_THAT(TryLink(other.name(), other.name()), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));

  // The original leaves: what was made from it is a translation of nothing.
  EXPECT_THAT(Unlink(english.name()).translations(), IsEmpty());
  EXPECT_EQ(Get(ukrainian.name()).translation_of(), "");
  EXPECT_THAT(Alternates(english.name()), IsEmpty());
  EXPECT_THAT(Alternates(ukrainian.name()), IsEmpty());
  const v1::Article once_more = Unlink(english.name());
  EXPECT_EQ(once_more.etag(), Get(english.name()).etag());
}

TEST_F(TranslationsServiceTest, LetsADeletedTranslationMakeWay) {
  const v1::Article english = Create(Draft("Crimea"));
  const v1::Article first = Translate(english, "uk");
  ASSERT_THAT(Move<v1::DeleteArticleRequest>(&Stub::DeleteArticle, first.name()), IsOk());
  EXPECT_THAT(Get(english.name()).translations(), IsEmpty());
  v1::Article back;
  ASSERT_THAT(Move<v1::UndeleteArticleRequest>(&Stub::UndeleteArticle, first.name(), &back), IsOk());
  EXPECT_THAT(Get(english.name()).translations(), ElementsAre(Pair("uk", first.name())));

  ASSERT_THAT(Move<v1::DeleteArticleRequest>(&Stub::DeleteArticle, first.name()), IsOk());
  const v1::Article second = Translate(english, "uk");
  ASSERT_THAT(Move<v1::UndeleteArticleRequest>(&Stub::UndeleteArticle, first.name(), &back), IsOk());
  EXPECT_THAT(Get(first.name()).translations(), IsEmpty()) << "it has left the set";
  EXPECT_THAT(Get(english.name()).translations(), ElementsAre(Pair("uk", second.name())));

  ASSERT_THAT(Move<v1::DeleteArticleRequest>(&Stub::DeleteArticle, english.name()), IsOk());
  EXPECT_EQ(Get(second.name()).translation_of(), "");
  v1::PurgeArticleRequest purge;
  purge.set_name(english.name());
  purge.set_etag("*");
  v1::PurgeArticleResponse purged;
  ASSERT_THAT(Call(*editing_, &Stub::PurgeArticle, purge, &purged, admin_), IsOk());
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM article_translations"), "1");
}

}  // namespace
}  // namespace masthead::articles
