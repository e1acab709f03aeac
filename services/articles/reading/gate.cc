#include "services/articles/reading/gate.h"

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "common/text/text.h"
#include "services/articles/reading/excerpt.h"

namespace masthead::articles {
namespace {

bool IsMarker(const Block& block) { return std::holds_alternative<PaywallMarker>(block.kind); }

// Up to the paywall marker if there is one, else up to the last of so many paragraphs.
std::vector<Block> Preview(const std::vector<Block>& body, int32_t paragraphs) {
  const auto marker = absl::c_find_if(body, IsMarker);
  if (marker != body.end()) return {body.begin(), marker};
  auto end = body.begin();
  for (auto block = body.begin(); block != body.end() && paragraphs > 0; ++block) {
    if (!std::holds_alternative<Paragraph>(block->kind)) continue;
    --paragraphs;
    end = block + 1;
  }
  return {body.begin(), end};
}

}  // namespace

Decision Gate::Decide(const Access& access, const Reader& reader) {
  if (access.level == Access::Level::kPublic) return Decision::kOpen;
  if (reader.is_staff) return Decision::kEntitled;
  if (access.level == Access::Level::kRegistered) {
    return reader.is_member ? Decision::kEntitled : Decision::kRegistrationRequired;
  }
  const bool entitled = reader.is_member && absl::c_any_of(access.plans, [&](const std::string& plan) {
                          return absl::c_linear_search(reader.tiers, plan);
                        });
  return entitled ? Decision::kEntitled : Decision::kPlanRequired;
}

GatedArticle Gate::Open(LiveArticle live, const Reader& reader) {
  const Decision decision = Decide(live.article.content.access, reader);
  return OpenAs(std::move(live), decision);
}

GatedArticle Gate::OpenForEntitled(LiveArticle live) {
  const Decision decision = Decide(live.article.content.access, {.is_staff = true});
  return OpenAs(std::move(live), decision);
}

GatedArticle Gate::OpenForOthers(LiveArticle live) {
  const Decision decision = Decide(live.article.content.access, {});
  return OpenAs(std::move(live), decision);
}

GatedArticle Gate::OpenAs(LiveArticle live, Decision decision) {
  const std::vector<Block> body = std::exchange(live.article.content.body, {});
  const std::vector<Block> preview = Preview(body, live.article.content.access.preview_paragraphs);
  std::vector<Block> visible = Granted(decision) ? body : preview;
  visible.erase(std::remove_if(visible.begin(), visible.end(), IsMarker), visible.end());
  const bool open = live.article.content.access.level == Access::Level::kPublic;
  std::string excerpt = MakeExcerpt(live.article.content.dek, open ? visible : preview);
  return GatedArticle(std::move(live), std::move(visible), std::move(excerpt), decision);
}

}  // namespace masthead::articles
