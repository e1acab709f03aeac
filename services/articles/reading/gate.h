// The one gate through which text reaches readers. Nothing else in this service gives a reader body text, or anything
// made from it: feeds, lists, excerpts and alerts are built from a GatedArticle.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/articles/reading/live_article.h"

namespace masthead::articles {

// Who reads, as far as it decides access.
struct Reader {
  bool is_staff = false;
  bool is_member = false;
  std::vector<std::string> tiers = {};  // `tiers/{tier}` of a member.
};

// What was decided, and why.
enum class Decision { kOpen, kEntitled, kRegistrationRequired, kPlanRequired };

inline bool Granted(Decision decision) { return decision == Decision::kOpen || decision == Decision::kEntitled; }

// An article as one kind of reader may have it. Only the Gate makes one.
class GatedArticle {
 public:
  // Headline, dek, bylines, section...: what is never gated. Its content's body is empty.
  const LiveArticle& open_part() const { return open_part_; }
  const std::vector<Block>& visible_body() const { return visible_body_; }
  // From visible text only: the dek, or the beginning of `visible_body`.
  const std::string& excerpt() const { return excerpt_; }
  Decision decision() const { return decision_; }

 private:
  friend class Gate;
  GatedArticle(LiveArticle open_part, std::vector<Block> visible_body, std::string excerpt, Decision decision)
      : open_part_(std::move(open_part)),
        visible_body_(std::move(visible_body)),
        excerpt_(std::move(excerpt)),
        decision_(decision) {}

  LiveArticle open_part_;
  std::vector<Block> visible_body_;
  std::string excerpt_;
  Decision decision_;
};

class Gate {
 public:
  // What this reader may have of an article with that access. Fails closed.
  static Decision Decide(const Access& access, const Reader& reader);

  static GatedArticle Open(LiveArticle live, const Reader& reader);

  // The two forms in which a gated article exists: for those it is open to, and the preview for the others. A public
  // article has the first alone. For keeping both; who gets which is Decide's.
  static GatedArticle OpenForEntitled(LiveArticle live);
  static GatedArticle OpenForOthers(LiveArticle live);

 private:
  static GatedArticle OpenAs(LiveArticle live, Decision decision);
};

}  // namespace masthead::articles
