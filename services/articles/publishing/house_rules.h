// The rules that a newsroom sets for itself.
#pragma once

namespace masthead::articles {

// How this newsroom works; the same for all of its articles.
struct HouseRules {
  // Readers get a revision only after somebody other than who submitted it has approved it.
  bool require_review = false;
};

}  // namespace masthead::articles
