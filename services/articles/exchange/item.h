// One item of another system, understood: an article with the names of what it refers to instead of IDs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "services/articles/article/article.h"
#include "services/articles/exchange/losses.h"

namespace masthead::articles {

struct ImportedAuthor {
  std::string slug;  // May be empty.
  std::string display_name;
  std::string biography;
  std::string contact_email;
  bool is_organization = false;
};

struct ImportedTopic {
  std::string slug;  // May be empty.
  std::string display_name;
  std::string description;
};

// What an importer is told about the whole file.
struct ImportDefaults {
  std::string language_code;  // Of items that name none.
  std::string site_uri;       // Where the source's pages were: `https://old.example`.
};

struct Item {
  std::string source_id;  // As people find it there: `post 42`.
  // With state DRAFT, SCHEDULED (for publish_time) or PUBLISHED, times, alternative IDs, and content without
  // references.
  Article article;
  std::vector<ImportedAuthor> authors;
  std::vector<ImportedTopic> section;  // From the top down; empty for the default one.
  std::vector<ImportedTopic> tags;
  std::vector<std::string> former_paths;  // Where its pages were found there: `/2019/05/storm`.
  Losses losses;
  std::optional<std::string> skipped;  // Why it is no article.
};

// Fields of a JSON object as other systems write them: a number for a text, null for nothing.
std::string TextField(const nlohmann::json& object, const char* key);
// 0 for what is no number; a truth is 1.
double NumberField(const nlohmann::json& object, const char* key);
// RFC 3339, `2019-05-04 10:00:00` and `2019-05-04T10:00:00.000Z`, in UTC where no zone is named; nullopt for anything
// else.
std::optional<absl::Time> TimeField(const nlohmann::json& object, const char* key);

// One line of at most `most` code points, of the field's text without markup; what is longer is cut and told.
std::string LineField(const nlohmann::json& object, const char* key, int64_t most, Losses& losses);
std::string CutLine(const std::string& text, int64_t most, const char* what, Losses& losses);

// `slug` if Masthead can have it, else what can be made of it (it may be percent-encoded, or too long); empty if
// nothing.
std::string ToSlug(const std::string& slug, Losses& losses);

}  // namespace masthead::articles
