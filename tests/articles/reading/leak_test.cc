// The law of the gate: whatever an article is made of and whoever asks, no answer of any RPC holds a word that is not
// for the one who gets it. An RPC that tells readers something is added to Outputs() by one line.
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "masthead/articles/v1/corrections_service.grpc.pb.h"
#include "masthead/articles/v1/curated_lists_service.grpc.pb.h"
#include "masthead/articles/v1/feeds_service.grpc.pb.h"
#include "masthead/articles/v1/live_coverage_service.grpc.pb.h"
#include "services/articles/workers/cache_follower.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using Audience = v1::Gate::Audience;
using Level = v1::Access::Level;

constexpr int kStories = 60;
constexpr size_t kMaxWordsOfAQuery = 30;
// Every word that is looked for is a number between these; no other text has them.
constexpr char kBegin[] = "qz";
constexpr char kEnd = 'x';

struct Who {
  std::string title;
  std::string token;
  bool is_staff = false;
  bool is_member = false;
  std::set<std::string> tiers = {};
};

// What stands between a word and its readers.
struct Word {
  bool is_behind_paywall = false;
  std::vector<v1::Gate> gates = {};
};

struct Story {
  std::string name;
  std::string path;
  v1::Access access;
  bool is_denied_in_gb = false;
  std::map<std::string, Word> words;
};

class LeakTest : public Newsroom {
 protected:
  LeakTest() {
    const char* seed = std::getenv("MASTHEAD_TEST_SEED");
    uint32_t number = std::random_device()();
    if (seed != nullptr && !absl::SimpleAtoi(seed, &number)) std::abort();
    std::cout << "MASTHEAD_TEST_SEED=" << number << std::endl;
    random_.seed(number);
    v1::CreateLiveCoverageRequest request;
    request.set_live_coverage_id("storm");
    request.mutable_live_coverage()->set_headline("The storm");
    request.mutable_live_coverage()->set_language_code("en");
    v1::LiveCoverage coverage;
    EXPECT_THAT(Call(*live_, &v1::LiveCoverageService::Stub::CreateLiveCoverage, request, &coverage, editor_), IsOk());
  }

  int Pick(int choices) { return std::uniform_int_distribution<int>(0, choices - 1)(random_); }

  std::string NewWord(Story& story, const Word& word) {
    std::string text = absl::StrCat(kBegin, ++words_, std::string(1, kEnd));
    story.words[text] = word;
    return text;
  }

  v1::Block NewBlock(Story& story, const Word& word) {
    v1::Block block;
    const std::string text = NewWord(story, word);
    switch (Pick(6)) {
      case 0:
        block.mutable_heading()->mutable_text()->set_text(text);
        block.mutable_heading()->set_level(2);
        break;
      case 1:
        block.mutable_quote()->mutable_text()->set_text(text);
        break;
      case 2:
        block.mutable_list()->add_items()->set_text(text);
        break;
      case 3:
        block.mutable_callout()->mutable_text()->set_text(text);
        break;
      default:
        block.mutable_paragraph()->mutable_text()->set_text(text);
    }
    return block;
  }

  v1::Block NewGate(Story& story, Word word) {
    v1::Block block;
    v1::Gate& gate = *block.mutable_gate();
    gate.set_audience(static_cast<Audience>(1 + Pick(4)));
    if (gate.audience() == v1::Gate::PLANS) gate.add_plans(Pick(2) == 0 ? "tiers/gold" : "tiers/silver");
    word.gates.push_back(gate);
    for (int i = 0; i <= Pick(3); ++i) *gate.add_blocks() = NewBlock(story, word);
    return block;
  }

  v1::Access NewAccess() {
    v1::Access access;
    access.set_level(static_cast<Level>(1 + Pick(4)));
    if (access.level() == v1::Access::PLANS) access.add_plans(Pick(2) == 0 ? "tiers/gold" : "tiers/silver");
    access.set_preview(static_cast<v1::Access::Preview>(Pick(5)));
    access.set_preview_paragraphs(Pick(4));
    const auto hour = [](int sign) { return absl::ToUnixSeconds(absl::Now() + sign * absl::Hours(1)); };
    if (Pick(4) == 0) access.mutable_free_until()->set_seconds(hour(Pick(2) == 0 ? 1 : -1));
    return access;
  }

