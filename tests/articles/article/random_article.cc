#include "tests/articles/article/random_article.h"

#include "google/protobuf/struct.pb.h"

namespace masthead::articles {
namespace {

constexpr int kTextKinds = 9;   // FillText's.
constexpr int kMediaKinds = 8;  // FillMedia's.
constexpr int kOuterKinds = 2;  // Those that stand in no gate.

}  // namespace

std::string RandomArticle::Word() {
  static const char* const kWords[] = {"Kyiv", "Їжакевич", "п’ять",     "за́мок", "🇺🇦",
                                       "café", "日本",     "x\\\"</p>", "−12,5"};
  return kWords[Number(0, 8)];
}

void RandomArticle::Fill(v1::RichText& rich) {
  rich.set_text("abcdefghij " + Line());
  for (int i = Number(0, 3); i > 0; --i) {
    v1::Mark& mark = *rich.add_marks();
    mark.set_start(Number(0, 4));
    mark.set_end(Number(5, 10));
    mark.set_kind(static_cast<v1::Mark::Kind>(Number(1, 6)));
    if (mark.kind() == v1::Mark::LINK) mark.set_href(Coin() ? Uri() : "mailto:desk@example.org");
  }
}

void RandomArticle::Fill(v1::Image& image) {
  image.set_uri(Uri());
  image.set_alt(Line());
  image.set_caption(Line());
  image.set_credit(Word());
  image.set_licence(Coin() ? "CC BY 4.0" : "");
  image.set_width(Number(0, 100'000));
  image.set_height(Number(0, 100'000));
  if (Coin()) {
    image.mutable_focal_point()->set_x(Number(0, 1000) / 1000.0);
    image.mutable_focal_point()->set_y(Number(0, 1000) / 1000.0);
  }
}

void RandomArticle::Fill(v1::Access& access) {
  access.set_level(static_cast<v1::Access::Level>(Number(1, 4)));
  if (access.level() == v1::Access::PLANS) access.add_plans("tiers/" + Id());
  access.set_preview_paragraphs(Number(0, 100));
  access.set_preview(static_cast<v1::Access::Preview>(Number(0, 4)));
  if (Coin()) access.mutable_free_until()->set_seconds(1'700'000'000);
  if (Coin()) access.mutable_free_after()->set_seconds(1'800'000'000);
}

void RandomArticle::Fill(google::protobuf::Struct& fields, int depth) {
  auto& members = *fields.mutable_fields();
  members[Id()].set_string_value(Line());
  members[Id()].set_number_value(Number(-1'000'000, 1'000'000) / 64.0);
  members[Id()].set_number_value(1.8e19);
  members[Id()].set_bool_value(Coin());
  members[Id()].set_null_value(google::protobuf::NULL_VALUE);
  members[Id()].mutable_list_value()->add_values()->set_string_value(Word());
  if (depth < 3) Fill(*members[Id()].mutable_struct_value(), depth + 1);
}

void RandomArticle::FillText(v1::Block& block, int kind) {
  switch (kind) {
    case 0:
      return Fill(*block.mutable_paragraph()->mutable_text());
    case 1:
      block.mutable_heading()->set_level(Number(2, 4));
      return Fill(*block.mutable_heading()->mutable_text());
    case 2:
      block.mutable_quote()->set_attribution(Line());
      return Fill(*block.mutable_quote()->mutable_text());
    case 3:
      block.mutable_list()->set_ordered(Coin());
      for (int i = Number(1, 3); i > 0; --i) Fill(*block.mutable_list()->add_items());
      return;
    case 4:
      block.mutable_pull_quote()->set_attribution(Line());
      return Fill(*block.mutable_pull_quote()->mutable_text());
    case 5:
      block.mutable_callout()->set_title(Line());
      return Fill(*block.mutable_callout()->mutable_text());
    case 6:
      block.mutable_code()->set_text("SELECT 1;\n\tSELECT 2;");
      return block.mutable_code()->set_language("sql");
    case 7:
      block.mutable_table()->set_has_header(Coin());
      block.mutable_table()->set_caption(Line());
      for (int row = 0; row < 3; ++row) {
        v1::TableRow& added = *block.mutable_table()->add_rows();
        for (int cell = 0; cell < 2; ++cell) Fill(*added.add_cells());
        added.add_cells();
      }
      return;
    default:
      block.mutable_divider();
  }
}

void RandomArticle::FillMedia(v1::Block& block, int kind) {
  switch (kind) {
    case 0:
      return Fill(*block.mutable_image());
    case 1:
      block.mutable_gallery()->set_caption(Line());
      for (int i = Number(1, 3); i > 0; --i) Fill(*block.mutable_gallery()->add_images());
      return;
    case 2: {
      v1::Video& video = *block.mutable_video();
      video.set_uri(Uri());
      video.set_poster_uri(Coin() ? Uri() : "");
      video.set_caption(Line());
      video.set_credit(Word());
      return video.set_transcript(Line());
    }
    case 3: {
      v1::Audio& audio = *block.mutable_audio();
      audio.set_uri(Uri());
      audio.set_title(Line());
      audio.set_duration_seconds(Number(0, 86'400));
      audio.set_credit(Word());
      return audio.set_transcript(Line());
    }
    case 4:
      block.mutable_embed()->set_uri(Uri());
      block.mutable_embed()->set_provider("youtube");
      return block.mutable_embed()->set_fallback_text(Line());
    case 5:
      block.mutable_button()->set_text(Line());
      return block.mutable_button()->set_href("tel:+380441234567");
    case 6:
      block.mutable_raw_html()->set_html("<iframe src=\"//x\">\xC2\xAD e\xCC\x81</iframe>");
      return;
    default:
      block.mutable_related()->add_articles("articles/" + Id());
  }
}

void RandomArticle::Fill(v1::Block& block, bool gated) {
  block.set_block_id(Id());
  const int kind = Number(0, kTextKinds + kMediaKinds + (gated ? 0 : kOuterKinds) - 1);
  if (kind < kTextKinds) return FillText(block, kind);
  if (kind < kTextKinds + kMediaKinds) return FillMedia(block, kind - kTextKinds);
  if (kind == kTextKinds + kMediaKinds)
    return block.mutable_live_coverage()->set_live_coverage("liveCoverages/" + Id());
  v1::Gate& gate = *block.mutable_gate();
  gate.set_audience(static_cast<v1::Gate::Audience>(Number(1, 4)));
  if (gate.audience() == v1::Gate::PLANS) gate.add_plans("tiers/" + Id());
  for (int i = Number(1, 3); i > 0; --i) Fill(*gate.add_blocks(), /*gated=*/true);
}

void RandomArticle::FillAbout(v1::Article& article) {
  article.mutable_source()->set_name(Line());
  article.mutable_source()->set_kind(static_cast<v1::Source::Kind>(Number(1, 4)));
  article.mutable_rights()->set_holder(Line());
  article.mutable_rights()->set_notice(Line());
  article.mutable_rights()->set_usage_terms(Line() + "\n" + Line());
  article.mutable_seo()->set_title(Line());
  article.mutable_seo()->set_description(Line());
  article.mutable_seo()->set_canonical_uri(Uri());
  article.mutable_seo()->set_no_index(Coin());
  article.mutable_social()->set_title(Line());
  article.mutable_social()->set_description(Line());
  if (Coin()) Fill(*article.mutable_social()->mutable_image());
  v1::ContentWarning& warning = *article.add_content_warnings();
  warning.set_kind(static_cast<v1::ContentWarning::Kind>(Number(1, 7)));
  warning.set_text(Line());
  article.set_digital_source(static_cast<v1::Article::DigitalSource>(Number(1, 3)));
  article.mutable_geo_restriction()->add_deny_country_codes("RU");
  article.mutable_geo_restriction()->add_deny_country_codes("BY");
  Fill(*article.mutable_custom_fields(), 1);
  article.set_legal_hold(Coin());
  (*article.mutable_labels())["desk"] = Word();
  (*article.mutable_alt_ids())["ghost"] = Id();
}

v1::Article RandomArticle::Make() {
  v1::Article article;
  article.set_headline(Line());
  article.set_short_headline(Word());
  article.set_kicker(Word());
  article.set_dek(Line() + "\n" + Line());
  article.set_slug("slug-" + Id());
  for (int i = Number(0, 12); i > 0; --i) Fill(*article.add_body(), /*gated=*/false);
  if (Coin()) article.add_body()->mutable_paywall_marker();
  v1::Byline& byline = *article.add_bylines();
  byline.set_contributor("contributors/" + Id());
  byline.set_role(static_cast<v1::Byline::Role>(Number(1, 5)));
  byline.set_display_name_override(Line());
  article.mutable_dateline()->set_place(Word());
  article.mutable_dateline()->set_date("2024-02-29");
  article.set_section("sections/" + Id());
  article.add_additional_sections("sections/additional");
  article.add_tags("tags/" + Id());
  article.add_places("places/" + Id());
  article.set_type(static_cast<v1::Article::Type>(Number(1, 8)));
  article.set_urgency(Number(0, 9));
  article.mutable_breaking_until()->set_seconds(Number(0, 2'000'000'000));
  article.mutable_breaking_until()->set_nanos(123'456'000);
  Fill(*article.mutable_lead_image());
  article.set_source_revision(Number(0, 1000));
  Fill(*article.mutable_access());
  article.mutable_display_time()->set_seconds(-86'400);
  article.mutable_embargo_until()->set_seconds(Number(0, 2'000'000'000));
  FillAbout(article);
  return article;
}

}  // namespace masthead::articles
