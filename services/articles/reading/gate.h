// The one gate through which text reaches readers. Nothing else in this service gives a reader body text, or anything
// made from it: feeds, lists, excerpts and alerts are built from a GatedArticle.
//
// First it is decided who is admitted to what (an Admission), from what stands beside the text; then the text is opened
// for that. Two readers with the same Admission to an article get the same, so an Admission is also what an opened
// article may be kept under: what opens a text and what it is kept for cannot drift apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "services/articles/reading/live_article.h"

namespace masthead::articles {

// What memberships' meter says about this reader and this very article.
struct MeterReading {
  bool opens = false;
  int32_t views = 0;  // This article included.
  int32_t views_left = 0;
  int32_t max_views = 0;
  absl::Time reset_time;
};

// Who reads, as far as it decides access.
struct Reader {
  bool is_staff = false;
  bool is_member = false;
  std::vector<std::string> tiers = {};        // `tiers/{tier}` of a member.
  std::string country_code = {};              // ISO 3166-1 alpha-2; empty if nobody said.
  std::optional<absl::Time> gift_until = {};  // A gift link opens this very article until then.
  // Somebody is named of whom nobody can tell just now whether they are a member, or of what tier.
  bool is_uncertain = false;
  std::optional<MeterReading> meter = {};  // If one decides where the reader's standing does not.
  // A meter might open this very article, and nobody can tell just now.
  bool is_meter_unknown = false;
};

// What was decided, and why.
enum class Decision {
  kOpen,
  kEntitled,
  kGift,
  kRegistrationRequired,
  kMembershipRequired,
  kPlanRequired,
  kGeoRestricted,
  kEntitlementsUnavailable,
  kMetered,
  kMeterExhausted,
};

// Of the whole body, but for blocks that are for other readers.
inline bool Granted(Decision decision) {
  return decision == Decision::kOpen || decision == Decision::kEntitled || decision == Decision::kGift ||
         decision == Decision::kMetered;
}

// Whether only its level closes the article to the reader, so that a meter may open it.
inline bool MeterMayOpen(Decision decision) {
  return decision == Decision::kRegistrationRequired || decision == Decision::kMembershipRequired ||
         decision == Decision::kPlanRequired || decision == Decision::kEntitlementsUnavailable;
}

// Whom a gated block is for.
struct Audience {
  GatedBlocks::Audience kind = GatedBlocks::Audience::kMembers;
  std::vector<std::string> plans;

  bool operator==(const Audience&) const = default;
};

// What decides who gets what of an article; nothing of its text.
struct AccessRules {
  Access access;
  std::vector<std::string> denied_countries;
  std::vector<Audience> audiences;  // Of the gated blocks, each once.

  // Whether everybody gets the same, everywhere and for good.
  bool is_same_for_all() const {
    return access.level == Access::Level::kPublic && denied_countries.empty() && audiences.empty();
  }
};

// What one kind of reader gets of one article. Only the Gate makes one.
class Admission {
 public:
  Decision decision() const { return decision_; }
  // Whether neither the reader nor the reader's country decided: anybody may have the same just now.
  bool is_for_everybody() const { return is_for_everybody_; }
  // Whether it was decided without knowing all about the reader.
  bool is_provisional() const { return is_provisional_; }

  bool operator==(const Admission&) const = default;

 private:
  friend class Gate;
  Admission() = default;

  Decision decision_ = Decision::kGeoRestricted;
  bool is_for_everybody_ = false;
  bool is_provisional_ = false;
  std::vector<bool> opens_;  // Parallel to AccessRules::audiences.
};

// An article as one kind of reader may have it. Only the Gate makes one.
class GatedArticle {
 public:
  // Headline, dek, bylines, section...: what is not gated. Its content's body is empty, as is the dek where the preview
  // is kNone.
  const LiveArticle& open_part() const { return open_part_; }
  // Without markers; of gated blocks, the blocks within that this reader gets.
  const std::vector<Block>& visible_body() const { return visible_body_; }
  // From text that everybody may read, whoever this reader is, for an excerpt is passed on: the dek, or the beginning
  // of the body.
  const std::string& excerpt() const { return excerpt_; }
  const Admission& admission() const { return admission_; }
  Decision decision() const { return admission_.decision(); }

 private:
  friend class Gate;
  GatedArticle(LiveArticle open_part, std::vector<Block> visible_body, std::string excerpt, Admission admission)
      : open_part_(std::move(open_part)),
        visible_body_(std::move(visible_body)),
        excerpt_(std::move(excerpt)),
        admission_(std::move(admission)) {}

  LiveArticle open_part_;
  std::vector<Block> visible_body_;
  std::string excerpt_;
  Admission admission_;
};

class Gate {
 public:
  static AccessRules RulesOf(const Content& content);

  // What this reader may have of an article with those rules. Fails closed.
  static Admission Admit(const AccessRules& rules, const Reader& reader, absl::Time now);

  // When Admit will decide otherwise for some reader, by time alone; nullopt if never.
  static std::optional<absl::Time> NextChange(const AccessRules& rules, absl::Time now);

  // `admission` was made with the rules of `live`.
  static GatedArticle Open(LiveArticle live, const Admission& admission);
  static GatedArticle Open(LiveArticle live, const Reader& reader, absl::Time now);

  // What anybody may have of it, at any time and in any country: for lists, feeds and alerts.
  static GatedArticle OpenForOthers(LiveArticle live);

  // The whole body for notifications, which keeps the gate itself once letters are written: without markers, gated
  // blocks still gated. Nothing of an article that must not be read in some country.
  static std::vector<Block> WholeForNotifications(const LiveArticle& live);
};

}  // namespace masthead::articles