  // Fills the body, and notes of each word whether the paywall hides it.
  void Write(Story& story, v1::Article& article) {
    const int blocks = 1 + Pick(8);
    const int marker = Pick(2) == 0 ? Pick(blocks + 1) : -1;
    auto preview = story.access.preview();
    if (preview == v1::Access::PREVIEW_UNSPECIFIED) preview = marker >= 0 ? v1::Access::MARKER : v1::Access::PARAGRAPHS;
    int paragraphs = story.access.preview_paragraphs();
    bool is_behind = preview == v1::Access::DEK_ONLY || preview == v1::Access::NONE ||
                     (preview == v1::Access::MARKER && marker < 0) ||
                     (preview == v1::Access::PARAGRAPHS && paragraphs == 0);
    std::vector<std::string> since_paragraph;
    for (int i = 0; i <= blocks; ++i) {
      if (i == marker) {
        article.add_body()->mutable_paywall_marker();
        is_behind |= preview == v1::Access::MARKER;
      }
      if (i == blocks) break;
      const std::set<std::string> before = Words(story);
      const v1::Block block = Pick(3) == 0 ? NewGate(story, {is_behind}) : NewBlock(story, {is_behind});
      *article.add_body() = block;
      if (preview != v1::Access::PARAGRAPHS || is_behind) continue;
      // The preview ends with its last paragraph: what follows the last one there is, is behind it.
      for (const std::string& word : Words(story)) {
        if (before.count(word) == 0) since_paragraph.push_back(word);
      }
      if (!block.has_paragraph()) continue;
      since_paragraph.clear();
      is_behind = --paragraphs == 0;
    }
    for (const std::string& word : since_paragraph) story.words[word].is_behind_paywall = true;
  }

  static std::set<std::string> Words(const Story& story) {
    std::set<std::string> words;
    for (const auto& entry : story.words) words.insert(entry.first);
    return words;
  }

  // Corrections are told everybody, beside whatever is hidden.
  void Correct(const Story& story) {
    v1::CreateCorrectionRequest request;
    request.set_parent(story.name);
    request.set_article_etag("*");
    request.mutable_correction()->set_kind(v1::Correction::CORRECTION);
    request.mutable_correction()->mutable_text()->set_text("We were wrong.");
    v1::Correction correction;
    EXPECT_THAT(Call(*corrections_, &v1::CorrectionsService::Stub::CreateCorrection, request, &correction, editor_),
                IsOk());
  }

  // An update of the live coverage names the story and a draft; another is taken back, and its word with it.
  void Cover(Story& story) {
    v1::CreateLiveUpdateRequest request;
    request.set_parent(kCoverage);
    request.mutable_live_update()->add_body()->mutable_related()->add_articles(story.name);
    const std::string draft = absl::StrCat(kBegin, ++words_, std::string(1, kEnd));
    request.mutable_live_update()->mutable_body(0)->mutable_related()->add_articles(
        Create(Draft("No news"), draft).name());
    never_told_.insert(draft);
    v1::LiveUpdate update;
    EXPECT_THAT(Call(*live_, &v1::LiveCoverageService::Stub::CreateLiveUpdate, request, &update, editor_), IsOk());
    request.mutable_live_update()->clear_body();
    request.mutable_live_update()->set_headline(absl::StrCat(kBegin, ++words_, std::string(1, kEnd)));
    never_told_.insert(request.live_update().headline());
    EXPECT_THAT(Call(*live_, &v1::LiveCoverageService::Stub::CreateLiveUpdate, request, &update, editor_), IsOk());
    v1::DeleteLiveUpdateRequest remove;
    remove.set_name(update.name());
    remove.set_etag(update.etag());
    EXPECT_THAT(Call(*live_, &v1::LiveCoverageService::Stub::DeleteLiveUpdate, remove, &update, editor_), IsOk());
  }

