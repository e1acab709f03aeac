#include "services/articles/article/article_fields_proto.h"

#include <array>
#include <functional>
#include <iterator>
#include <map>
#include <type_traits>
#include <vector>

#include "common/resource/timestamp.h"
#include "services/articles/article/block_proto.h"
#include "services/articles/article/content_proto.h"
#include "services/articles/article/custom_fields_proto.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/article/spelling_proto.h"

namespace masthead::articles {
namespace {

struct Field {
  absl::string_view name;
  void (*read)(const v1::Article& proto, Article& article, FieldViolations& violations);
  void (*take)(const Article& written, Article& article);
};

// The member, be it the revision's or the article's.
template <typename T>
T& Of(Article& article, T Content::*member) {
  return article.content.*member;
}
template <typename T>
T& Of(Article& article, T Article::*member) {
  return article.*member;
}
template <typename T>
const T& Of(const Article& article, T Content::*member) {
  return article.content.*member;
}
template <typename T>
const T& Of(const Article& article, T Article::*member) {
  return article.*member;
}

// A field kept in `member` and read by `read(proto)` or `read(proto, violations)`.
template <auto member, auto read>
constexpr Field Make(absl::string_view name) {
  return {name,
          [](const v1::Article& proto, Article& article, FieldViolations& violations) {
            if constexpr (std::is_invocable_v<decltype(read), const v1::Article&>) {
              Of(article, member) = std::invoke(read, proto);
            } else {
              Of(article, member) = read(proto, violations);
            }
          },
          [](const Article& written, Article& article) { Of(article, member) = Of(written, member); }};
}

using google::protobuf::Timestamp;

// A time that may be unset.
template <bool (v1::Article::*has)() const, const Timestamp& (v1::Article::*get)() const>
std::optional<absl::Time> ReadTime(absl::string_view field, const v1::Article& proto, FieldViolations& violations) {
  if (!(proto.*has)()) return std::nullopt;
  return resource::ParseTimestamp(field, (proto.*get)(), violations);
}

std::optional<absl::Time> ReadBreakingUntil(const v1::Article& proto, FieldViolations& violations) {
  return ReadTime<&v1::Article::has_breaking_until, &v1::Article::breaking_until>("article.breaking_until", proto,
                                                                                  violations);
}

std::optional<absl::Time> ReadDisplayTime(const v1::Article& proto, FieldViolations& violations) {
  return ReadTime<&v1::Article::has_display_time, &v1::Article::display_time>("article.display_time", proto,
                                                                              violations);
}

std::optional<absl::Time> ReadEmbargoUntil(const v1::Article& proto, FieldViolations& violations) {
  return ReadTime<&v1::Article::has_embargo_until, &v1::Article::embargo_until>("article.embargo_until", proto,
                                                                                violations);
}

std::vector<Block> ReadBody(const v1::Article& proto, FieldViolations& violations) {
  return ParseBlocks("article.body", proto.body(), violations);
}

std::string ReadSection(const v1::Article& proto, FieldViolations& violations) {
  if (proto.section().empty()) return "";
  return ParseId("article.section", proto.section(), "sections/*", violations);
}

std::vector<std::string> ReadAdditionalSections(const v1::Article& proto, FieldViolations& violations) {
  return ParseIds("article.additional_sections", proto.additional_sections(), "sections/*", violations);
}

std::vector<std::string> ReadTags(const v1::Article& proto, FieldViolations& violations) {
  return ParseIds("article.tags", proto.tags(), "tags/*", violations);
}

std::vector<std::string> ReadPlaces(const v1::Article& proto, FieldViolations& violations) {
  return ParseIds("article.places", proto.places(), "places/*", violations);
}

Content::Type ReadType(const v1::Article& proto, FieldViolations& violations) {
  return ParseEnum<Content::Type>("article.type", proto.type(), violations).value_or(Content::Type::kNews);
}

Content::DigitalSource ReadDigitalSource(const v1::Article& proto, FieldViolations& violations) {
  return ParseEnum<Content::DigitalSource>("article.digital_source", proto.digital_source(), violations)
      .value_or(Content::DigitalSource::kHuman);
}

std::optional<Image> ReadLeadImage(const v1::Article& proto) {
  return proto.has_lead_image() ? std::optional(ParseImage(proto.lead_image())) : std::nullopt;
}

std::vector<std::string> ReadDeniedCountries(const v1::Article& proto, FieldViolations& violations) {
  const auto& codes = proto.geo_restriction().deny_country_codes();
  if (proto.has_geo_restriction() && codes.empty()) {
    violations.Add("article.geo_restriction.deny_country_codes", "is required");
  }
  return {codes.begin(), codes.end()};
}

std::string ReadCustomFields(const v1::Article& proto, FieldViolations& violations) {
  return ParseCustomFields("article.custom_fields", proto.custom_fields(), violations);
}

template <const google::protobuf::Map<std::string, std::string>& (v1::Article::*get)() const>
std::map<std::string, std::string> ReadMap(const v1::Article& proto) {
  return {(proto.*get)().begin(), (proto.*get)().end()};
}

constexpr std::array kFields = {
    Make<&Content::headline, &v1::Article::headline>("headline"),
    Make<&Content::short_headline, &v1::Article::short_headline>("short_headline"),
    Make<&Content::kicker, &v1::Article::kicker>("kicker"),
    Make<&Content::dek, &v1::Article::dek>("dek"),
    Make<&Content::slug, &v1::Article::slug>("slug"),
    Make<&Content::body, ReadBody>("body"),
    Make<&Content::bylines, ParseBylines>("bylines"),
    Make<&Content::dateline, ParseDateline>("dateline"),
    Make<&Content::source, ParseSource>("source"),
    Make<&Content::rights, ParseRights>("rights"),
    Make<&Content::section_id, ReadSection>("section"),
    Make<&Content::additional_section_ids, ReadAdditionalSections>("additional_sections"),
    Make<&Content::tag_ids, ReadTags>("tags"),
    Make<&Content::place_ids, ReadPlaces>("places"),
    Make<&Content::type, ReadType>("type"),
    Make<&Content::urgency, &v1::Article::urgency>("urgency"),
    Make<&Content::breaking_until, ReadBreakingUntil>("breaking_until"),
    Make<&Content::lead_image, ReadLeadImage>("lead_image"),
    Make<&Content::source_revision, &v1::Article::source_revision>("source_revision"),
    Make<&Content::seo, ParseSeo>("seo"),
    Make<&Content::social, ParseSocial>("social"),
    Make<&Content::content_warnings, ParseContentWarnings>("content_warnings"),
    Make<&Content::digital_source, ReadDigitalSource>("digital_source"),
    Make<&Content::access, ParseAccess>("access"),
    Make<&Content::denied_countries, ReadDeniedCountries>("geo_restriction"),
    Make<&Content::display_time, ReadDisplayTime>("display_time"),
    Make<&Content::embargo_until, ReadEmbargoUntil>("embargo_until"),
    Make<&Content::custom_fields, ReadCustomFields>("custom_fields"),
    // Not part of a revision:
    Make<&Article::legal_hold, &v1::Article::legal_hold>("legal_hold"),
    Make<&Article::labels, ReadMap<&v1::Article::labels>>("labels"),
    Make<&Article::alt_ids, ReadMap<&v1::Article::alt_ids>>("alt_ids"),
};

constexpr auto kNames = [] {
  std::array<absl::string_view, kFields.size()> names;
  for (size_t i = 0; i < names.size(); ++i) names[i] = kFields[i].name;
  return names;
}();

}  // namespace

absl::Span<const absl::string_view> MutableFields() { return kNames; }

void ParseFields(const v1::Article& proto, const std::set<std::string>& fields, Article& article,
                 FieldViolations& violations) {
  for (const Field& field : kFields) {
    if (fields.count(std::string(field.name)) > 0) field.read(proto, article, violations);
  }
}

void TakeFields(const Article& written, const std::set<std::string>& fields, Article& article) {
  for (const Field& field : kFields) {
    if (fields.count(std::string(field.name)) > 0) field.take(written, article);
  }
}

}  // namespace masthead::articles
