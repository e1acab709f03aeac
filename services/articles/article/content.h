// What a revision of an article holds: the fields that a save writes, apart from what is said about the article as a
// whole (article.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/articles/article/block.h"

namespace masthead::articles {

struct Byline {
  enum class Role { kAuthor, kEditor, kPhotographer, kTranslator, kReporting };

  std::string contributor_id;
  Role role = Role::kAuthor;
  std::string display_name_override;

  bool operator==(const Byline&) const = default;
};

struct Dateline {
  std::string place;
  std::string date;  // YYYY-MM-DD

  bool operator==(const Dateline&) const = default;
};

// Who delivered the reporting.
struct Source {
  enum class Kind { kStaff, kWire, kFreelance, kHandout };

  std::string name;
  Kind kind = Kind::kStaff;

  bool operator==(const Source&) const = default;
};

struct Rights {
  std::string holder;
  std::string notice;
  std::string usage_terms;

  bool operator==(const Rights&) const = default;
};

// What search engines are told.
struct Seo {
  std::string title;
  std::string description;
  std::string canonical_uri;
  bool no_index = false;

  bool operator==(const Seo&) const = default;
};

// What social networks show.
struct Social {
  std::string title;
  std::string description;
  std::optional<Image> image;

  bool operator==(const Social&) const = default;
};

struct ContentWarning {
  enum class Kind { kViolence, kGraphic, kDeath, kSexualViolence, kSuicide, kLanguage, kOther };

  Kind kind = Kind::kOther;
  std::string text;

  bool operator==(const ContentWarning&) const = default;
};

struct Access {
  enum class Level { kPublic, kRegistered, kMembers, kPlans };
  enum class Preview { kParagraphs, kMarker, kDekOnly, kNone };

  Level level = Level::kPublic;
  std::vector<std::string> plans;  // `tiers/{tier}`, for kPlans.
  int32_t preview_paragraphs = 0;
  std::optional<Preview> preview;  // Unset: kMarker if the body has a paywall marker, else kParagraphs.
  std::optional<absl::Time> free_until;
  std::optional<absl::Time> free_after;

  bool operator==(const Access&) const = default;
};

// Two equal contents are the same revision.
struct Content {
  enum class Type { kNews, kAnalysis, kOpinion, kFeature, kExplainer, kLive, kSponsored, kStatement };
  enum class DigitalSource { kHuman, kAiAssisted, kAiGenerated };

  std::string headline;
  std::string short_headline;
  std::string kicker;
  std::string dek;
  std::string slug;
  bool slug_is_generated = false;
  std::vector<Block> body;
  std::vector<Byline> bylines;
  std::optional<Dateline> dateline;
  std::optional<Source> source;
  std::optional<Rights> rights;
  std::string section_id;
  std::vector<std::string> additional_section_ids;
  std::vector<std::string> tag_ids;  // The first is the primary one.
  std::vector<std::string> place_ids;
  Type type = Type::kNews;
  int32_t urgency = 0;  // 1, a flash, to 9 (IPTC); 0 if nobody said.
  std::optional<absl::Time> breaking_until;
  std::optional<Image> lead_image;
  int64_t source_revision = 0;  // Of the article that this one translates.
  std::optional<Seo> seo;
  std::optional<Social> social;
  std::vector<ContentWarning> content_warnings;
  DigitalSource digital_source = DigitalSource::kHuman;
  Access access;
  std::vector<std::string> denied_countries;  // ISO 3166-1 alpha-2, upper case.
  std::optional<absl::Time> display_time;     // Shown instead of the time of publication.
  std::optional<absl::Time> embargo_until;    // No reader gets this revision before.
  std::string custom_fields;                  // A JSON object as custom_fields.h writes it; empty without any.

  bool operator==(const Content&) const = default;
};

}  // namespace masthead::articles