  Story NewStory() {
    Story story;
    story.access = NewAccess();
    v1::Article article = Draft(absl::StrCat("Story ", words_));
    article.clear_body();
    article.clear_dek();
    if (Pick(2) == 0) {
      article.set_dek(NewWord(story, {.is_behind_paywall = story.access.preview() == v1::Access::NONE}));
    }
    Write(story, article);
    *article.mutable_access() = story.access;
    story.is_denied_in_gb = Pick(4) == 0;
    if (story.is_denied_in_gb) article.mutable_geo_restriction()->add_deny_country_codes("GB");
    const v1::Article published = Publish(Create(article));
    story.name = published.name();
    story.path = published.url_path();
    deks_.insert(article.dek());
    if (Pick(2) == 0) Correct(story);
    Cover(story);
    return story;
  }

  static bool IsAdmitted(const v1::Gate& gate, const Who& who) {
    if (who.is_staff) return true;
    switch (gate.audience()) {
      case v1::Gate::NON_MEMBERS:
        return !who.is_member;
      case v1::Gate::REGISTERED:
        return who.is_member;
      case v1::Gate::MEMBERS:
        return !who.tiers.empty();
      default:
        return who.tiers.count(gate.plans(0)) > 0;
    }
  }

  static bool IsEntitled(const Story& story, const Who& who) {
    const v1::Access& access = story.access;
    const bool is_free = access.has_free_until() && access.free_until().seconds() > absl::ToUnixSeconds(absl::Now());
    if (who.is_staff || is_free || access.level() == v1::Access::PUBLIC) return true;
    if (access.level() == v1::Access::REGISTERED) return who.is_member;
    if (access.level() == v1::Access::MEMBERS) return !who.tiers.empty();
    return who.tiers.count(access.plans(0)) > 0;
  }

  bool IsForReader(const Story& story, const std::string& word, const Who& who, const std::string& country) const {
    const Word& behind = story.words.at(word);
    const bool is_dek = deks_.count(word) > 0;
    const bool is_denied = story.is_denied_in_gb && country != "UA" && !who.is_staff;
    if (is_denied && !is_dek) return false;
    if (is_denied && behind.is_behind_paywall) return story.access.level() == v1::Access::PUBLIC;
    if (behind.is_behind_paywall && !IsEntitled(story, who)) return false;
    return absl::c_all_of(behind.gates, [&](const v1::Gate& gate) { return IsAdmitted(gate, who); });
  }

  // At any time, anywhere.
  bool IsForAll(const Story& story, const std::string& word) const {
    const Word& behind = story.words.at(word);
    if (deks_.count(word) == 0 && story.is_denied_in_gb) return false;
    return behind.gates.empty() && (!behind.is_behind_paywall || story.access.level() == v1::Access::PUBLIC);
  }

