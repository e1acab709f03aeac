#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "services/articles/indexing/lexemes.h"
#include "services/articles/indexing/search_indexer.h"
#include "services/articles/search/search_store.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class SearchServiceTest : public Newsroom {
 protected:
  // Publishes a story of one paragraph.
  void Tell(const std::string& id, const std::string& language, const std::string& headline, const std::string& text) {
    v1::Article article = Draft(headline);
    article.set_language_code(language);
    article.clear_dek();
    article.mutable_body(0)->mutable_paragraph()->mutable_text()->set_text(text);
    Publish(Create(article, id));
  }

  grpc::Status TrySearch(const v1::SearchArticlesRequest& request, v1::SearchArticlesResponse* response) {
    return Call(*reading_, &v1::ReadingService::Stub::SearchArticles, request, response, "");
  }

  v1::SearchArticlesResponse Search(const v1::SearchArticlesRequest& request) {
    v1::SearchArticlesResponse response;
    EXPECT_THAT(TrySearch(request, &response), IsOk());
    return response;
  }

  static v1::SearchArticlesRequest For(const std::string& query) {
    v1::SearchArticlesRequest request;
    request.set_query(query);
    return request;
  }

  static std::vector<std::string> Ids(const v1::SearchArticlesResponse& response) {
    std::vector<std::string> ids;
    for (const v1::SearchHit& hit : response.hits()) ids.push_back(hit.article().name().substr(9));
    return ids;
  }
  std::vector<std::string> Found(const std::string& query) { return Ids(Search(For(query))); }

  void IndexEverything() {
    const Scope scope = {.deadline = absl::Now() + absl::Seconds(20)};
    while (articles_.search_indexer().IndexSome(scope, 2).value() > 0) continue;
  }
};

TEST_F(SearchServiceTest, FindsEveryFormOfAUkrainianWordInTheBody) {
  Tell("five", "uk", "Вечір", "У Харкові п’ять українських родин отримали за́мок на ґанок.");
  Tell("other", "uk", "Ранок", "Про погоду у Львові.");
  for (const char* query : {"Харків", "ХАРКОВА", "п'ять", "п`ять", "пʼять", "український", "замок", "за́мок", "ганок",
                            "ґанок", "родина", "отримала", "харків родини", "\"п'ять українських родин\""}) {
    EXPECT_THAT(Found(query), ElementsAre("five")) << query;
  }
  EXPECT_THAT(Found("\"українських п'ять\""), IsEmpty());
}

TEST_F(SearchServiceTest, FindsWhatWasTypedDecomposed) {
  Tell("kyiv", "uk", "Київ", "Їжа.");
  EXPECT_THAT(Found("Киі\u0308в"), ElementsAre("kyiv"));
  EXPECT_THAT(Found("і\u0308жа"), ElementsAre("kyiv"));
}

TEST_F(SearchServiceTest, DoesNotLeanOnTheLocaleOfTheDatabase) {
  Tell("kyiv", "uk", "КИЇВ", "ЇЖАКИ");
  EXPECT_THAT(Found("київ їжак"), ElementsAre("kyiv"));
  EXPECT_EQ(postgres_.QueryValue("SELECT words::text LIKE '%КИЇВ%' FROM search_documents"), "f");
}

TEST_F(SearchServiceTest, FindsEnglishBesideOtherLanguages) {
  Tell("en", "en", "Reporters in Odesa", "They were reporting.");
  Tell("pl", "pl", "Reporters", "Bez granic.");
  EXPECT_THAT(Found("reporter"), ElementsAre("en"));
  EXPECT_THAT(Found("reporters"), UnorderedElementsAre("en", "pl"));
  v1::SearchArticlesRequest polish = For("reporters");
  polish.set_language_code("pl");
  EXPECT_THAT(Ids(Search(polish)), ElementsAre("pl"));
}

TEST_F(SearchServiceTest, ReadsTheQueryAsPeopleWriteIt) {
  Tell("peace", "en", "Peace talks", "War and peace.");
  Tell("war", "en", "War", "Some battles.");
  EXPECT_THAT(Found("war"), UnorderedElementsAre("peace", "war"));
  EXPECT_THAT(Found("war -peace"), ElementsAre("war"));
  EXPECT_THAT(Found("talks OR battles"), UnorderedElementsAre("peace", "war"));
  EXPECT_THAT(Found("\"war and peace\""), ElementsAre("peace"));
  EXPECT_THAT(Found("absent"), IsEmpty());
  EXPECT_THAT(Ids(Search(For("tal"))), IsEmpty());
  v1::SearchArticlesRequest typing = For("tal");
  typing.set_last_word_is_prefix(true);
  EXPECT_THAT(Ids(Search(typing)), ElementsAre("peace"));
}

