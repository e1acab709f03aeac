// An article survives its way from the wire through the domain into stored documents and back.
#include <cstdint>
#include <random>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "services/articles/article/article_fields_proto.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_rules.h"
#include "services/articles/article/content_json.h"
#include "services/articles/article/spelling_proto.h"
#include "tests/articles/article/random_article.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using google::protobuf::FieldDescriptor;
using ::masthead::testing::IsOk;

std::set<std::string> AllFields() {
  std::set<std::string> fields;
  for (absl::string_view field : MutableFields()) fields.emplace(field);
  return fields;
}

// `article` on the wire, without the fields that cannot be written.
v1::Article OnTheWire(const Article& article) {
  v1::Article proto = ToProto(article);
  const std::set<std::string> writable = AllFields();
  for (int i = 0; i < v1::Article::descriptor()->field_count(); ++i) {
    const FieldDescriptor* field = v1::Article::descriptor()->field(i);
    if (writable.count(field->name()) == 0) proto.GetReflection()->ClearField(&proto, field);
  }
  return proto;
}

TEST(Articles, SurviveTheirWayIntoTheStoreAndBack) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::cout << "seed " << seed << "\n";
  RandomArticle random(seed);
  for (int i = 0; i < 300; ++i) {
    const v1::Article sent = random.Make();

    Article article;
    FieldViolations violations;
    ParseFields(sent, AllFields(), article, violations);
    Article checked = article;
    CheckWritten(checked, violations);
    ASSERT_THAT(violations.ToStatus(), IsOk()) << sent.DebugString();
    ASSERT_EQ(checked.content, article.content) << "what is in normal form stays as it is";

    Article loaded = article;
    loaded.content = HeadFromJson(HeadToJson(article.content));
    loaded.content.body = BodyFromJson(BodyToJson(article.content.body));
    ASSERT_EQ(loaded.content, article.content);

    std::string difference;
    google::protobuf::util::MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    ASSERT_TRUE(differencer.Compare(sent, OnTheWire(loaded))) << difference;
  }
}

TEST(Articles, TakeOverOnlyTheFieldsThatAreWritten) {
  RandomArticle random(7);
  Article one;
  Article two;
  FieldViolations violations;
  ParseFields(random.Make(), AllFields(), one, violations);
  ParseFields(random.Make(), AllFields(), two, violations);

  Article mixed = one;
  TakeFields(two, {"headline", "labels"}, mixed);
  EXPECT_EQ(mixed.content.headline, two.content.headline);
  EXPECT_EQ(mixed.labels, two.labels);
  EXPECT_EQ(mixed.content.body, one.content.body);
  TakeFields(two, AllFields(), mixed);
  EXPECT_EQ(mixed.content, two.content);
  EXPECT_EQ(mixed.alt_ids, two.alt_ids);
}

// Before a field was added, documents were written without it.
TEST(StoredArticles, MayLackWhatWasAddedLater) {
  const Content content = HeadFromJson(
      R"({"headline": "Old", "kicker": "", "dek": "", "slug": "old", "slug_is_generated": true, "bylines": [],
          "section": "national", "tags": ["war"], "access": {"level": "PLANS", "plans": ["tiers/gold"],
          "preview_paragraphs": 2}, "lead_image": {"uri": "https://x.org/a.jpg", "alt": "", "caption": "",
          "credit": "", "width": 1, "height": 2}, "breaking_until_micros": 5, "dateline": {"place": "Kyiv", "date": ""}})");
  Content expected;
  expected.headline = "Old";
  expected.slug = "old";
  expected.slug_is_generated = true;
  expected.section_id = "national";
  expected.tag_ids = {"war"};
  expected.access = {.level = Access::Level::kPlans, .plans = {"tiers/gold"}, .preview_paragraphs = 2};
  expected.lead_image = Image{.uri = "https://x.org/a.jpg", .width = 1, .height = 2};
  expected.breaking_until = absl::FromUnixMicros(5);
  expected.dateline = Dateline{"Kyiv", ""};
  EXPECT_EQ(content, expected);

  const std::vector<Block> body = BodyFromJson(
      R"([{"id": "a", "kind": "paragraph", "text": {"text": "One", "marks": [{"start": 0, "end": 3, "kind": "BOLD"}]}},
          {"id": "b", "kind": "image", "image": {"uri": "https://x.org/b.jpg", "alt": "B"}}])");
  EXPECT_EQ(body, (std::vector<Block>{{"a", Paragraph{{"One", {{0, 3, Mark::Kind::kBold, ""}}}}},
                                      {"b", Image{.uri = "https://x.org/b.jpg", .alt = "B"}}}));
}

template <typename ProtoEnum, typename Enum>
void ExpectEverySpelling() {
  const auto* descriptor = google::protobuf::GetEnumDescriptor<ProtoEnum>();
  EXPECT_EQ(descriptor->value_count(), static_cast<int>(kSpelling<Enum>.size()) + 1) << descriptor->full_name();
  for (size_t i = 0; i < kSpelling<Enum>.size(); ++i) {
    EXPECT_NE(EnumToProto<ProtoEnum>(static_cast<Enum>(i)), 0) << kSpelling<Enum>[i];
  }
}

TEST(Spellings, AreThoseOfTheWire) {
  ExpectEverySpelling<v1::Mark::Kind, Mark::Kind>();
  ExpectEverySpelling<v1::Gate::Audience, GatedBlocks::Audience>();
  ExpectEverySpelling<v1::Byline::Role, Byline::Role>();
  ExpectEverySpelling<v1::Source::Kind, Source::Kind>();
  ExpectEverySpelling<v1::ContentWarning::Kind, ContentWarning::Kind>();
  ExpectEverySpelling<v1::Access::Level, Access::Level>();
  ExpectEverySpelling<v1::Access::Preview, Access::Preview>();
  ExpectEverySpelling<v1::Article::Type, Content::Type>();
  ExpectEverySpelling<v1::Article::DigitalSource, Content::DigitalSource>();
  EXPECT_EQ(kBlockKinds.size() + 1, static_cast<size_t>(v1::Block::descriptor()->field_count()));
  for (absl::string_view kind : kBlockKinds) {
    EXPECT_NE(v1::Block::descriptor()->FindFieldByName(std::string(kind)), nullptr) << kind;
  }
}

}  // namespace
}  // namespace masthead::articles