  // The words of ours in an answer.
  static std::set<std::string> Found(const google::protobuf::Message& answer) {
    const std::string text = answer.SerializeAsString();
    std::set<std::string> found;
    for (size_t at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at + 1)) {
      size_t end = at + std::strlen(kBegin);
      while (end < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) ++end;
      if (end < text.size() && text[end] == kEnd) found.insert(text.substr(at, end + 1 - at));
    }
    return found;
  }

  template <typename Stub, typename Request, typename Response>
  std::set<std::string> AskOf(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                              const Request& request, const std::string& token) {
    Response response;
    EXPECT_THAT(Call(stub, method, request, &response, token), IsOk()) << request.DebugString();
    return Found(response);
  }
  template <typename Request, typename Response>
  std::set<std::string> Ask(grpc::Status (v1::ReadingService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                             Response*),
                            const Request& request, const std::string& token) {
    return AskOf(*reading_, method, request, token);
  }

  // In every format, with sitemaps.
  std::set<std::string> AskFeeds(const std::string& token) {
    using Stub = v1::FeedsService::Stub;
    std::set<std::string> found = AskOf(*feeds_, &Stub::RenderNewsSitemap, v1::RenderNewsSitemapRequest(), token);
    found.merge(AskOf(*feeds_, &Stub::RenderSitemap, v1::RenderSitemapRequest(), token));
    for (const auto format : {v1::RenderFeedRequest::RSS, v1::RenderFeedRequest::ATOM, v1::RenderFeedRequest::JSON_FEED,
                              v1::RenderFeedRequest::NINJS}) {
      v1::RenderFeedRequest request;
      request.set_format(format);
      request.set_page_size(50);
      found.merge(AskOf(*feeds_, &Stub::RenderFeed, request, token));
    }
    return found;
  }

  // What tells everybody the same, or at least must not tell more to some.
  using Output = std::function<std::set<std::string>(const Story&, const std::string& token)>;
  std::map<std::string, Output> Outputs() {
    using Stub = v1::ReadingService::Stub;
    return {
        {"ListPublishedArticles",
         [&](const Story&, const std::string& token) {
           return Ask(&Stub::ListPublishedArticles, v1::ListPublishedArticlesRequest(), token);
         }},
        {"ListRelatedArticles",
         [&](const Story& story, const std::string& token) {
           return Ask(&Stub::ListRelatedArticles, Named<v1::ListRelatedArticlesRequest>(story.name), token);
         }},
        {"BatchGetAlertContent",
         [&](const Story& story, const std::string&) {
           return Ask(&Stub::BatchGetAlertContent, Listing<v1::BatchGetAlertContentRequest>(story.name), editor_);
         }},
        {"ReadFrontPage",
         [&](const Story&, const std::string& token) {
           const auto stub = v1::CuratedListsService::NewStub(channel_);
           v1::ReadFrontPageRequest request;
           request.add_names("curatedLists/all");
           v1::ReadFrontPageResponse response;
           EXPECT_THAT(Call(*stub, &v1::CuratedListsService::Stub::ReadFrontPage, request, &response, token), IsOk());
           EXPECT_EQ(response.lists(0).items_size(), kStories);
           return Found(response);
         }},
        {"RenderFeed", [&](const Story&, const std::string& token) { return AskFeeds(token); }},
        {"RenderJsonLd",
         [&](const Story& story, const std::string& token) {
           return AskOf(*feeds_, &v1::FeedsService::Stub::RenderJsonLd, Named<v1::RenderJsonLdRequest>(story.name),
                        token);
         }},
        {"ResolvePath",
         [&](const Story& story, const std::string& token) {
           return Ask(&Stub::ResolvePath, AtPath<v1::ResolvePathRequest>(story.path), token);
         }},
        {"ListCorrections",
         [&](const Story& story, const std::string& token) {
           v1::ListCorrectionsRequest request;
           request.set_parent(Pick(2) == 0 ? story.name : "articles/-");
           return AskOf(*corrections_, &v1::CorrectionsService::Stub::ListCorrections, request, token);
         }},
        {"ReadLiveCoverage",
         [&](const Story&, const std::string& token) {
           return AskOf(*live_, &v1::LiveCoverageService::Stub::ReadLiveCoverage,
                        Named<v1::ReadLiveCoverageRequest>(kCoverage), token);
         }},
        {"ListLiveUpdates",
         [&](const Story&, const std::string& token) {
           v1::ListLiveUpdatesRequest request;
           request.set_parent(kCoverage);
           return AskOf(*live_, &v1::LiveCoverageService::Stub::ListLiveUpdates, request, token);
         }},
    };
  }

  // Of all stories.
  void MakeList() {
    const auto stub = v1::CuratedListsService::NewStub(channel_);
    v1::CreateCuratedListRequest request;
    request.set_curated_list_id("all");
    request.mutable_curated_list()->set_display_name("All");
    request.mutable_curated_list()->set_kind(v1::CuratedList::AUTOMATIC);
    request.mutable_curated_list()->set_max_items(kStories);
    v1::CuratedList list;
    EXPECT_THAT(Call(*stub, &v1::CuratedListsService::Stub::CreateCuratedList, request, &list, editor_), IsOk());
  }

  template <typename Request>
  static Request Named(const std::string& name) {
    Request request;
    request.set_name(name);
    return request;
  }
  template <typename Request>
  static Request Listing(const std::string& name) {
    Request request;
    request.add_names(name);
    return request;
  }
  template <typename Request>
  static Request AtPath(const std::string& path) {
    Request request;
    request.set_url_path(path);
    return request;
  }

  std::vector<Who> Everybody() {
    return {{"nobody known", ""},
            {"a member", server_.MemberToken("members/m"), false, true},
            {"gold", server_.MemberToken("members/g", {"tiers/gold"}), false, true, {"tiers/gold"}},
            {"bronze", server_.MemberToken("members/b", {"tiers/bronze"}), false, true, {"tiers/bronze"}},
            {"a backend", server_.BackendToken({"articles.read"})},
            {"staff", editor_, true}};
  }

  void ExpectOnlyOwnWords(const Story& story, const Who& who, const std::string& country, v1::ReadArticleRequest read) {
    SCOPED_TRACE(
        absl::StrCat(who.title, " in '", country, "' reads ", story.name, " ", story.access.ShortDebugString()));
    read.set_country_code(country);
    const std::set<std::string> found = Ask(&v1::ReadingService::Stub::ReadArticle, read, who.token);
    for (const auto& [word, behind] : story.words) {
      EXPECT_EQ(found.count(word) > 0, IsForReader(story, word, who, country)) << word;
    }
  }

  // Looks for all words of the story, each of which finds it, and says how many hidden ones the reader was shown.
  int ExpectOnlyOwnSnippet(const Story& story, const Who& who) {
    SCOPED_TRACE(absl::StrCat(who.title, " finds ", story.name, " ", story.access.ShortDebugString()));
    v1::SearchArticlesRequest search;
    search.set_query(absl::StrJoin(Words(story), " OR "));
    for (const auto kind : {v1::SearchFacet::SECTION, v1::SearchFacet::TAG, v1::SearchFacet::YEAR}) {
      search.add_facets(kind);
    }
    int hidden = 0;
    for (const std::string& word : Ask(&v1::ReadingService::Stub::SearchArticles, search, who.token)) {
      if (story.words.count(word) == 0) continue;  // By chance, in a page token.
      EXPECT_TRUE(IsForReader(story, word, who, "")) << word;
      hidden += IsForAll(story, word) ? 0 : 1;
    }
    return hidden;
  }

  static constexpr char kCoverage[] = "liveCoverages/storm";
  std::unique_ptr<v1::CorrectionsService::Stub> corrections_ = v1::CorrectionsService::NewStub(channel_);
  std::unique_ptr<v1::LiveCoverageService::Stub> live_ = v1::LiveCoverageService::NewStub(channel_);
  std::unique_ptr<v1::FeedsService::Stub> feeds_ = v1::FeedsService::NewStub(channel_);
  std::set<std::string> never_told_;
  std::mt19937 random_;
  int words_ = 0;
  std::set<std::string> deks_;
};