TEST_F(SearchServiceTest, RefusesAQueryWithoutAWordToLookFor) {
  v1::SearchArticlesResponse response;
  for (const char* query : {"", " ", "the", "і та", "-war", "!!!"}) {
    EXPECT_THAT(TrySearch(For(query), &response), StatusIs(absl::StatusCode::kInvalidArgument, "QUERY_EMPTY")) << query;
  }
  v1::SearchArticlesRequest request = For("war");
  request.set_order_by("headline");
  EXPECT_THAT(TrySearch(request, &response), StatusIs(absl::StatusCode::kInvalidArgument, "BAD_ORDER_BY"));
  request = For("war");
  request.set_filter("state = DRAFT");
  EXPECT_THAT(TrySearch(request, &response), StatusIs(absl::StatusCode::kInvalidArgument, "BAD_FILTER"));
  request = For(std::string(301, 'x'));
  EXPECT_THAT(TrySearch(request, &response), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request = For("war");
  request.set_page_token("x");
  EXPECT_THAT(TrySearch(request, &response), StatusIs(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN"));
}

TEST_F(SearchServiceTest, RanksTheHeadlineAboveTheBody) {
  Tell("headline", "en", "Drones over Kharkiv", "Nothing more.");
  Tell("body", "en", "Evening", "Drones were heard.");
  Tell("neither", "en", "Morning", "Quiet.");
  EXPECT_THAT(Found("drones"), ElementsAre("headline", "body"));
  v1::SearchArticlesRequest recent = For("drones");
  recent.set_order_by("recency");
  EXPECT_THAT(Ids(Search(recent)), ElementsAre("body", "headline"));
}

TEST_F(SearchServiceTest, FindsByTagAndByline) {
  v1::CreateTagRequest tag;
  tag.set_tag_id("energy");
  tag.mutable_tag()->set_display_name("Енергетика");
  v1::Tag created;
  ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateTag, tag, &created, editor_), IsOk());
  v1::Article article = Draft("Evening");
  article.add_tags("tags/energy");
  Publish(Create(article, "tagged"));
  Tell("other", "en", "Other", "Text.");
  EXPECT_THAT(Found("енергетики"), ElementsAre("tagged"));
  EXPECT_THAT(Found("news desk"), SizeIs(2));
  v1::SearchArticlesRequest filtered = For("news desk");
  filtered.set_filter("tags:tags/energy");
  EXPECT_THAT(Ids(Search(filtered)), ElementsAre("tagged"));
}

TEST_F(SearchServiceTest, FollowsWhatReadersHave) {
  Tell("story", "en", "First", "Alpha.");
  v1::Article article = Get("articles/story");
  article.mutable_body(0)->mutable_paragraph()->mutable_text()->set_text("Beta.");
  Update(article, {"body"});
  EXPECT_THAT(Found("alpha"), ElementsAre("story"));
  EXPECT_THAT(Found("beta"), IsEmpty());

  Publish(Get("articles/story"));
  EXPECT_THAT(Found("alpha"), IsEmpty());
  EXPECT_THAT(Found("beta"), ElementsAre("story"));

  ASSERT_THAT(TryUnpublish("articles/story"), IsOk());
  EXPECT_THAT(Found("beta"), IsEmpty());
}

TEST_F(SearchServiceTest, FindsHiddenTextAndShowsNothingOfIt) {
  v1::Article article = Draft("Gated");
  article.clear_dek();
  article.add_body()->mutable_paragraph()->mutable_text()->set_text("A SECRET drone landed.");
  article.mutable_access()->set_level(v1::Access::REGISTERED);
  article.mutable_access()->set_preview_paragraphs(1);
  Publish(Create(article, "gated"));
  const v1::SearchArticlesResponse response = Search(For("drone"));
  ASSERT_THAT(Ids(response), ElementsAre("gated"));
  EXPECT_EQ(response.hits(0).snippet(), "First paragraph.");
  EXPECT_THAT(response.hits(0).matches(), IsEmpty());
  EXPECT_THAT(response.SerializeAsString(), Not(HasSubstr("SECRET")));
}

TEST_F(SearchServiceTest, ShowsInTheSnippetWhatItsReaderMayRead) {
  v1::Article article = Draft("Gated");
  article.clear_dek();
  article.add_body()->mutable_paragraph()->mutable_text()->set_text("A SECRET drone landed.");
  article.mutable_access()->set_level(v1::Access::PLANS);
  article.mutable_access()->add_plans("tiers/gold");
  article.mutable_access()->set_preview_paragraphs(1);
  Publish(Create(article, "gated"));
  const auto snippet_for = [&](const std::string& token) {
    v1::SearchArticlesResponse response;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::SearchArticles, For("drone"), &response, token), IsOk());
    return response.hits_size() == 1 ? response.hits(0).snippet() : "";
  };
  EXPECT_EQ(snippet_for(server_.MemberToken("members/one", {"tiers/gold"})), "A SECRET drone landed.");
  EXPECT_EQ(snippet_for(editor_), "A SECRET drone landed.");
  EXPECT_EQ(snippet_for(server_.MemberToken("members/two", {"tiers/silver"})), "First paragraph.");
  EXPECT_EQ(snippet_for(server_.BackendToken({"articles.read"})), "First paragraph.");
  EXPECT_EQ(snippet_for(""), "First paragraph.");
}

