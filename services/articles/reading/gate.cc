#include "services/articles/reading/gate.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "absl/algorithm/container.h"
#include "common/text/text.h"
#include "services/articles/article/excerpt.h"

namespace masthead::articles {
namespace {

using Level = Access::Level;
using Preview = Access::Preview;

bool IsMarker(const Block& block) { return std::holds_alternative<PaywallMarker>(block.kind); }

bool HasOneOf(const Reader& reader, const std::vector<std::string>& plans) {
  return reader.is_member &&
         absl::c_any_of(plans, [&](const std::string& plan) { return absl::c_linear_search(reader.tiers, plan); });
}

bool Admits(const Audience& audience, const Reader& reader) {
  if (reader.is_staff) return true;
  if (reader.is_uncertain) return false;
  switch (audience.kind) {
    case GatedBlocks::Audience::kNonMembers:
      return !reader.is_member;
    case GatedBlocks::Audience::kRegistered:
      return reader.is_member;
    case GatedBlocks::Audience::kMembers:
      return reader.is_member && !reader.tiers.empty();
    case GatedBlocks::Audience::kPlans:
      return HasOneOf(reader, audience.plans);
  }
  return false;
}

bool IsDenied(const AccessRules& rules, const Reader& reader) {
  if (rules.denied_countries.empty() || reader.is_staff) return false;
  return reader.country_code.empty() || absl::c_linear_search(rules.denied_countries, reader.country_code);
}

bool IsOpenToAll(const Access& access, absl::Time now) {
  return access.level == Level::kPublic || (access.free_until.has_value() && now < *access.free_until) ||
         (access.free_after.has_value() && now >= *access.free_after);
}

Decision DecideByLevel(const Access& access, const Reader& reader) {
  if (reader.is_staff) return Decision::kEntitled;
  switch (access.level) {
    case Level::kPublic:
      return Decision::kOpen;
    case Level::kRegistered:
      return reader.is_member ? Decision::kEntitled : Decision::kRegistrationRequired;
    case Level::kMembers:
      return reader.is_member && !reader.tiers.empty() ? Decision::kEntitled : Decision::kMembershipRequired;
    case Level::kPlans:
      return HasOneOf(reader, access.plans) ? Decision::kEntitled : Decision::kPlanRequired;
  }
  return Decision::kPlanRequired;
}

Decision Decide(const AccessRules& rules, const Reader& reader, absl::Time now) {
  if (IsDenied(rules, reader)) return Decision::kGeoRestricted;
  if (IsOpenToAll(rules.access, now)) return Decision::kOpen;
  const Decision decision = DecideByLevel(rules.access, reader);
  if (Granted(decision)) return decision;
  if (reader.gift_until.has_value() && now < *reader.gift_until) return Decision::kGift;
  if (reader.is_uncertain || reader.is_meter_unknown) return Decision::kEntitlementsUnavailable;
  if (reader.meter.has_value()) return reader.meter->opens ? Decision::kMetered : Decision::kMeterExhausted;
  return decision;
}

std::vector<Block> UpToParagraph(const std::vector<Block>& body, int32_t paragraphs) {
  auto end = body.begin();
  for (auto block = body.begin(); block != body.end() && paragraphs > 0; ++block) {
    if (!std::holds_alternative<Paragraph>(block->kind)) continue;
    --paragraphs;
    end = std::next(block);
  }
  return {body.begin(), end};
}

// What those get of the body who may not read all of it; gated blocks in it are still gated.
std::vector<Block> PreviewOf(const std::vector<Block>& body, const Access& access) {
  const auto marker = absl::c_find_if(body, IsMarker);
  const Preview preview = access.preview.value_or(marker != body.end() ? Preview::kMarker : Preview::kParagraphs);
  switch (preview) {
    case Preview::kParagraphs:
      return UpToParagraph(body, access.preview_paragraphs);
    case Preview::kMarker:
      if (marker == body.end()) return {};
      return {body.begin(), marker};
    case Preview::kDekOnly:
    case Preview::kNone:
      return {};
  }
  return {};
}

void CollectAudiences(const std::vector<Block>& blocks, std::vector<Audience>& audiences) {
  for (const Block& block : blocks) {
    const auto* gated = std::get_if<GatedBlocks>(&block.kind);
    if (gated == nullptr) continue;
    const Audience audience = {gated->audience, gated->plans};
    if (!absl::c_linear_search(audiences, audience)) audiences.push_back(audience);
    CollectAudiences(gated->blocks, audiences);
  }
}

// Takes the markers out of `blocks`, and puts the blocks within a gate that `opens` in its place.
template <typename Opens>
void Unwrap(const std::vector<Block>& blocks, const Opens& opens, std::vector<Block>& visible) {
  for (const Block& block : blocks) {
    if (IsMarker(block)) continue;
    if (const auto* gated = std::get_if<GatedBlocks>(&block.kind)) {
      if (opens(Audience{gated->audience, gated->plans})) Unwrap(gated->blocks, opens, visible);
    } else {
      visible.push_back(block);
    }
  }
}

}  // namespace

AccessRules Gate::RulesOf(const Content& content) {
  AccessRules rules = {content.access, content.denied_countries, {}};
  CollectAudiences(content.body, rules.audiences);
  return rules;
}

Admission Gate::Admit(const AccessRules& rules, const Reader& reader, absl::Time now) {
  Admission admission;
  admission.decision_ = Decide(rules, reader, now);
  admission.is_for_everybody_ =
      admission.decision_ == Decision::kOpen && rules.denied_countries.empty() && rules.audiences.empty();
  admission.is_provisional_ = (reader.is_uncertain && !admission.is_for_everybody_) ||
                              admission.decision_ == Decision::kEntitlementsUnavailable;
  for (const Audience& audience : rules.audiences) {
    admission.opens_.push_back(admission.decision_ != Decision::kGeoRestricted && Admits(audience, reader));
  }
  return admission;
}

std::optional<absl::Time> Gate::NextChange(const AccessRules& rules, absl::Time now) {
  std::optional<absl::Time> next;
  if (rules.access.level == Level::kPublic) return next;
  for (const std::optional<absl::Time>& time : {rules.access.free_until, rules.access.free_after}) {
    if (time.has_value() && *time > now && (!next.has_value() || *time < *next)) next = time;
  }
  return next;
}

GatedArticle Gate::Open(LiveArticle live, const Admission& admission) {
  const std::vector<Block> body = std::exchange(live.article.content.body, {});
  Content& open = live.article.content;
  const std::vector<Block> preview = PreviewOf(body, open.access);
  const bool granted = Granted(admission.decision());

  std::vector<Block> visible;
  if (admission.decision() != Decision::kGeoRestricted) {
    std::vector<Audience> audiences;
    CollectAudiences(body, audiences);
    const auto opens = [&](const Audience& audience) {
      const auto position = absl::c_find(audiences, audience) - audiences.begin();
      return admission.opens_.at(position);
    };
    Unwrap(granted ? body : preview, opens, visible);
  }

  std::vector<Block> everybodys;
  const bool is_whole = open.access.level == Level::kPublic;
  const auto opens_nothing = [](const Audience&) { return false; };
  if (open.denied_countries.empty()) Unwrap(is_whole ? body : preview, opens_nothing, everybodys);
  const bool hides_dek = !is_whole && open.access.preview == Preview::kNone;
  std::string excerpt = MakeExcerpt(hides_dek ? "" : open.dek, everybodys);
  if (hides_dek && !granted) open.dek.clear();
  return GatedArticle(std::move(live), std::move(visible), std::move(excerpt), admission);
}

GatedArticle Gate::Open(LiveArticle live, const Reader& reader, absl::Time now) {
  const Admission admission = Admit(RulesOf(live.article.content), reader, now);
  return Open(std::move(live), admission);
}

GatedArticle Gate::OpenForOthers(LiveArticle live) {
  AccessRules rules = RulesOf(live.article.content);
  // Free times come and go; a list or an e-mail stays.
  rules.access.free_until.reset();
  rules.access.free_after.reset();
  Admission admission = Admit(rules, Reader{}, absl::UnixEpoch());
  // An invitation is for those who are known to be no members.
  std::fill(admission.opens_.begin(), admission.opens_.end(), false);
  return Open(std::move(live), admission);
}

std::vector<Block> Gate::WholeForNotifications(const LiveArticle& live) {
  if (!live.article.content.denied_countries.empty()) return {};
  std::vector<Block> whole = live.article.content.body;
  std::erase_if(whole, IsMarker);
  return whole;
}

}  // namespace masthead::articles