TEST_F(LeakTest, NoAnswerHoldsAWordThatIsNotForItsReader) {
  std::vector<Story> stories;
  for (int i = 0; i < kStories; ++i) stories.push_back(NewStory());
  MakeList();
  articles_.cache_follower().Run({.deadline = absl::Now() + absl::Seconds(10)});

  for (const Story& story : stories) {
    for (const Who& who : Everybody()) {
      for (const std::string country : {"UA", "GB", ""}) {
        ExpectOnlyOwnWords(story, who, country, Named<v1::ReadArticleRequest>(story.name));
        ExpectOnlyOwnWords(story, who, country, AtPath<v1::ReadArticleRequest>(story.path));
      }
    }
  }
  int hidden_words_shown = 0;
  for (const Story& story : stories) {
    if (story.words.empty() || story.words.size() > kMaxWordsOfAQuery) continue;
    for (const Who& who : Everybody()) hidden_words_shown += ExpectOnlyOwnSnippet(story, who);
  }
  EXPECT_GT(hidden_words_shown, 0) << "members are shown what they may read";
  std::map<std::string, const Story*> of_word;
  for (const Story& story : stories) {
    for (const auto& entry : story.words) of_word[entry.first] = &story;
  }
  for (const auto& [rpc, ask] : Outputs()) {
    for (const Story& story : stories) {
      for (const std::string& token : {std::string(), editor_}) {
        for (const std::string& word : ask(story, token)) {
          EXPECT_EQ(never_told_.count(word), 0) << rpc << " tells what nobody is to be told: " << word;
          const auto source = of_word.find(word);
          if (source == of_word.end()) continue;  // By chance, in a page token.
          EXPECT_TRUE(IsForAll(*source->second, word))
              << rpc << " tells everybody " << word << " of " << source->second->access.ShortDebugString();
        }
      }
    }
  }
}

}  // namespace
}  // namespace masthead::articles