TEST_F(SearchServiceTest, CountsTheHitsBySectionTagAndYear) {
  v1::CreateTagRequest tag;
  tag.set_tag_id("drones");
  tag.mutable_tag()->set_display_name("Drones");
  v1::Tag made;
  ASSERT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateTag, tag, &made, editor_), IsOk());
  for (const char* id : {"one", "two", "three"}) {
    v1::Article article = Draft(absl::StrCat("A drone, ", id));
    if (std::string(id) != "three") article.add_tags("tags/drones");
    Publish(Create(article, id));
  }
  Publish(Create(Draft("Nothing flies")));
  for (const char* table : {"published_articles", "search_documents"}) {
    postgres_.Execute(
        absl::StrCat("UPDATE ", table, " SET publish_time = '2023-12-31 23:59:59Z' WHERE article_id = 'one'"));
  }
  v1::SearchArticlesRequest request = For("drone");
  for (const auto kind : {v1::SearchFacet::YEAR, v1::SearchFacet::SECTION, v1::SearchFacet::TAG})
    request.add_facets(kind);
  request.set_page_size(1);
  const std::string this_year = absl::FormatTime("%Y", absl::Now(), absl::UTCTimeZone());
  for (const char* order : {"relevance", "recency"}) {
    request.set_order_by(order);
    const v1::SearchArticlesResponse response = Search(request);
    ASSERT_THAT(response.facets(), SizeIs(3));
    const auto counts = [&](int facet) {
      std::vector<std::string> told;
      for (const auto& count : response.facets(facet).counts())
        told.push_back(absl::StrCat(count.value(), " ", count.hits()));
      return told;
    };
    EXPECT_THAT(counts(0), ElementsAre(absl::StrCat(this_year, " 2"), "2023 1"));
    EXPECT_THAT(counts(1), ElementsAre("sections/national 3"));
    EXPECT_THAT(counts(2), ElementsAre("tags/drones 2"));
  }
  EXPECT_THAT(Search(For("drone")).facets(), IsEmpty());
  request.add_facets(v1::SearchFacet::TAG);
  v1::SearchArticlesResponse response;
  EXPECT_THAT(TrySearch(request, &response), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

// 12,000 stories hold the word, and 8,000 newer ones do not.
TEST_F(SearchServiceTest, DoesNotWalkThroughAllThatIsNewerThanACommonWord) {
  Tell("newest", "en", "Elsewhere", "Nothing.");
  postgres_.Execute(R"sql(
    INSERT INTO articles (id, uid, language_code, state, version, revision, section_id, create_time, update_time)
    SELECT 'a' || n, 'u' || n, 'en', 'DRAFT', 1, 1, 'national', db_now(), db_now()
    FROM generate_series(1, 20000) n)sql");
  postgres_.Execute(R"sql(
    INSERT INTO article_revisions (article_id, revision, head, body, word_count, editor, create_time)
    SELECT 'a' || n, 1, '{}', '[]', 1, 'staffMembers/x', db_now()
    FROM generate_series(1, 20000) n)sql");
  postgres_.Execute(R"sql(
    INSERT INTO published_articles (article_id, revision, language_code, section_id, publish_time)
    SELECT 'a' || n, 1, 'en', 'national', db_now() - n * interval '1 minute'
    FROM generate_series(1, 20000) n)sql");
  postgres_.Execute(R"sql(
    INSERT INTO search_documents (article_id, revision, analysis, language_code, publish_time, words)
    SELECT 'a' || n, 1, 1, 'en', db_now() - n * interval '1 minute', CASE WHEN n > 8000 THEN 'onceuponatime:1' ELSE 'now:1' END::tsvector
    FROM generate_series(1, 20000) n)sql");
  postgres_.Execute("ANALYZE");
  const SearchTerms terms = {.tsquery = "'onceuponatime'", .published_by = absl::Now()};

  const absl::StatusOr<int64_t> walked =
      postgres_.database().Read({.deadline = absl::Now() + absl::Seconds(20)}, [&](db::Transaction& tx) {
        const std::vector<SearchPosition> found = LoadNewestMatches(tx, terms, std::nullopt, 20);
        EXPECT_THAT(found, SizeIs(20));
        EXPECT_EQ(found.front().article_id, "a8001");
        return tx.Query("SELECT pg_stat_get_xact_tuples_returned('search_documents_newest'::regclass)")[0][0]
            .as<int64_t>();
      });

  ASSERT_THAT(walked.status(), IsOk());
  EXPECT_LE(*walked, 3010);
}

TEST_F(SearchServiceTest, PointsOutTheWordsInTheSnippet) {
  Tell("story", "en", "Evening", "Some drones were heard.");
  const v1::SearchArticlesResponse response = Search(For("drone"));
  ASSERT_EQ(response.hits_size(), 1);
  EXPECT_EQ(response.hits(0).snippet(), "Some drones were heard.");
  ASSERT_EQ(response.hits(0).matches_size(), 1);
  EXPECT_EQ(response.hits(0).matches(0).start(), 5);
  EXPECT_EQ(response.hits(0).matches(0).end(), 11);
  EXPECT_THAT(response.hits(0).article().body(), IsEmpty());
}

TEST_F(SearchServiceTest, PagesShowEachStoryOnceWhateverIsPublishedMeanwhile) {
  std::vector<std::string> told;
  for (int i = 0; i < 7; ++i) {
    Tell(absl::StrCat("story-", i), "en", "Story", "Drones.");
    told.push_back(absl::StrCat("story-", i));
  }
  for (const char* order : {"relevance", "recency"}) {
    v1::SearchArticlesRequest request = For("drones");
    request.set_order_by(order);
    request.set_page_size(3);
    std::vector<std::string> seen;
    do {
      const v1::SearchArticlesResponse page = Search(request);
      for (const std::string& id : Ids(page)) seen.push_back(id);
      Tell(absl::StrCat("later-", order, "-", seen.size()), "en", "Drones drones", "Drones.");
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size()) << order;
    EXPECT_THAT(seen, ::testing::IsSupersetOf(told)) << order;
    // What came later is not on a later page; the next round finds it on its first.
    told.assign(seen.begin(), seen.end());
  }
}

TEST_F(SearchServiceTest, AStoryIsPublishedHoweverLongItIs) {
  v1::Article article = Draft("Long");
  std::minstd_rand random(7);
  for (int block = 0; block < 40; ++block) {
    std::string text;
    while (text.size() < 20'000) absl::StrAppend(&text, "слово", random(), " ");
    article.add_body()->mutable_paragraph()->mutable_text()->set_text(text);
  }
  Publish(Create(article, "long"));
  EXPECT_THAT(Found("long"), ElementsAre("long"));
}

TEST_F(SearchServiceTest, IndexesInTheBackgroundWhatNoPublicationHas) {
  for (int i = 0; i < 5; ++i) Tell(absl::StrCat("story-", i), "en", "Story", "Drones.");
  postgres_.Execute("DELETE FROM search_documents WHERE article_id IN ('story-1', 'story-3')");
  postgres_.Execute("UPDATE search_documents SET analysis = 0, words = '' WHERE article_id = 'story-4'");
  EXPECT_THAT(Found("drones"), UnorderedElementsAre("story-0", "story-2"));

  IndexEverything();

  EXPECT_THAT(Found("drones"), SizeIs(5));
  EXPECT_EQ(
      postgres_.QueryValue(absl::StrCat("SELECT count(*) FROM search_documents WHERE analysis = ", kAnalysisVersion)),
      "5");
}

}  // namespace
}  // namespace masthead::articles
