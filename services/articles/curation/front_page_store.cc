#include "services/articles/curation/front_page_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "services/articles/curation/curated_list_store.h"
#include "services/articles/curation/resolution.h"
#include "services/articles/curation/showing_store.h"
#include "services/articles/errors.h"
#include "services/articles/publishing/schedule_store.h"
#include "services/articles/reading/published_list_store.h"
#include "services/articles/reading/reading_store.h"

namespace masthead::articles {
namespace {

// Of a list that asks for breaking news, which ends without an event and at times that no index knows.
constexpr absl::Duration kBreakingLasts = absl::Seconds(1);

using Showings = std::map<std::string, Showing>;

void Add(std::vector<Showing> loaded, Showings& showings) {
  for (Showing& showing : loaded) {
    std::string id = showing.article_id;
    showings.emplace(std::move(id), std::move(showing));
  }
}

// Every slot's article that readers have.
Showings LoadOfSlots(db::Transaction& tx, const std::vector<CuratedList>& lists, std::optional<absl::Time> as_of) {
  std::set<std::string> ids;
  for (const CuratedList& list : lists) {
    for (const Slot& slot : list.slots) ids.insert(slot.article_id);
  }
  Showings showings;
  if (!ids.empty()) Add(LoadShowing(tx, {ids.begin(), ids.end()}, as_of), showings);
  return showings;
}

// What may stand where no pin does, in order; of an AUTOMATIC list it is added to `showings`.
absl::StatusOr<std::vector<std::string>> LoadCandidates(db::Transaction& tx, const CuratedList& list,
                                                        const std::set<std::string>& seen,
                                                        std::optional<absl::Time> as_of, Showings& showings) {
  std::vector<std::string> candidates;
  if (list.kind == CuratedList::Kind::kManual) {
    for (const Slot& slot : list.slots) {
      if (slot.position == 0 && showings.count(slot.article_id) > 0) candidates.push_back(slot.article_id);
    }
    return candidates;
  }
  ASSIGN_OR_RETURN(const filter::Filter filter, ParseListFilter(list));
  std::set<std::string> excluded = seen;
  for (const Slot& slot : list.slots) {
    if (slot.position <= list.max_items) excluded.insert(slot.article_id);
  }
  std::vector<Showing> latest =
      LoadLatestShowing(tx, filter, {excluded.begin(), excluded.end()}, list.max_items, as_of);
  for (const Showing& showing : latest) candidates.push_back(showing.article_id);
  Add(std::move(latest), showings);
  return candidates;
}

SkippedSlot::Reason WhySkipped(const Slot& slot, const Showings& showings, const std::set<std::string>& seen_before) {
  if (showings.count(slot.article_id) == 0) return SkippedSlot::Reason::kNotPublic;
  return seen_before.count(slot.article_id) > 0 ? SkippedSlot::Reason::kInEarlierList : SkippedSlot::Reason::kBeyondEnd;
}

absl::StatusOr<ListOnPage> ResolveOne(db::Transaction& tx, CuratedList list, std::optional<absl::Time> as_of,
                                      std::set<std::string>& seen, Showings& showings) {
  std::vector<Slot> pins;
  for (const Slot& slot : list.slots) {
    if (slot.position > 0 && showings.count(slot.article_id) > 0) pins.push_back(slot);
  }
  const std::set<std::string> seen_before = seen;
  ASSIGN_OR_RETURN(const std::vector<std::string> candidates, LoadCandidates(tx, list, seen, as_of, showings));
  ListOnPage resolved = {.placed = Resolve(pins, candidates, list.max_items, seen)};
  for (const Slot& slot : list.slots) {
    const bool placed =
        absl::c_any_of(resolved.placed, [&](const PlacedArticle& at) { return at.article_id == slot.article_id; });
    if (!placed) resolved.skipped.push_back({slot, WhySkipped(slot, showings, seen_before)});
  }
  resolved.list = std::move(list);
  return resolved;
}

// What is shown of the articles that were placed: the published revision, or the one that will be.
void LoadArticles(db::Transaction& tx, const Showings& showings, FrontPage& page) {
  std::vector<std::string> ids;
  for (const ListOnPage& list : page.lists) {
    for (const PlacedArticle& placed : list.placed) ids.push_back(placed.article_id);
  }
  for (LiveArticle& live : LoadLiveArticles(tx, ids, Bodies::kWhereDekIsEmpty)) {
    const std::string id = live.article.id;
    if (live.article.published_revision != showings.at(id).revision) continue;
    page.articles.emplace(id, Gate::OpenForOthers(std::move(live)));
  }
  for (const std::string& id : ids) {
    if (page.articles.count(id) > 0) continue;
    std::optional<LiveArticle> planned = LoadPreview(tx, id, showings.at(id).revision);
    if (!planned.has_value()) continue;
    planned->article.publish_time = showings.at(id).publish_time;
    page.articles.emplace(id, Gate::OpenForOthers(*std::move(planned)));
  }
}

std::optional<absl::Duration> Lasts(db::Transaction& tx, const FrontPage& page) {
  std::optional<absl::Duration> lasts = UntilNextDue(tx);
  const auto bound = [&](absl::Duration duration) { lasts = std::min(lasts.value_or(duration), duration); };
  for (const ListOnPage& on_page : page.lists) {
    const CuratedList& list = on_page.list;
    if (list.next_effective_time.has_value()) bound(*list.next_effective_time - page.time);
    if (absl::StrContains(list.filter, "breaking")) bound(kBreakingLasts);
  }
  return lasts;
}

}  // namespace

absl::StatusOr<filter::Filter> ParseListFilter(const CuratedList& list) {
  return filter::Filter::Parse(list.filter, PublishedFields());
}

absl::StatusOr<FrontPage> LoadFrontPage(db::Transaction& tx, const std::vector<std::string>& ids,
                                        std::optional<absl::Time> as_of) {
  FrontPage page = {.time = db::Now(tx)};
  if (as_of.has_value() && *as_of <= page.time) as_of.reset();
  std::vector<CuratedList> lists = LoadCuratedLists(tx, ids, as_of);
  for (size_t i = 0; i < ids.size(); ++i) {
    if (i == lists.size() || lists[i].id != ids[i]) return CuratedListNotFound(CuratedListName(ids[i]));
  }
  Showings showings = LoadOfSlots(tx, lists, as_of);
  std::set<std::string> seen;
  for (CuratedList& list : lists) {
    ASSIGN_OR_RETURN(page.lists.emplace_back(), ResolveOne(tx, std::move(list), as_of, seen, showings));
  }
  LoadArticles(tx, showings, page);
  page.lasts = Lasts(tx, page);
  page.time = as_of.value_or(page.time);
  return page;
}

}  // namespace masthead::articles
